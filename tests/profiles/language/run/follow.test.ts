import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SetTarget } from '../../../../profiles/language/bench/on-bench.ts';
import { type Action, type ActionParts, turned } from '../../../../profiles/language/run/actions/action.ts';
import { follow } from '../../../../profiles/language/run/actions/follow.ts';
import type { LanguageEnv } from '../../../../profiles/language/run/env.ts';
import type { Output } from '../../../../profiles/language/run/output.ts';
import type { Json } from '../../../../profiles/steps/step.ts';

/** `follow`, look by look: a stack of 500 kW whose power is set, no time passes by itself. */

const SET = 'stack.powerSet_W';
const CURRENT = 'stack.currentSet_A';
const OUTPUT: Output = {
  subject: 'stack',
  roles: {
    output: 'stack.outputSet_on',
    current: 'stack.currentSet_A',
    voltage: 'stack.voltageSet_V',
    power: SET,
  },
  range: role => ({ min: 0, max: role === SET ? 600_000 : 2400 }),
};

/** Applies whatever is asked for at once. */
class FakeStack {
  readonly sets = new Map<string, number>();
  readonly notes: string[] = [];
  readonly asked: (readonly [role: string, kW: number])[] = [];
  readonly output = OUTPUT;

  constructor(standing_kW: number) {
    this.sets.set(SET, standing_kW * 1000);
    this.sets.set('stack.outputSet_on', 1);
  }
  applied(role: string): number {
    return this.sets.get(role) ?? Number.NaN;
  }
  answer(role: string): { outcome: string; asked: number; reason: string } {
    const asked = this.applied(role);
    return { outcome: Number.isNaN(asked) ? 'none' : 'applied', asked, reason: '' };
  }
  ask(role: string, value: number): void {
    this.sets.set(role, value);
  }
  voltage_V = Number.NaN;
  value(role: string): number {
    if (role === 'stack.current_A') return this.applied(CURRENT);
    return role === 'stack.voltage_V' ? this.voltage_V : Number.NaN;
  }
  limits(): undefined {
    return undefined;
  }
  note(_t_s: number, note: { readonly kind: string }, text: string): void {
    this.notes.push(`${note.kind}: ${text}`);
  }
  noteAsked(_t_s: number, role: string, kW: number): void {
    this.asked.push([role, kW]);
  }
  dataEnd_s(): number {
    return Number.POSITIVE_INFINITY;
  }
}

const TO_W = { num: 5000, den: 1, plus: 0 };
const BOUNDS = { min_pct: 10, restart_pct: 15, max_pct: 80 };

interface Given {
  readonly own?: Readonly<Record<string, number>>;
  readonly standing_kW?: number;
  readonly saved?: Json;
  /** The supply sets a current only: it stands at so much, and the stack shows these voltages. */
  readonly byCurrent?: { readonly standing_A: number; readonly voltages_V: readonly number[] };
  /** The second at which its time is over. */
  readonly last?: number;
}

interface Followed {
  readonly stack: FakeStack;
  readonly action: Action;
  /** kW that are set after each look, and what it is in: Load, with its tag, or not. */
  readonly set_kW: number[];
  readonly loads: string;
  readonly end: string | undefined;
}

/** Follows offered powers, per cent of 500 kW, one a second; the first look is at the moment it begins. */
function followed(
  offered_pct: readonly number[],
  { own = {}, standing_kW = 250, saved, last, byCurrent }: Given = {},
): Followed {
  const stack = new FakeStack(standing_kW);
  let offered = Number.NaN;
  const asides = { standby: { 'n2.anodeValve_on': true }, restart: { 'n2.anodeValve_on': false } };
  const keys = { power_pct: 'wind', ...BOUNDS, ...own };
  if (byCurrent !== undefined) stack.sets.set(CURRENT, byCurrent.standing_A);
  const role = (name: string): SetTarget =>
    byCurrent === undefined
      ? { role: name, to: TO_W }
      : { role: CURRENT, to: TO_W, byCurrent: { nominal_A: 2000, nominal_V: 250 } };
  const valve = { role: 'n2.anodeValveSet_on', to: { num: 1, den: 1, plus: 0 } };
  const sets: ActionParts['instruction']['sets'] = {
    ...Object.fromEntries(Object.keys(keys).map(key => [key, role(SET)])),
    'standby.n2.anodeValve_on': valve,
    'restart.n2.anodeValve_on': valve,
  };
  const parts = {
    instruction: { own: { ...keys, ...asides }, sets },
    label: 'follow',
    env: stack as unknown as LanguageEnv,
    value: (key: string) => {
      if (key.startsWith('standby.')) return 1;
      return key.startsWith('restart.') ? 0 : Number((keys as Record<string, unknown>)[key]);
    },
    now: () => offered,
    keyOf: (stem: string) => Object.keys(keys).find(key => key.startsWith(`${stem}_`)),
    onRole: (key: string, value: number) => [sets[key].role, turned(sets[key], value)],
    speed: 1,
    saved,
  } as unknown as ActionParts;
  const action = follow(parts);
  const set_kW: number[] = [];
  let loads = '';
  let end: string | undefined;
  // While a gate is shut nothing is followed: the output comes into its mode meanwhile.
  for (let look = 0; look < 5; look++)
    action.tick({ t_s: 499, elapsed_s: 0, dt_s: 0, isGated: true, isLast: false });
  for (const [second, now] of offered_pct.entries()) {
    offered = now;
    stack.voltage_V = byCurrent?.voltages_V[second] ?? Number.NaN;
    const look = { t_s: 500 + second, elapsed_s: second, dt_s: 1, isGated: false, isLast: second === last };
    end = action.tick(look)?.kind ?? end;
    const set = byCurrent === undefined ? SET : CURRENT;
    set_kW.push(Math.round(stack.applied(set) * 1e3) / 1e6);
    loads += action.isLoad === true ? 'L' : 'S';
  }
  return { stack, action, set_kW, loads, end };
}

describe('follow: power set, kW, of power offered, per cent of 500 kW', () => {
  it.each<[what: string, standing_kW: number, offered: number[], set_kW: number[], loads: string]>([
    ['in range: what is offered', 250, [50, 30], [250, 150], 'LL'],
    ['at the minimum: still load', 250, [10], [50], 'L'],
    ['below the minimum: standby', 250, [50, 9.9], [250, 0], 'LS'],
    ['between minimum and restart: stays in standby', 250, [5, 12, 15], [0, 0, 0], 'SSS'],
    ['above restart: load again', 250, [5, 15.1, 12], [0, 75.5, 60], 'SLL'],
    ['begins in standby: restart first', 0, [12, 20], [0, 100], 'SL'],
    ['above the maximum: the maximum', 250, [80, 81, 100], [400, 400, 400], 'LLL'],
    ['nothing offered', 0, [0, 0], [0, 0], 'SS'],
    ['an offer that is not known is no reason to load', 0, [Number.NaN, 50], [0, 250], 'SL'],
    ['nor to go on with it', 250, [50, Number.NaN, 50], [250, 0, 250], 'LSL'],
  ])('%s', (_, standing_kW, offered, set_kW, loads) => {
    const found = followed(offered, { standing_kW });
    expect(found.set_kW).toEqual(set_kW);
    expect(found.loads).toBe(loads);
  });

  it('says each change once, with what was offered, and sets what goes with it', () => {
    const { stack } = followed([50, 5, 5, 12, 30, 30]);
    expect(stack.notes).toEqual([
      'standby: hot standby at 25.0 kW offered',
      'restart: restart at 150.0 kW offered',
    ]);
    expect(stack.applied('n2.anodeValveSet_on')).toBe(0);
    expect(followed([50, 5]).stack.applied('n2.anodeValveSet_on')).toBe(1);
  });

  it('begins in standby with what standby sets, and loads at once where enough is offered', () => {
    const waits = followed([5], { standing_kW: 0 });
    expect(waits.stack.applied('n2.anodeValveSet_on')).toBe(1);
    expect(waits.stack.notes).toEqual(['standby: hot standby at 25.0 kW offered']);
    expect(followed([50], { standing_kW: 0 }).stack.notes).toEqual(['restart: restart at 250.0 kW offered']);
  });

  it('records what was offered and what is asked after all bounds', () => {
    const { stack } = followed([100, 5]);
    expect(stack.asked).toEqual([
      ['load.available_kW', 500],
      ['stack.powerAsked_kW', 400],
      ['load.available_kW', 25],
      ['stack.powerAsked_kW', 0],
    ]);
  });

  it.each([
    ['up', 0, [80, 80, 80], [50, 100, 150]],
    ['down', 50, [10, 10, 10, 10, 80, 10, 10], [50, 50, 50, 50, 100, 50, 50]],
    ['into standby', 0, [20, 20, 0, 0], [50, 100, 50, 0]],
    ['from where the load stands', 400, [20, 20], [350, 300]],
  ])('bound of the change, %s: 10 %% of rated per second', (_, standing_kW, offered, set_kW) => {
    expect(followed(offered, { standing_kW, own: { per_s: 10 } }).set_kW).toEqual(set_kW);
  });

  it('has no tag of load while it goes down into standby, nor below the least load on its way up', () => {
    const { loads, set_kW } = followed([50, 5, 5, 5, 20, 20, 20], { own: { per_s: 4 } });
    expect(set_kW).toEqual([250, 230, 210, 190, 170, 150, 130]);
    expect(loads).toBe('LSSSLLL');
    expect(followed([30, 30, 30], { standing_kW: 0, own: { per_s: 4 } }).loads).toBe('SSL');
  });

  it('asks for nothing more once its time is over', () => {
    const { set_kW, stack } = followed([50, 30, 20], { last: 2 });
    expect(set_kW).toEqual([250, 150, 150]);
    expect(stack.asked).toHaveLength(4);
  });

  it('without a least load an offer that is not known ends the step', () => {
    const own = { min_pct: Number.NaN, restart_pct: Number.NaN };
    expect(followed([50, Number.NaN], { own }).end).toBe('failed');
  });

  it('its first look asks for the very power that stands, and the next is a ramp step away at most', () => {
    const powers = fc.double({ min: 1, max: 500, noNaN: true });
    const offers = fc.double({ min: 0, max: 120, noNaN: true });
    fc.assert(
      fc.property(powers, offers, (standing_kW, offer) => {
        const { action, stack } = followed([], { standing_kW, own: { per_s: 5 } });
        expect(action.isSet).toBe(true);
        const [next] = followed([offer], { standing_kW, own: { per_s: 5 } }).set_kW;
        expect(stack.applied(SET)).toBe(standing_kW * 1000);
        expect(Math.abs(next - standing_kW)).toBeLessThanOrEqual(25 + 1e-6);
      }),
    );
  });

  it('goes on from a saved state as if nothing had been', () => {
    const offered = [50, 30, 5, 20, 80, 40];
    const own = { per_s: 10 };
    const whole = followed(offered, { own });
    const first = followed(offered.slice(0, 3), { own });
    const saved = JSON.parse(JSON.stringify(first.action.state())) as Json;
    const rest = followed(offered.slice(3), { own, saved, standing_kW: first.set_kW[2] });
    expect([...first.set_kW, ...rest.set_kW]).toEqual(whole.set_kW);
    expect([...first.stack.notes, ...rest.stack.notes]).toEqual(whole.stack.notes);
  });
});

describe('follow: a power on a supply that sets a current only', () => {
  const own = { max_pct: 100 };

  it.each([
    ['measured', 200, 50, 1250],
    ['no reading', Number.NaN, 50, 1000 / 0.85],
    ['0 V', 0, 50, 1000 / 0.85],
    ['far below a loaded stack', 149, 50, 1000 / 0.85],
    ['just that of a loaded stack', 151, 50, 250_000 / 151],
    ['so low that the current is held at nominal', 151, 80, 2000],
  ])('the current from the voltage: %s', (_, voltage_V, offered, current_A) => {
    const byCurrent = { standing_A: 1000, voltages_V: [voltage_V] };
    const [set_kA] = followed([offered], { own, byCurrent }).set_kW;
    expect(1000 * set_kA).toBeCloseTo(current_A, 3);
  });

  it('never asks for a current that is no number, whatever the voltage does', () => {
    const voltages_V = [Number.NaN, 0, -5, Number.POSITIVE_INFINITY, 1e-9, 260];
    const found = followed(Array(6).fill(50), { own, byCurrent: { standing_A: 1000, voltages_V } });
    for (const set_kA of found.set_kW) {
      expect(set_kA).toBeGreaterThanOrEqual(0);
      expect(set_kA).toBeLessThanOrEqual(2);
    }
  });

  it('begins above its most: comes down to it at the bound of its change', () => {
    const byCurrent = { standing_A: 2500, voltages_V: Array(5).fill(160) };
    const found = followed([100, 100, 100, 100, 100], { own: { ...own, per_s: 10 }, byCurrent });
    expect(found.set_kW.map(kA => Math.round(1000 * kA))).toEqual([2300, 2100, 2000, 2000, 2000]);
  });

  it('nothing drawn: begins in standby', () => {
    expect(followed([12, 20], { byCurrent: { standing_A: 0, voltages_V: [200, 250] } }).set_kW).toEqual([
      0, 0.4,
    ]);
  });
});
