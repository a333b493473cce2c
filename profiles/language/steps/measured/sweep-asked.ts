import type { SweepRequest } from '../../../../drivers/contract/measure/sweep.ts';
import { numberUnit, stemOf } from '../../file/keys.ts';
import { conversion, converted, unitNamed } from '../../units/unit.ts';

/** A sweep where the file says no more: height of a step, V, and cycles. */
const STEP_V = 0.001;
const CYCLES = 1;

/** What a step `voltammetry` asks as far as its file tells, in V, A and s; NaN of what is worked out only in the run. */
export interface SweepAsked {
  readonly request: SweepRequest;
  /** Time at the first potential before the sweep, s. */
  readonly quiet_s: number;
}

/** Reads the block of a step `voltammetry`; `numberAt`: a key's number in the unit of its name, NaN where it is not known. */
export function sweepAsked(
  own: Readonly<Record<string, unknown>>,
  numberAt: (key: string) => number = key =>
    typeof own[key] === 'number' ? (own[key] as number) : Number.NaN,
): SweepAsked {
  const find = (stem: string): string | undefined => Object.keys(own).find(key => stemOf(key) === stem);
  const inUnit = (stem: string, word: string): number => {
    const key = find(stem);
    const [unit, to] = [key === undefined ? undefined : numberUnit(key), unitNamed(word)];
    if (key === undefined || unit === undefined || to === undefined) return Number.NaN;
    return converted(numberAt(key), conversion(unit, to));
  };
  const common = {
    from_V: inUnit('begin', 'V'),
    step_V: find('step') === undefined ? STEP_V : inUnit('step', 'V'),
    rate_V_per_s: inUnit('rate', 'V_per_s'),
    ...(find('currentMax') === undefined ? {} : { currentMax_A: inUnit('currentMax', 'A') }),
  };
  const quiet_s = find('quiet') === undefined ? 0 : inUnit('quiet', 's');
  if (find('end') !== undefined)
    return { request: { kind: 'lsv', ...common, to_V: inUnit('end', 'V') }, quiet_s };
  const second_V = find('vertex2') === undefined ? common.from_V : inUnit('vertex2', 'V');
  const vertices_V = [inUnit('vertex1', 'V'), second_V] as const;
  const scans = 'cycles' in own ? numberAt('cycles') : CYCLES;
  return { request: { kind: 'cv', ...common, vertices_V, scans }, quiet_s };
}
