import { FileError } from '../../../drivers/contract/file-error.ts';
import type { CyclerText } from './cycler-text.ts';
import { DOUBTED, type Leaps, leapsIn, usualOf } from './leaps.ts';
import { withMarked } from './marked-rows.ts';
import type { CyclerReadings } from './read-cycler.ts';
import { usableColumn } from './usable-columns.ts';

/**
 * What the voltage says of the current: a cell's voltage rises at once with the current into it, by its resistance. Where it
 * falls, the file counts discharge as positive; where it does not move at all, a reading of many times the usual current
 * was none.
 */

/** So many leaps of the current tell a resistance. */
const LEAST_LEAPS = 4;
/** So many of the leaps must say the same. */
const AGREE_FRAC = 0.9;
/** Beyond so many times the usual current readings are doubted even where no resistance is known. */
const NEVER = 20;
/** Doubted readings stand where the voltage moves by this part of what the resistance asks for. */
const FOLLOWS_FRAC = 0.1;

/** @throws FileError where the voltage falls as the current rises, and no person has said what is positive */
export function doubtSign(text: CyclerText, readings: CyclerReadings, said: string | undefined): void {
  const leaps = leapsIn(readings);
  if (said !== undefined || leaps === undefined) return;
  const { resistance_Ohm, agree_frac, count } = leaps;
  if (count < LEAST_LEAPS || resistance_Ohm >= 0 || agree_frac < AGREE_FRAC) return;
  throw new FileError(
    text.path,
    text.line,
    `${text.columns.get('current')?.name ?? 'the current'}: the voltage falls where it rises (${Math.round(count * agree_frac)} of ${count} leaps, ${(1000 * resistance_Ohm).toPrecision(3)} mOhm), so that discharge is positive in this file; expected charge positive (--current discharge takes it so, --current charge as it stands)`,
  );
}

/** The readings with those of a current marked bad that the voltage does not know of; each stretch is said. */
export function withoutSpikes(readings: CyclerReadings): CyclerReadings {
  const current = usableColumn(readings, 'current');
  const voltage = usableColumn(readings, 'voltage');
  const power = readings.channels.find(({ field }) => field === 'power')?.values;
  const usual_A = usualOf(current);
  const spikes = spikesIn(current, voltage, usual_A, leapsIn(readings));
  return withMarked(
    readings,
    spikes.map(({ from, to }) => ({
      from,
      to,
      why: `${current[from].toPrecision(3)} A, where ${usual_A.toPrecision(3)} A are usual and the voltage does not follow: not believed`,
      fields: ['current', 'power'],
      isMeant: (field, row) => field !== 'power' || isOf(power?.[row] ?? 0, current[row], voltage[row]),
    })),
  );
}

/** Whether a power was worked out of this current. */
function isOf(power_W: number, current_A: number, voltage_V: number): boolean {
  return Math.abs(power_W) > 0.5 * Math.abs(current_A * voltage_V);
}

/** Rows `from` up to `to` of doubted currents that the voltage does not follow. */
function spikesIn(
  current: Float64Array,
  voltage: Float64Array,
  usual_A: number,
  leaps: Leaps | undefined,
): { readonly from: number; readonly to: number }[] {
  const spikes: { from: number; to: number }[] = [];
  const resistance_Ohm = leaps === undefined || leaps.count < LEAST_LEAPS ? Number.NaN : leaps.resistance_Ohm;
  for (let from = 0; from < current.length; from++) {
    if (!(Math.abs(current[from]) > DOUBTED * usual_A)) continue;
    let to = from;
    let most_A = 0;
    let moved_V = 0;
    const before = Math.max(0, from - 1);
    for (; Math.abs(current[to]) > DOUBTED * usual_A; to++) {
      most_A = Math.max(most_A, Math.abs(current[to] - current[before]) || Math.abs(current[to]));
      moved_V = Math.max(moved_V, Math.abs(voltage[to] - voltage[before]) || 0);
    }
    const asked_V = FOLLOWS_FRAC * Math.abs(resistance_Ohm) * most_A;
    if (Number.isNaN(asked_V) ? most_A > NEVER * usual_A : moved_V < asked_V) spikes.push({ from, to });
    from = to;
  }
  return spikes;
}
