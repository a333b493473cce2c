import type { InterlockSpec } from '../../control/bench/bench.ts';
import type { LoadedBench } from '../../control/bench/bench-file.ts';
import { compileRoles } from '../../control/tick/roles.ts';

/** What is measured: the example benches with a method each that repeats one round of load. */

export interface MeasuredPlant {
  readonly bench: string;
  readonly method: string;
  /** At least so long is one round of the method's `repeat`, h. */
  readonly round_h: number;
  /** Not slower than this for 1000 h, s. */
  readonly target_s: number;
  /** Other simulators for comparison, s of one core for 1000 h. */
  readonly reference: string;
}

const EXAMPLES = new URL('../../examples/', import.meta.url).pathname;

export const MEASURED_PLANTS: Readonly<Record<string, MeasuredPlant>> = {
  pem: {
    bench: `${EXAMPLES}durability-pem/bench.yaml`,
    method: `${EXAMPLES}durability-pem/durability.yaml`,
    round_h: 1,
    target_s: 60,
    reference: 'NREL electrolyzer model 132 s',
  },
  alkaline: {
    bench: `${EXAMPLES}alkaline-15kw/bench.yaml`,
    method: `${EXAMPLES}alkaline-15kw/durability.yaml`,
    round_h: 1,
    target_s: 60,
    reference: 'NREL electrolyzer model (PEM) 132 s',
  },
  spme: {
    bench: `${EXAMPLES}cell-cycling/bench.yaml`,
    method: `${EXAMPLES}cell-cycling/cycling.yaml`,
    round_h: 3.6,
    target_s: 120,
    reference: 'PyBaMM SPMe about 835 s',
  },
};

/** The method file's text with as many rounds as fill `hours`. The file must have one `times:`. */
export function withRounds(text: string, plant: MeasuredPlant, hours: number): string {
  const rounds = Math.max(1, Math.ceil(hours / plant.round_h));
  if (text.match(/times: \d+/g)?.length !== 1)
    throw new Error(`${plant.method}: expected one repeat with times`);
  return text.replace(/times: \d+/, `times: ${rounds}`);
}

/** Limits that healthy values stay within by far. */
const NEVER = 1e7;

/**
 * The bench with so many interlocks: its own, and for the rest thresholds above and below on all of its roles in turn,
 * half of them with a delay and a re-arm value.
 */
export function withInterlocks(loaded: LoadedBench, count: number): LoadedBench {
  const { bench, descriptions } = loaded;
  const roles = [...compileRoles(bench, descriptions).measured.keys()];
  const more = Array.from({ length: Math.max(0, count - bench.interlocks.length) }, (_, i): InterlockSpec => {
    const isHigh = i % 2 === 0;
    const common = { id: `measure-${i}`, armed: 'always', basis: 'default', reaction: 'trip' } as const;
    const limit = isHigh ? NEVER : -NEVER;
    const trips = isHigh ? '>' : '<';
    const role = roles[(i >> 1) % roles.length];
    const rest = i % 4 < 2 ? { delay_s: 0 } : { delay_s: 2, rearm: 0.9 * limit };
    return { kind: 'threshold', ...common, role, trips, limit, ...rest };
  });
  return { ...loaded, bench: { ...bench, interlocks: [...bench.interlocks, ...more] } };
}
