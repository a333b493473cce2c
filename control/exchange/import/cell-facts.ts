import type { CellFacts } from '../../../profiles/recorded-run.ts';
import { largestSwing_Ah } from './doubts.ts';
import type { CyclerReadings, ReadChannel } from './read-cycler.ts';
import { usableColumn } from './usable-columns.ts';

/** The cell of an imported file: as a person says, as the file beside says, else as its readings show. */

/** What a person says of it. */
export type SaidOfCell = Partial<
  Pick<CellFacts, 'name' | 'capacity_Ah' | 'currentMax_A' | 'voltageMin_V' | 'voltageMax_V'>
>;

/** The cell, and in words what was taken from the readings for want of better. */
export function cellFacts(
  said: SaidOfCell,
  beside: CellFacts | undefined,
  readings: CyclerReadings,
  fileName: string,
): { readonly cell: CellFacts; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const known = { ...beside, ...said };
  const or = (
    key: 'capacity_Ah' | 'currentMax_A' | 'voltageMin_V' | 'voltageMax_V',
    shown: () => number,
    option: string,
  ): number => {
    const value = known[key];
    if (value !== undefined) return value;
    const found = shown();
    notes.push(`${key} is not said: ${found.toPrecision(4)} by the readings (${option} says it)`);
    return found;
  };
  const current = usableRange(readings, 'current');
  const voltage = usableRange(readings, 'voltage');
  return {
    cell: {
      kind: 'cell',
      name: known.name ?? fileName,
      chemistry: beside?.chemistry ?? 'not said',
      capacity_Ah: or('capacity_Ah', () => Math.max(1e-6, largestSwing_Ah(readings)), '--capacity'),
      currentMax_A: or(
        'currentMax_A',
        () => Math.max(1e-6, Math.abs(current.low), current.high),
        '--current-max',
      ),
      voltageMin_V: or('voltageMin_V', () => voltage.low, '--low'),
      voltageMax_V: or('voltageMax_V', () => voltage.high, '--high'),
    },
    notes,
  };
}

function usableRange(readings: CyclerReadings, field: ReadChannel['field']): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const value of usableColumn(readings, field)) {
    if (Number.isNaN(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

/** Power, where a file has none: voltage times current, as good as the worse of both. */
export function withPower(readings: CyclerReadings): CyclerReadings {
  const { channels } = readings;
  const [voltage, current] = (['voltage', 'current'] as const).map(field =>
    channels.find(channel => channel.field === field),
  );
  if (voltage === undefined || current === undefined || channels.some(({ field }) => field === 'power'))
    return readings;
  const power: ReadChannel = {
    field: 'power',
    name: 'power_W',
    values: voltage.values.map((value, i) => value * current.values[i]),
    quality: voltage.quality.map((code, i) => Math.max(code, current.quality[i])),
  };
  return {
    ...readings,
    channels: [...channels, power],
    notes: [...readings.notes, 'no power in the file: voltage times current'],
  };
}
