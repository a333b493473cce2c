import { FileError } from '../../../drivers/contract/file-error.ts';
import type { CyclerText } from './cycler-text.ts';
import { withMarked } from './marked-rows.ts';
import type { CyclerReadings, ReadChannel } from './read-cycler.ts';
import { isUsable } from './usable-columns.ts';

/** Whether a file's voltage can be one of a cell at all: of a unit that is not what the heading says, of a lost point. */

/** No single cell stands above, V: 5 V cathodes against lithium, and what an overcharge adds. Basis default. */
const MOST_V = 6;
/** One sign throughout and below: volts that are called mV. Symmetric cells are so low, but change their sign. Basis default. */
const LEAST_V = 0.006;
const UNITS: readonly (readonly [factor: number, words: string, option: string])[] = [
  [1e-3, 'mV', 'mV'],
  [1e-6, 'uV', 'uV'],
  [1e3, 'V', 'V'],
];
/** From this on it may be a cell's voltage when a unit is tried, V. */
const PLAUSIBLE_V = 0.5;
/** So few rows beyond what a cell has, with rows within before and behind, are no overcharge. */
const FEW_ROWS = 3;

/**
 * @throws FileError where the voltage as a whole is none of a cell, unless a person has said the unit (`--voltage`) or a
 * limit that covers it (`high_V`)
 */
export function doubtVoltage(
  text: CyclerText,
  { channels }: CyclerReadings,
  said: { readonly isUnitSaid: boolean; readonly high_V: number | undefined },
): void {
  const voltage = channels.find(({ field }) => field === 'voltage');
  if (voltage === undefined || said.isUnitSaid) return;
  const usable = Array.from(voltage.values).filter((_, i) => isUsable(voltage, i));
  const sizes = usable.map(Math.abs).sort((a, b) => a - b);
  const middle_V = sizes[sizes.length >> 1];
  if (middle_V === undefined || (said.high_V !== undefined && middle_V <= said.high_V)) return;
  const isOneSided = usable.every(v => v > 0) || usable.every(v => v < 0);
  const isSmall = isOneSided && sizes[sizes.length - 1] < LEAST_V;
  if (middle_V <= MOST_V && !isSmall) return;
  const { name, unit } = text.columns.get('voltage') ?? { name: 'the voltage', unit: '' };
  const other = UNITS.find(
    ([factor]) => factor * middle_V >= PLAUSIBLE_V && factor * middle_V <= MOST_V && factor < 1 === !isSmall,
  );
  const guess = other === undefined ? '' : `, which would be ${short(other[0] * middle_V)} V in ${other[1]}`;
  const way =
    other === undefined
      ? `--voltage V or --high with the upper limit takes it as it stands`
      : `--voltage ${other[2]} takes it so${isSmall ? ', whatever its heading says' : ''}, --voltage ${unit === '' ? 'V' : unit} as it stands`;
  throw new FileError(
    text.path,
    text.line,
    `${name}: half of its readings are ${isSmall ? 'below' : 'above'} ${short(middle_V)} V${guess}; expected the voltage of a cell, ${isSmall ? 'not all of it below 6 mV' : `up to ${MOST_V} V`} (${way})`,
  );
}

/** The readings with single voltages that no cell has between others that one has marked bad; each stretch is said. */
export function withoutStrayVolts(readings: CyclerReadings): CyclerReadings {
  const voltage = readings.channels.find(({ field }) => field === 'voltage');
  if (voltage === undefined) return readings;
  return withMarked(
    readings,
    straysOf(voltage).map(({ from, to }) => ({
      from,
      to,
      why: `${short(voltage.values[from])} V, which no cell has: not believed`,
      fields: ['voltage'],
    })),
  );
}

function straysOf(voltage: ReadChannel): { readonly from: number; readonly to: number }[] {
  const isFar = (i: number): boolean => isUsable(voltage, i) && Math.abs(voltage.values[i]) > MOST_V;
  const found: { from: number; to: number }[] = [];
  for (let from = 0; from < voltage.values.length; from++) {
    if (!isFar(from)) continue;
    let to = from;
    while (to < voltage.values.length && isFar(to)) to++;
    if (to - from <= FEW_ROWS) found.push({ from, to });
    from = to;
  }
  return found;
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
