import type { Accuracy } from '../../drivers/contract/device.ts';
import type { RecordedPhase, RecordedPoint, RecordedSeries, StackRun } from '../../profiles/recorded-run.ts';

/** Records made by hand for the evaluation's tests: each role is a function of time. */
export interface HandMade {
  readonly to_s: number;
  readonly dt_s?: number;
  readonly roles: Readonly<Record<string, (t_s: number) => number>>;
  readonly asked?: Readonly<Record<string, readonly (readonly [t_s: number, value: number])[]>>;
  readonly phases?: readonly RecordedPhase[];
  readonly points?: readonly RecordedPoint[];
  readonly accuracy?: Readonly<Record<string, Accuracy>>;
  readonly timeFactor?: number;
}

export const stack = {
  kind: 'stack',
  name: 'test stack',
  type: 'pem',
  cells: 135,
  activeArea_cm2: 1000,
  currentNominal_A: 2000,
  powerNominal_kW: 500,
  pressureMax_barg: 30,
} as const;

const NONE: RecordedSeries = { t_s: new Float64Array(0), value: new Float64Array(0) };

export function recordOf(hand: HandMade): StackRun {
  const dt_s = hand.dt_s ?? 1;
  const n = Math.floor(hand.to_s / dt_s) + 1;
  const t_s = Float64Array.from({ length: n }, (_, i) => i * dt_s);
  const made = new Map(Object.entries(hand.roles).map(([role, of]) => [role, { t_s, value: t_s.map(of) }]));
  return {
    subject: stack,
    stack,
    phases: hand.phases ?? [{ name: 'all', method: 'steps', start_s: 0, end_s: hand.to_s, ended_by: 'time' }],
    points: hand.points ?? [],
    series: role => made.get(role) ?? NONE,
    accuracy: role => hand.accuracy?.[role] ?? { reading_pct: 0, abs: 0, basis: 'default' },
    asked: role => {
      const rows = hand.asked?.[role] ?? [];
      return { t_s: Float64Array.from(rows, r => r[0]), value: Float64Array.from(rows, r => r[1]) };
    },
    events: [],
    timeFactor: hand.timeFactor ?? 1,
  };
}
