import { FileError } from '../../../drivers/contract/file-error.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { CyclerText } from './cycler-text.ts';
import type { CyclerReadings } from './read-cycler.ts';

/**
 * What the voltage says of the current: a cell's voltage rises at once with the current into it, by its resistance. Where it
 * falls, the file counts discharge as positive; where it does not move at all, a reading of many times the usual current
 * was none.
 */

/** A leap of the current tells a resistance: so large a part of the usual current, and so many of them. */
const LEAP_FRAC = 0.3;
const LEAST_LEAPS = 4;
/** So many of the leaps must say the same. */
const AGREE_FRAC = 0.9;
/** Readings beyond so many times the usual current are doubted; beyond the second even where no resistance is known. */
const DOUBTED = 3;
const NEVER = 20;
/** Doubted readings stand where the voltage moves by this part of what the resistance asks for. */
const FOLLOWS_FRAC = 0.1;
/** The usual current is that which this part of the readings under current does not exceed. */
const USUAL_FRAC = 0.99;

/** How the voltage answers leaps of the current. */
export interface Leaps {
  readonly resistance_Ohm: number;
  /** Part of the leaps with this sign of it. */
  readonly agree_frac: number;
  readonly count: number;
}

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
  const [current, voltage] = usable(readings);
  const usual_A = usualOf(current);
  const spikes = spikesIn(current, voltage, usual_A);
  if (spikes.length === 0) return readings;
  const reasons = new Map(readings.reasons);
  const notes = [...readings.notes];
  const channels = readings.channels.map(channel => ({ ...channel, quality: channel.quality.slice() }));
  for (const { from, to } of spikes) {
    const rows = to - from === 1 ? 'one row' : `${to - from} rows`;
    const why = `${current[from].toPrecision(3)} A, where ${usual_A.toPrecision(3)} A are usual and the voltage does not follow: not believed`;
    notes.push(`${rows} from ${readings.t_s[from]} s on: ${why}, marked bad`);
    for (let row = from; row < to; row++) {
      reasons.set(row, [reasons.get(row), why].filter(Boolean).join('; '));
      for (const { field, values, quality } of channels)
        if (field === 'current' || (field === 'power' && isOf(values[row], current[row], voltage[row])))
          quality[row] = Math.max(quality[row], QUALITY.bad);
    }
  }
  return { ...readings, channels, reasons, notes };
}

/** Whether a power was worked out of this current. */
function isOf(power_W: number, current_A: number, voltage_V: number): boolean {
  return Math.abs(power_W) > 0.5 * Math.abs(current_A * voltage_V);
}

/** Current and voltage by row, NaN where not usable; empty where there is no such column. */
function usable({ channels }: CyclerReadings): [current: Float64Array, voltage: Float64Array] {
  const of = (field: string): Float64Array => {
    const channel = channels.find(one => one.field === field);
    if (channel === undefined) return new Float64Array(0);
    return channel.values.map((v, i) => (channel.quality[i] >= QUALITY.stale ? Number.NaN : v));
  };
  return [of('current'), of('voltage')];
}

function usualOf(current: Float64Array): number {
  const flowing = current.map(Math.abs).filter(v => v > 0);
  flowing.sort();
  return flowing.length === 0 ? 0 : flowing[Math.ceil(USUAL_FRAC * flowing.length) - 1];
}

/** The leaps of a file's usable readings; undefined without any. */
export function leapsIn(readings: CyclerReadings): Leaps | undefined {
  const [current, voltage] = usable(readings);
  return leapsOf(current, voltage, usualOf(current));
}

/** Resistance by the leaps of the current between neighbouring rows; undefined without any. */
function leapsOf(current: Float64Array, voltage: Float64Array, usual_A: number): Leaps | undefined {
  const found: number[] = [];
  const isBelievable = (v: number): boolean => Math.abs(v) <= DOUBTED * usual_A;
  for (let i = 1; i < voltage.length; i++) {
    const leap_A = current[i] - current[i - 1];
    if (!(Math.abs(leap_A) > LEAP_FRAC * usual_A)) continue;
    const ratio = (voltage[i] - voltage[i - 1]) / leap_A;
    if (isBelievable(current[i]) && isBelievable(current[i - 1]) && Number.isFinite(ratio)) found.push(ratio);
  }
  if (found.length === 0) return undefined;
  found.sort((a, b) => a - b);
  const resistance_Ohm = found[found.length >> 1];
  const alike = found.filter(ratio => Math.sign(ratio) === Math.sign(resistance_Ohm)).length;
  return { resistance_Ohm, agree_frac: alike / found.length, count: found.length };
}

/** Rows `from` up to `to` of doubted currents that the voltage does not follow. */
function spikesIn(
  current: Float64Array,
  voltage: Float64Array,
  usual_A: number,
): { readonly from: number; readonly to: number }[] {
  const spikes: { from: number; to: number }[] = [];
  const leaps = leapsOf(current, voltage, usual_A);
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
