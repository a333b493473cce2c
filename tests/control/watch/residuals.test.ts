import { describe, expect, it } from 'vitest';
import { benchSchema, interlockSchema } from '../../../control/bench/bench.ts';
import {
  type BesideDevice,
  isBeside,
  openBesideDevice,
  type Predictor,
  withBeside,
} from '../../../control/watch/residuals.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { MINI_BENCH, miniRun } from '../../support/mini-bench.ts';

/** The twin beside a small bench: what it is fed with, what it shows, and that it cannot harm the run. */

const ROLES = ['stack.voltage_V', 'cathode.pressure_barg'];
const WATCHED = withBeside({
  path: 'mini.yaml',
  baseDir: '.',
  bench: benchSchema.parse({
    ...structuredClone(MINI_BENCH),
    twin: { plant: 'pem', beside: { roles: ROLES, every_s: 1 } },
    interlocks: [
      ...MINI_BENCH.interlocks,
      interlockSchema.parse({
        id: 'voltage-beside',
        kind: 'residual',
        role: 'stack.voltage_V',
        limit: 1,
        over_s: 4,
        delay_s: 2,
        reaction: 'warn',
        basis: 'default',
      }),
    ],
  }),
  descriptions: new Map(),
  accepted: [],
  lineOf: () => 1,
});

interface Told extends Predictor {
  begun_s: number;
  start_V: number;
  readonly applied: [string, number, number][];
}

function predictor(predict: (place: number, t_s: number) => number): Told {
  return {
    begun_s: Number.NaN,
    start_V: Number.NaN,
    applied: [],
    begin(t_s, measured) {
      this.begun_s = t_s;
      this.start_V = measured('stack.voltage_V');
    },
    apply(role, value, t_s) {
      this.applied.push([role, value, t_s]);
    },
    predict,
  };
}

const SETS = [
  '- set: { stack.output_on: on }',
  '- { wait: {}, for_s: 30 }',
  '- set: { stack.current_A: 40 }',
  '- { wait: {}, for_s: 30 }',
];

async function watched(told: Told, during: (mini: Awaited<ReturnType<typeof miniRun>>) => void = () => {}) {
  let beside: BesideDevice | undefined;
  const mini = await miniRun(SETS, {
    bench: WATCHED.bench,
    also: clock => {
      beside = openBesideDevice(ROLES, told, clock);
      return beside;
    },
  });
  expect(beside !== undefined && isBeside(beside)).toBe(true);
  beside?.attach(await mini.open());
  during(mini);
  const outcome = await mini.clock.runUntil(mini.execute());
  const events = await mini.events();
  return { mini, outcome, events, last: await (beside as BesideDevice).read() };
}

const alarms = (events: readonly { kind: string; text: string }[]) =>
  events.filter(e => e.kind === 'alarm' && e.text.startsWith('voltage-beside'));

describe('twin beside the bench', () => {
  it('begins with what is measured, is told what was applied, when it was applied', async () => {
    const told = predictor(() => 4);
    const { outcome, mini } = await watched(told);
    expect(outcome.state).toBe('Complete');
    expect(told.begun_s).toBeLessThanOrEqual(2);
    expect(told.start_V).toBe(4);
    const current = told.applied.filter(([role]) => role === 'stack.currentSet_A');
    // 20 A/s: two steps of the gate, each as it was applied; then the safe end.
    expect(current.map(([, value]) => value)).toEqual(
      mini
        .setpoints('stack.currentSet_A')
        .filter(s => s.outcome === 'applied')
        .map(s => s.applied),
    );
    expect(current.map(([, value]) => value).slice(0, 2)).toEqual([20, 40]);
    expect(current.map(([, , t_s]) => t_s)).toEqual(
      mini
        .setpoints('stack.currentSet_A')
        .filter(s => s.outcome === 'applied')
        .map(s => s.t_s),
    );
  });

  it('shows predicted, then measured minus predicted, for the time of the measurement', async () => {
    const asked: number[] = [];
    const told = predictor((place, t_s) => {
      asked.push(t_s);
      return place === 0 ? 3.4 : 0.5;
    });
    const { last, events } = await watched(told);
    expect([...last.values]).toEqual([3.4, 0.5, expect.closeTo(0.6, 12), -0.5]);
    expect([...last.quality]).toEqual([1, 1, 1, 1]);
    expect(alarms(events)).toEqual([]);
    // Times never go back, whatever device speaks.
    expect(asked).toEqual([...asked].sort((a, b) => a - b));
  });

  it('warns when the mean residual leaves its limit', async () => {
    const { events, outcome } = await watched(predictor((_, t_s) => (t_s > 20 ? 2 : 4)));
    expect(outcome.state).toBe('Complete');
    expect(alarms(events)[0].text).toMatch(
      /stack\.voltage_V is .* V from the twin's \(mean of 4 s\), limit 1/,
    );
  });

  it('a bad measurement makes the residual bad, never 0, and the interlock acts', async () => {
    const told = predictor(() => 4);
    const { last, events, outcome } = await watched(told, mini => {
      mini.clock.schedule(20, () => {
        mini.supply.quality[0] = QUALITY.bad;
      });
    });
    expect(last.values[0]).toBe(4);
    expect(last.values[2]).toBeNaN();
    expect(last.quality[2]).toBe(QUALITY.bad);
    expect(last.reason).toMatch(/stack\.voltage_V is not usable/);
    expect(alarms(events)[0].text).toMatch(/residual\.stackVoltage_V is bad/);
    expect(outcome.state).toBe('Complete');
  });

  it.each([
    [
      'an exception while it predicts',
      () =>
        predictor((_, t_s) => {
          if (t_s > 20) throw new Error('no root');
          return 4;
        }),
    ],
    [
      'an exception while it is told',
      () =>
        Object.assign(
          predictor(() => 4),
          {
            apply: (role: string) => {
              if (role === 'stack.currentSet_A') throw new Error('no root');
            },
          },
        ),
    ],
    [
      'an exception at its begin',
      () =>
        Object.assign(
          predictor(() => 4),
          {
            begin: () => {
              throw new Error('no root');
            },
          },
        ),
    ],
  ])('%s makes its values bad with the reason, and the run goes on', async (_, make) => {
    const { last, events, outcome, mini } = await watched(make());
    expect(outcome.state).toBe('Complete');
    expect([...last.quality]).toEqual([4, 4, 4, 4]);
    expect(last.reason).toBe('the twin failed: no root');
    expect(alarms(events)[0].text).toMatch(/the twin failed: no root/);
    // Sampling never stopped: the supply was polled to the end.
    const supply = mini.session.sampling.counts.get('supply');
    expect(supply?.frames).toBeGreaterThan(60);
    expect(supply?.badFrames).toBe(0);
  });

  it('a value that is no number is bad, not passed on', async () => {
    const { last } = await watched(predictor(() => Number.NaN));
    expect([...last.quality]).toEqual([4, 4, 4, 4]);
    expect(last.reason).toMatch(/the twin has no value for/);
  });
});
