import type { ImpedanceDc, ImpedanceRequest } from '../../../../drivers/contract/measure/impedance.ts';
import { numberUnit, stemOf } from '../../file/keys.ts';
import { conversion, converted, unitNamed } from '../../units/unit.ts';

/** Impedance where the file says no more: points a decade, periods at each frequency. */
export const POINTS_PER_DECADE = 10;
export const CYCLES = 1;

/** What a step `eis` asks as far as its file tells, in V, A and Hz; NaN of what is worked out only in the run. */
export interface SpectrumAsked extends Omit<ImpedanceRequest, 'dc'> {
  readonly dc: ImpedanceDc;
  /** The amplitude is a part of the direct current. */
  readonly isOfCurrent: boolean;
}

/** Reads the block of a step `eis`; `numberAt`: a key's number in the unit of its name, NaN where it is not known. */
export function spectrumAsked(
  own: Readonly<Record<string, unknown>>,
  numberAt: (key: string) => number = key =>
    typeof own[key] === 'number' ? (own[key] as number) : Number.NaN,
): SpectrumAsked {
  const keyOf = (stem: string): string => Object.keys(own).find(key => stemOf(key) === stem) ?? '';
  const amplitudeKey = keyOf('amplitude');
  const isVoltage = amplitudeKey.endsWith('V');
  const inUnit = (key: string, word: string): number => {
    const [unit, to] = [key === '' ? undefined : numberUnit(key), unitNamed(word)];
    if (unit === undefined || to === undefined) return Number.NaN;
    return converted(numberAt(key), conversion(unit, to));
  };
  const isOfCurrent = amplitudeKey.endsWith('_pct');
  const dc = own['dc'] ?? 'keep';
  return {
    control: isVoltage ? 'voltage' : 'current',
    amplitude: isOfCurrent ? Number.NaN : inUnit(amplitudeKey, isVoltage ? 'V' : 'A'),
    isOfCurrent,
    from_Hz: inUnit(keyOf('from'), 'Hz'),
    to_Hz: inUnit(keyOf('to'), 'Hz'),
    pointsPerDecade: 'points_per_decade' in own ? numberAt('points_per_decade') : POINTS_PER_DECADE,
    cycles: 'cycles' in own ? numberAt('cycles') : CYCLES,
    dc: dc === 'keep' || dc === 'open' ? dc : 'bias',
  };
}
