import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openRunSource, type RunSource } from '../../../control/exchange/recorded-run.ts';
import { eventsOf, readEvents } from '../../../control/record/recorded-events.ts';
import type { RunSaved } from '../../../control/run/checkpoint.ts';
import { readCheckpoint } from '../../../control/run/read-checkpoint.ts';
import type { Seen } from '../wires/seen.ts';
import type { Found } from './fault.ts';
import { stacksOf } from './off.ts';

/** The record of a run that was cut off against what its instruments have answered and carried. */

/** One process of a run, as the harness saw it. */
export interface Segment {
  /** Folder of the run. */
  readonly out: string;
  /** When the process was started, and when it was cut off or began its end, s since 1970. */
  readonly from_s: number;
  readonly cut_s: number;
  /** By how much the computer's clock was wrong at its start, s. */
  readonly shift_s: number;
  /** Readings in these times may be lost: the fault was on their line. */
  readonly disturbed: readonly (readonly [from_s: number, to_s: number])[];
  /** What the run had counted before; undefined: nothing. */
  readonly base: Counted | undefined;
  /** The last words of earlier processes, s of the record: what ended behind one before the cut was done anew. */
  readonly lastWords: readonly number[];
  /** When it left what it counts in, s since 1970; Infinity: not known, its current was off by then. */
  readonly left_s: number;
  /** It was killed, so that all it counted was counted up to then. */
  readonly isCut: boolean;
  /** Its current was read wrongly for a while. */
  readonly isMisread: boolean;
}

/** What a run has counted, and when that was written down, s of the record. */
export interface Counted {
  readonly t_s: number;
  readonly time_s: number;
  readonly charge_Ah: number;
  readonly energy_Wh: number;
  readonly round: number;
}

/** Flushed each second, a flush takes its time. */
const LAST_S = 1.2;
/** A reading arrives so long after it was answered at most, s: the patience of its driver, and a busy machine. */
const ON_THE_WAY_S = 1.5;
/** So many polls of a device are flushed together at least. */
const FLUSHED = 3;
/** Both are the same figure but for the instrument's last digit. */
const TABLES = [
  {
    signal: 'cathode.pressure_barg',
    device: 'gas',
    channel: 'gas.cathodePressure_barg',
    digit: 0.002,
  },
  {
    signal: 'stack.temperature_degC',
    device: 'rack',
    channel: 'rack.outletTemperature_degC',
    digit: 0.06,
  },
] as const;

/** Compares them; returns what the run remembers, undefined where it remembers nothing. */
export function judgeRecord(found: Found, segment: Segment, log: readonly Seen[]): Counted | undefined {
  if (!existsSync(join(segment.out, 'run.sqlite'))) return undefined;
  const source = openRunSource(segment.out);
  try {
    const [whole] = source.db.prepare('PRAGMA integrity_check').all() as { integrity_check: string }[];
    if (whole.integrity_check !== 'ok') found.other.push(`record: ${whole.integrity_check}`);
    const zero_s = zeroOf_s(source) - segment.shift_s;
    judgeRows(found, segment, source, zero_s, log);
    judgeFrames(found, segment, source, zero_s);
    return judgeCounters(found, segment, source, zero_s, log);
  } finally {
    source.close();
  }
}

/** Second 0 of the record for the last process that wrote it, s since 1970 by the clock that it began with. */
function zeroOf_s({ utc }: RunSource): number {
  const began = utc.stretches.findLast(({ cause }) => cause === 'begin' || cause === 'session');
  return (began?.utc_ms ?? 0) / 1000 - (began?.from_s ?? 0);
}

function judgeRows(
  found: Found,
  segment: Segment,
  source: RunSource,
  zero_s: number,
  log: readonly Seen[],
): void {
  const { from_s, cut_s, disturbed } = segment;
  for (const { signal, device, channel, digit } of TABLES) {
    if (!source.devices.includes(device)) continue;
    const reader = source.reader(device);
    const place = reader.channels.findIndex(name => channel.endsWith(name));
    const rows: { readonly at_s: number; readonly value: number }[] = [];
    for (const part of reader.stretches({ channels: [place] })) {
      const values = part.usable(place);
      part.t_s.forEach((t_s, i) => {
        if (t_s + zero_s >= from_s) rows.push({ at_s: t_s + zero_s, value: values[i] });
      });
    }
    const [first] = rows;
    if (first === undefined) continue;
    const answers = log.flatMap(seen =>
      seen.what === 'read' &&
      seen.signal === signal &&
      seen.t_s > first.at_s + 0.05 &&
      seen.t_s < cut_s - LAST_S &&
      !disturbed.some(([begin_s, end_s]) => seen.t_s >= begin_s && seen.t_s <= end_s)
        ? [seen]
        : [],
    );
    // A reading that came too late for its driver stands as a row without a value.
    const isThere = (at_s: number, value: number): boolean =>
      rows.some(
        row =>
          row.at_s > at_s - 0.05 &&
          row.at_s < at_s + ON_THE_WAY_S &&
          (Number.isNaN(row.value) || Math.abs(row.value - value) <= digit),
      );
    // One or two came too late for their driver, which asked again; what is lost behind it is lost by the flush.
    const isMissing = answers.map(({ t_s, value }) => !isThere(t_s, value));
    const lost = answers.filter((_, i) =>
      [i - 2, i - 1, i].some(
        from => from >= 0 && isMissing.slice(from, from + FLUSHED).filter(Boolean).length === FLUSHED,
      ),
    );
    found.rows_lost += lost.length;
    if (lost.length > 0)
      found.other.push(
        `rows of ${device}: ${lost.length} of ${answers.length} answers are not in the record, the first ${(cut_s - lost[0].t_s).toFixed(2)} s before the cut`,
      );
  }
}

/** Every reading that this process had counted at its last word is a row: none is lost between sampling and disk. */
function judgeFrames(found: Found, { from_s, base }: Segment, source: RunSource, zero_s: number): void {
  const row = lastCheckpoint(source);
  if (row === undefined || row.t_s === base?.t_s) return;
  const { sampling } = readCheckpoint(JSON.parse(row.state));
  for (const [device, { frames }] of Object.entries(sampling)) {
    let rows = 0;
    for (const { t_s } of source.reader(device).stretches({ channels: [] }))
      for (const one_s of t_s) if (one_s + zero_s >= from_s && one_s <= row.t_s) rows++;
    if (rows >= frames) continue;
    found.rows_lost += frames - rows;
    found.other.push(`rows of ${device}: ${rows} in the record, ${frames} were read up to its last word`);
  }
}

function lastCheckpoint(source: RunSource): { readonly t_s: number; readonly state: string } | undefined {
  return source.db.prepare('SELECT t_s, state FROM checkpoints ORDER BY rowid DESC LIMIT 1').get() as
    | { t_s: number; state: string }
    | undefined;
}

/** What a run remembers, as it was written down last. */
export function countedIn(source: RunSource): (Counted & { readonly saved: RunSaved }) | undefined {
  const row = lastCheckpoint(source);
  if (row === undefined) return undefined;
  const { run } = readCheckpoint(JSON.parse(row.state));
  if (run === null) return undefined;
  const [time_s, charge_Ah, , energy_Wh] = run.method.totals.now;
  const round = run.method.lane.frames.find(({ rounds }) => rounds > 1)?.round ?? 0;
  return { t_s: row.t_s, time_s, charge_Ah, energy_Wh, round, saved: run };
}

function judgeCounters(
  found: Found,
  { base, left_s, from_s, lastWords, isCut, isMisread }: Segment,
  source: RunSource,
  zero_s: number,
  log: readonly Seen[],
): Counted | undefined {
  const now = countedIn(source);
  if (now === undefined) {
    if (base !== undefined) found.wrongCounters.push('nothing is remembered any more');
    return undefined;
  }
  if (base !== undefined && now.t_s === base.t_s) return now;
  const began = eventsOf(readEvents(source.db), 'state').findLast(({ data }) => data.to === 'Execute');
  const begin_s = Math.max(from_s, (began?.t_s ?? 0) + zero_s);
  const end_s = Math.min(left_s, now.t_s + zero_s);
  const had = base ?? { time_s: 0, charge_Ah: 0, energy_Wh: 0, round: 0 };
  const truth = carried(log, begin_s, end_s);
  const expect = (what: string, counted: number, true_: number, within: number): void => {
    if (Math.abs(counted - true_) > within)
      found.wrongCounters.push(
        `${what}: ${counted.toFixed(3)} more in this process, the instruments say ${true_.toFixed(3)}`,
      );
  };
  // Run time begins with the record, and is counted from the first look at the method on: a start that was cut has none.
  const [least_s, most_s] = [begin_s, base === undefined ? zero_s : begin_s].map(from =>
    Math.max(0, end_s - from),
  );
  const counted_s = now.time_s - had.time_s;
  if (isCut) expect('time, s', counted_s, Math.min(most_s, Math.max(least_s, counted_s)), 1.2);
  const rounds = roundsIn(source, now.t_s, lastWords);
  if (now.round !== 0 && Math.abs(now.round - 1 - rounds) > 0)
    found.wrongCounters.push(`round ${now.round}, but ${rounds} of them have ended by the record`);
  if (isMisread) return now;
  // The last reading of a ramp speaks for a poll, and half a second of full load at either end.
  expect('charge, Ah', now.charge_Ah - had.charge_Ah, truth.charge_Ah, 0.3 + 0.02 * truth.charge_Ah);
  expect('energy, Wh', now.energy_Wh - had.energy_Wh, truth.energy_Wh, 85 + 0.02 * truth.energy_Wh);
  return now;
}

/** Rounds that have ended up to a time of the record, s. */
function roundsIn(source: RunSource, to_s: number, lastWords: readonly number[]): number {
  const events = readEvents(source.db);
  const cuts = eventsOf(events, 'resumed').map(({ data }) => data.cut_s);
  const isUndone = (t_s: number): boolean =>
    lastWords.some(word_s => t_s > word_s && t_s <= (cuts.find(cut_s => cut_s > word_s - 0.5) ?? word_s));
  return eventsOf(events, 'step').filter(
    ({ text, t_s }) => text.startsWith('down:') && t_s <= to_s && !isUndone(t_s),
  ).length;
}

/** What the stack has carried between two moments, s since 1970. */
function carried(
  log: readonly Seen[],
  from_s: number,
  to_s: number,
): { charge_Ah: number; energy_Wh: number } {
  let charge_Ah = 0;
  let energy_Wh = 0;
  let before_s = from_s;
  for (const { t_s, current_A, voltage_V } of stacksOf(log)) {
    if (t_s < from_s || t_s > to_s) continue;
    const part_Ah = (current_A * (t_s - before_s)) / 3600;
    charge_Ah += part_Ah;
    energy_Wh += part_Ah * voltage_V;
    before_s = t_s;
  }
  return { charge_Ah, energy_Wh };
}
