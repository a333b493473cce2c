import { FitError } from '../../../profiles/least-squares/fit-error.ts';
import type { ImpedanceData } from '../../../profiles/spectrum/lin-kk.ts';
import type { PlantSubject } from '../../plant/parts/model.ts';

/** Whose impedance a spectrum is, and in which unit: a stack's, one cell's, per area; found by what the plant shows. */

/** As a person says it. */
export interface UnitChoices {
  readonly unit?: ImpedanceUnit | undefined;
  readonly of?: 'stack' | 'cell' | undefined;
}

/** Unit of the numbers of a spectrum. */
export type ImpedanceUnit = 'Ohm' | 'mOhm' | 'Ohm_cm2' | 'mOhm_cm2';

interface Reading {
  readonly unit: ImpedanceUnit;
  readonly of: 'stack' | 'cell';
  /** Number in the file times this is Ohm of the whole device. */
  readonly factor: number;
}

/** Off by more than this, the plant may not be the one measured or the unit may be another. */
const OFF = 1.8;
const WORD: Readonly<Record<ImpedanceUnit, string>> = {
  Ohm: 'Ohm',
  mOhm: 'mOhm',
  Ohm_cm2: 'Ohm cm2',
  mOhm_cm2: 'mOhm cm2',
};
/** Another reading must lie nearer by this part of the distance (of the logarithms) to be worth a question. */
const NEARER = 0.75;
/** A reading must come as close as this to be proposed. */
const CLOSE = 3;
/** Beyond, something is wrong even if no other reading is better. */
const FAR = 5;

/**
 * What makes Ohm of the whole device out of the numbers, and what to say of it. `declared`: as the header says it;
 * `shown`: what the plant shows at these frequencies at its start values, Ohm.
 * @throws FitError where another reading is much nearer to the plant than the one that the file claims
 */
export function toDeviceOhm(
  data: ImpedanceData & { readonly path: string },
  shown: { readonly re_Ohm: Float64Array; readonly im_Ohm: Float64Array },
  declared: 'Ohm' | 'Ohm_cm2' | undefined,
  subject: PlantSubject,
  choices: UnitChoices,
): { readonly factor: number; readonly notes: readonly string[]; readonly warnings: readonly string[] } {
  const { cells, activeArea_cm2 } = subject;
  const claimed = choices.unit ?? declared;
  if (claimed?.endsWith('_cm2') === true && !(activeArea_cm2 > 0))
    throw new FitError(
      `${data.path}: Z is in ${WORD[claimed]}, expected the active area with it (--area CM2)`,
    );
  const readings = readingsOf(cells, activeArea_cm2).filter(r => {
    const isUnit =
      choices.unit !== undefined ? r.unit === choices.unit : declared !== 'Ohm_cm2' || r.unit === declared;
    return isUnit && (choices.of === undefined || r.of === choices.of);
  });
  const times = typicalRatio(data, shown);
  const off = (r: Reading): number => Math.abs(Math.log(times * r.factor));
  const nearest = readings.reduce((a, b) => (off(b) < off(a) - 1e-9 ? b : a));
  const first = readings.find(r => r.unit === (claimed ?? 'Ohm')) ?? readings[0];
  const isUnsaid = claimed === undefined;
  const isDoubtful =
    off(first) > Math.log(OFF) && off(nearest) < NEARER * off(first) && off(nearest) < Math.log(CLOSE);
  if (isDoubtful)
    throw new FitError(
      `${data.path}: read as ${textOf(first, cells)} the impedance is ${short(times * first.factor)} times what this ${cells > 1 ? 'stack' : 'device'} shows, ` +
        `read as ${textOf(nearest, cells)} ${short(times * nearest.factor)} times; expected ${optionsOf(nearest, cells)}, or ${optionsOf(first, cells)} if it is so`,
    );
  const notes: string[] = [];
  if (first.factor !== 1 || isUnsaid) notes.push(`impedance read as ${textOf(first, cells)}`);
  const warnings =
    off(first) > Math.log(FAR)
      ? [
          `the impedance is ${short(times * first.factor)} times what the plant shows before the fit: its unit, set or operating point may be another`,
        ]
      : [];
  return { factor: first.factor, notes, warnings };
}

function readingsOf(cells: number, area_cm2: number): readonly Reading[] {
  const all: Reading[] = [{ unit: 'Ohm', of: cells > 1 ? 'stack' : 'cell', factor: 1 }];
  if (cells > 1) all.push({ unit: 'Ohm', of: 'cell', factor: cells });
  if (area_cm2 > 0) {
    all.push({ unit: 'Ohm_cm2', of: 'cell', factor: cells / area_cm2 });
    if (cells > 1) all.push({ unit: 'Ohm_cm2', of: 'stack', factor: 1 / area_cm2 });
  }
  const milli = all.map(
    (r): Reading => ({ ...r, unit: `m${r.unit}` as ImpedanceUnit, factor: r.factor / 1000 }),
  );
  return [...all, ...milli];
}

/** Real part of the data over that of the plant in the upper third of the frequencies: what does not hang on the load. */
function typicalRatio(
  { frequency_Hz, re }: ImpedanceData,
  shown: { readonly re_Ohm: Float64Array; readonly im_Ohm: Float64Array },
): number {
  const order = [...frequency_Hz.keys()].sort((a, b) => frequency_Hz[b] - frequency_Hz[a]);
  const ratios = order
    .slice(0, Math.ceil(order.length / 3))
    .map(i => re[i] / shown.re_Ohm[i])
    .filter(ratio => ratio > 0)
    .sort((a, b) => a - b);
  return ratios.length === 0 ? 1 : ratios[Math.floor(ratios.length / 2)];
}

function textOf({ unit, of }: Reading, cells: number): string {
  if (cells === 1) return WORD[unit];
  return `${WORD[unit]} of ${of === 'cell' ? 'one cell' : 'the whole stack'}`;
}

/** The options that choose this reading. */
function optionsOf({ unit, of }: Reading, cells: number): string {
  return cells === 1 ? `--unit ${unit}` : `--unit ${unit} --of ${of}`;
}

const short = (value: number): string => String(Number(value.toPrecision(2)));
