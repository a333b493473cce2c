import type { FitData } from '../fit-data.ts';

/**
 * Which sign the recorded current has. Ours is positive into the device (charge, electrolysis), so that a step up of the
 * current is a step up of the voltage; many records and codes count the discharge as positive.
 */

/** Positive into the device (ours), or out of it. */
export type CurrentSign = 'charge' | 'discharge';

const CURRENTS = ['cell.current_A', 'cell.currentSet_A', 'stack.current_A', 'stack.currentSet_A'];
/** A change by this part of the current's range is a step. */
const STEP_FRAC = 0.2;
/** Steps must move the voltage by this many times what it moves between other rows. */
const CLEAR = 4;

/** The data with their current positive into the device, with a note where it was turned. `said` decides if given. */
export function withOurCurrent(data: FitData, said: CurrentSign | undefined): FitData {
  const isTurned = said === undefined ? opposes(data) : said === 'discharge';
  if (!isTurned) return data;
  const names = CURRENTS.filter(name => data.columns.has(name));
  const columns = new Map(data.columns);
  for (const name of names) columns.set(name, data.columns.get(name)?.map(v => -v) ?? new Float64Array(0));
  const why =
    said === undefined
      ? ': the voltage falls where it rises, so discharge is positive in the file (--current charge if not)'
      : ', as --current discharge says';
  return { ...data, columns, notes: [...data.notes, `sign of ${names.join(', ')} turned${why}`] };
}

/** Whether voltage and current step against each other, or a steady current runs against the voltage's way. */
function opposes({ columns, rows }: FitData): boolean {
  const name = CURRENTS.find(n => columns.has(n));
  const current_A = columns.get(name ?? '');
  const voltage_V = columns.get('cell.voltage_V') ?? columns.get('stack.voltage_V');
  if (name === undefined || current_A === undefined || voltage_V === undefined || rows < 3) return false;
  const range = current_A.reduce((a, b) => Math.max(a, b)) - current_A.reduce((a, b) => Math.min(a, b));
  const mean = current_A.reduce((a, b) => a + b, 0) / rows;
  if (range < STEP_FRAC * Math.abs(mean))
    return name.startsWith('cell.') && mean * (voltage_V[rows - 1] - voltage_V[0]) < 0;
  // A set current shows in the row behind it.
  const late = name.endsWith('Set_A') ? 1 : 0;
  const slopes: number[] = [];
  const jumps: number[] = [];
  const others: number[] = [];
  for (let i = 1; i + late < rows; i++) {
    const step_A = current_A[i] - current_A[i - 1];
    const step_V = voltage_V[i + late] - voltage_V[i - 1 + late];
    if (Math.abs(step_A) > STEP_FRAC * range) {
      slopes.push(step_V / step_A);
      jumps.push(Math.abs(step_V));
    } else others.push(Math.abs(step_V));
  }
  if (slopes.length === 0) return false;
  return median(slopes) < 0 && median(jumps) > CLEAR * (others.length === 0 ? 0 : median(others));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
