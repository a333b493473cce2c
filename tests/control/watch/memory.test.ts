import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RoleTable } from '../../../control/contract/role-table.ts';
import { Interlocks } from '../../../control/watch/interlocks.ts';
import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import { ROLES, spec } from '../../support/interlock-bench.ts';

/** The interlocks' memory is JSON: a controller that starts from it judges as if it had never been away. */

const residual = {
  ...[...ROLES.measured.values()][0],
  role: 'residual.aValue_V',
  device: 'twin',
  first: 0,
  count: 1,
};
const WITH_TWIN: RoleTable = { ...ROLES, measured: new Map([...ROLES.measured, [residual.role, residual]]) };

const SPECS = [
  spec({ id: 'high', kind: 'threshold', role: 'a.value_V', trips: '>', limit: 2, rearm: 1, delay_s: 2 }),
  spec({ id: 'cells', kind: 'threshold', role: 'cell.voltage_V[]', trips: '<', limit: -2, reaction: 'warn' }),
  spec({ id: 'spread', kind: 'spread', role: 'cell.voltage_V[]', limit: 3, delay_s: 3, reaction: 'hold' }),
  spec({ id: 'rate', kind: 'rate', role: 'a.value_V', limit_per_min: 40, over_s: 4, reaction: 'warn' }),
  spec({ id: 'gap', kind: 'difference', role: 'b.pressure_barg', minus: 'a.value_V', trips: '>', limit: 3 }),
  spec({
    id: 'over',
    kind: 'curve',
    role: 'a.value_V',
    over: 'b.pressure_barg',
    trips: '>',
    limits: [
      [-4, 0],
      [0, 3],
      [4, 1],
    ],
    rearm_by: 0.5,
    delay_s: 1,
  }),
  spec({
    id: 'both',
    kind: 'expression',
    when: 'a.value_V > 1 and b.pressure_barg < 1 or max(cell.voltage_V) > 3 for 2 s',
    clear: 'a.value_V < 0',
    delay_s: 1,
  }),
  spec({ id: 'beside', kind: 'residual', role: 'a.value_V', limit: 0.8, over_s: 6, reaction: 'warn' }),
  spec({ id: 'still', kind: 'stuck', role: 'cell.voltage_V[]', band: 1, for_s: 3, reaction: 'warn' }),
  spec({ id: 'still-at-load', kind: 'stuck', role: 'b.pressure_barg', band: 1, for_s: 2, armed: 'load' }),
  spec({ id: 'after', kind: 'follows', role: 'a.value_V', set: 'a.valueSet_V', within: 1.5, delay_s: 1 }),
];

/** One thing that happens. */
type Happening =
  | { readonly kind: 'frame'; readonly frame: Omit<Frame, 't_s'> }
  | { readonly kind: 'set'; readonly to: number }
  | { readonly kind: 'tags'; readonly tags: readonly string[] }
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'silence'; readonly for_s: number };

const value = fc.integer({ min: -40, max: 40 }).map(n => n / 10);
const quality = fc.constantFrom(QUALITY.good, QUALITY.good, QUALITY.good, QUALITY.bad);
const frame = (device: string, channels: number): fc.Arbitrary<Happening> =>
  fc.tuple(fc.array(value, { minLength: channels, maxLength: channels }), quality).map(([values, of]) => ({
    kind: 'frame',
    frame: {
      device,
      values: Float64Array.from(values),
      quality: new Uint8Array(channels).fill(of),
      ...(of === QUALITY.bad ? { reason: 'no answer' } : {}),
    },
  }));
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: frame('one', 4) },
  { weight: 4, arbitrary: frame('two', 1) },
  { weight: 4, arbitrary: frame('twin', 1) },
  { weight: 1, arbitrary: value.map(to => ({ kind: 'set' as const, to })) },
  { weight: 1, arbitrary: fc.constantFrom([], ['load']).map(tags => ({ kind: 'tags' as const, tags })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'acknowledge' as const }) },
  { weight: 1, arbitrary: fc.constantFrom(1, 5).map(for_s => ({ kind: 'silence' as const, for_s })) },
);

/** Everything that the interlocks say; from JSON again before the happenings of `breaks`. */
function story(happenings: readonly Happening[], breaks: ReadonlySet<number>): string[] {
  const said: string[] = [];
  let applied = Number.NaN;
  const open = (from?: Json) =>
    new Interlocks(
      SPECS,
      WITH_TWIN,
      {
        raised: r => said.push(`${r.t_s} raised ${r.id} ${r.text}`),
        cleared: (id, text) => said.push(`cleared ${id} ${text}`),
        failed: error => {
          throw error;
        },
        applied: () => applied,
      },
      from,
    );
  let locks = open();
  locks.begin(0);
  let t_s = 0;
  happenings.forEach((what, i) => {
    if (breaks.has(i)) locks = open(JSON.parse(JSON.stringify(locks.state())) as Json);
    t_s += 0.4;
    if (what.kind === 'frame') locks.check({ ...what.frame, t_s });
    else if (what.kind === 'set') applied = what.to;
    else if (what.kind === 'tags') locks.context('Execute', what.tags);
    else if (what.kind === 'acknowledge') said.push(JSON.stringify(locks.acknowledge(undefined)));
    else t_s += what.for_s;
    locks.tick(t_s);
  });
  said.push(JSON.stringify([locks.alarms(), locks.blocking(), locks.state()]));
  return said;
}

describe('interlock memory', () => {
  it('property: stopped anywhere, through JSON, on in new interlocks: the same alarms, clearings and words', () => {
    const raised = new Set<string>();
    fc.assert(
      fc.property(
        fc.array(happening, { minLength: 1, maxLength: 80 }),
        fc.array(fc.nat(79), { minLength: 1, maxLength: 4 }),
        (happenings, breaks) => {
          const whole = story(happenings, new Set());
          expect(story(happenings, new Set(breaks))).toEqual(whole);
          for (const line of whole) {
            const id = / raised (\S+)/.exec(line)?.[1];
            if (id !== undefined) raised.add(id);
          }
        },
      ),
      { numRuns: 500 },
    );
    // Each kind has had its say.
    expect([...raised].sort()).toEqual(SPECS.map(s => s.id).sort());
  });

  it('is small where nothing has happened, and says what it is if it is not read', () => {
    const quiet = { raised: () => {}, cleared: () => {}, failed: () => {}, applied: () => Number.NaN };
    const locks = new Interlocks(SPECS.slice(0, 2), ROLES, quiet);
    expect(locks.state()).toEqual({ version: 1, state: 'Idle', tags: [], seen: { one: 0 }, locks: {} });
    expect(() => new Interlocks(SPECS.slice(0, 2), ROLES, quiet, { version: 2 })).toThrow(/version/);
  });
});

describe('listeners', () => {
  it('one that throws stops neither the other interlocks nor the checking, and is told', () => {
    const told: string[] = [];
    const raised: string[] = [];
    const limit = { kind: 'threshold', role: 'a.value_V', trips: '>' };
    const specs = [1, 2, 3].map(n => spec({ ...limit, id: `above-${n}`, limit: n, rearm: 0.5 }));
    const locks = new Interlocks(specs, ROLES, {
      raised: r => {
        raised.push(r.id);
        if (r.id !== 'above-3') throw new Error(`listener of ${r.id}`);
      },
      cleared: id => {
        throw new Error(`cleared ${id}`);
      },
      failed: error => told.push((error as Error).message),
      applied: () => Number.NaN,
    });
    const feed = (t_s: number, v: number): void =>
      locks.check({ device: 'one', t_s, values: Float64Array.of(v, 1, 1, 1), quality: new Uint8Array(4) });
    feed(1, 5);
    expect(raised).toEqual(['above-1', 'above-2', 'above-3']);
    expect(told).toEqual(['listener of above-1', 'listener of above-2']);
    feed(2, 0);
    expect(told.slice(2)).toEqual(['cleared above-1', 'cleared above-2', 'cleared above-3']);
    locks.tick(10);
    expect(raised).toHaveLength(6);
    expect(told).toHaveLength(7);
  });

  it('a hold, stop or trip that came while nothing reacted blocks until it is acknowledged; a warning does not', () => {
    const limit = { kind: 'threshold', role: 'a.value_V', trips: '>', limit: 2 };
    const specs = ['hold', 'stop', 'trip', 'warn'].map(reaction =>
      spec({ ...limit, id: reaction, reaction }),
    );
    const quiet = { raised: () => {}, cleared: () => {}, failed: () => {}, applied: () => Number.NaN };
    const locks = new Interlocks(specs, ROLES, quiet);
    const feed = (t_s: number, v: number): void =>
      locks.check({ device: 'one', t_s, values: Float64Array.of(v, 1, 1, 1), quality: new Uint8Array(4) });
    locks.context('Starting', []);
    feed(1, 5);
    feed(2, 1);
    expect(locks.activeIds()).toEqual([]);
    expect(locks.blocking()).toEqual(['hold', 'stop', 'trip']);
    locks.acknowledge('stop');
    expect(locks.blocking()).toEqual(['hold', 'trip']);
    locks.acknowledge(undefined);
    expect(locks.blocking()).toEqual([]);
  });
});
