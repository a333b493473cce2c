import type { PlainEis, PlainStep } from '../plain-step.ts';
import { fixed, type Writing } from './parts.ts';

/** Rows of a Modulo Bat technique, and its values in the units that EC-Lab has for them. */

/** A sequence: values by row. */
export type Column = Readonly<Record<string, string>>;

/** Upper ends of the current ranges, A. */
const RANGES: readonly (readonly [most_A: number, name: string])[] = [
  [1e-5, '10 µA'],
  [1e-4, '100 µA'],
  [1e-3, '1 mA'],
  [1e-2, '10 mA'],
  [0.1, '100 mA'],
  [1, '1 A'],
];

/** All rows in order, with what stands in one that a sequence does not set. */
export const ROWS: readonly (readonly [key: string, unset: string])[] = [
  ['Ns', ''],
  ['ctrl_type', ''],
  ['Apply I/C', 'I'],
  ['current/potential', 'current'],
  ...[1, 2, 3].flatMap(n =>
    [`ctrl${n}_val`, `ctrl${n}_val_unit`, `ctrl${n}_val_vs`].map(key => [key, ''] as const),
  ),
  ['N', '0.00'],
  ['charge/discharge', 'Charge'],
  ['charge/discharge_1', 'Charge'],
  ['Apply I/C_1', 'I'],
  ['N1', '0.00'],
  ...[4, 5].flatMap(n => [`ctrl${n}_val`, `ctrl${n}_val_unit`].map(key => [key, ''] as const)),
  ['ctrl_tM', '0'],
  ['ctrl_seq', '0'],
  ['ctrl_repeat', '0'],
  ['ctrl_trigger', 'Falling Edge'],
  ['ctrl_TO_t', '0.000'],
  ['ctrl_TO_t_unit', 'd'],
  ['ctrl_Nd', '6'],
  ['ctrl_Na', '2'],
  ['ctrl_corr', '0'],
  ['lim_nb', '0'],
  ...['lim1', 'lim2'].flatMap(
    lim =>
      [
        [`${lim}_type`, lim === 'lim1' ? 'Time' : ''],
        [`${lim}_comp`, lim === 'lim1' ? '>' : ''],
        [`${lim}_Q`, ''],
        [`${lim}_value`, lim === 'lim1' ? '0.000' : ''],
        [`${lim}_value_unit`, lim === 'lim1' ? 's' : ''],
        [`${lim}_action`, 'Next sequence'],
        [`${lim}_seq`, ''],
      ] as const,
  ),
  ['rec_nb', '0'],
  ...['rec1', 'rec2'].flatMap(rec =>
    [`${rec}_type`, `${rec}_value`, `${rec}_value_unit`].map(key => [key, ''] as const),
  ),
  ['E range min (V)', ''],
  ['E range max (V)', ''],
  ['I Range', 'Auto'],
  ['I Range min', 'Unset'],
  ['I Range max', 'Unset'],
  ['I Range init', 'Unset'],
  ['auto rest', '1'],
  ['Bandwidth', '5'],
];

/** A spectrum. @throws LanguageError of frequencies that it does not have */
export function spectrumOf(step: PlainStep, eis: PlainEis, writing: Writing): Column {
  const { ledger } = writing;
  const { amplitude, from_Hz, to_Hz, pointsPerDecade = 10, cycles = 1 } = eis;
  const isVoltage = amplitude.unit === 'V';
  const [value, unit] = isVoltage
    ? scaled(
        amplitude.value,
        [
          [1, 'V'],
          [1e-3, 'mV'],
          [1e-6, 'uV'],
        ],
        step,
        writing,
      )
    : scaled(
        amplitude.value,
        [
          [1e-3, 'mA'],
          [1e-6, 'uA'],
        ],
        step,
        writing,
      );
  const frequencies = [from_Hz, to_Hz].map((frequency, i) => {
    if (frequency < 1e-3) throw ledger.refused(step.at, 'no frequency below 1 mHz is known there');
    const [text, of] = scaled(
      frequency,
      [
        [1e3, 'kHz'],
        [1, 'Hz'],
        [1e-3, 'mHz'],
      ],
      step,
      writing,
    );
    return { [`ctrl${i + 2}_val`]: text, [`ctrl${i + 2}_val_unit`]: of };
  });
  return Object.assign(
    {
      ctrl_type: isVoltage ? 'PEIS' : 'GEIS',
      ctrl1_val: value,
      ctrl1_val_unit: unit,
      ctrl_Nd: String(pointsPerDecade),
      ctrl_Na: String(cycles),
      ctrl_corr: '0',
      // A galvanostatic spectrum swings over half of its range.
      ...(isVoltage ? {} : { 'I Range': rangeOf(2 * amplitude.value, step, writing) }),
    },
    ...frequencies,
  );
}

/** In the largest unit of which it is one or more. */
function scaled(
  value: number,
  units: readonly (readonly [of: number, name: string])[],
  step: PlainStep,
  { ledger }: Writing,
): readonly [string, string] {
  const [of, name] = units.find(([each]) => value >= each * (1 - 1e-9)) ?? units[units.length - 1];
  return [fixed(value / of, 3, step, ledger), name];
}

/** A current as EC-Lab has it. */
export function currentText(
  current_A: number,
  step: PlainStep,
  { ledger }: Writing,
): { value: string; unit: string } {
  const isSmall = Math.abs(current_A) < 1e-3;
  return { value: fixed(current_A * (isSmall ? 1e6 : 1e3), 3, step, ledger), unit: isSmall ? 'uA' : 'mA' };
}

/** The current range that holds a current. @throws LanguageError where none is known */
export function rangeOf(current_A: number, step: PlainStep, { ledger }: Writing): string {
  const found = RANGES.find(([most]) => Math.abs(current_A) <= most * (1 + 1e-9));
  if (found !== undefined) return found[1];
  throw ledger.refused(step.at, `no current range is known there for ${current_A} A, expected 1 A or less`);
}
