import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINALLY_DEGC, SWEEP_BARG, WATCHDOG_S } from './bench.ts';
import type { Exit } from './controller.ts';
import { type Expectation, shown } from './kind.ts';
import { isOff, type Moment } from './moments.ts';
import { recordFaults } from './record.ts';
import type { SafeValues } from './safe-values.ts';
import type { Seen } from './seen.ts';

/** Whether a run ended as it must: the instruments' word, the process, and what it left in its folder. */

export interface Ended {
  readonly moment: Moment;
  readonly expect: Expectation;
  readonly exit: Exit | undefined;
  readonly said: string;
  readonly out: string;
  /** When it was done to the run, s since 1970, and how long the log was then. */
  readonly act_s: number;
  readonly actIndex: number;
  /** The log of the instruments since the program was started, until well after it was gone. */
  readonly log: readonly Seen[];
  readonly safe: SafeValues;
  readonly leftBehind: readonly number[];
}

/** The slowest way from an ending to output off, s: the load ramped off at 1000 A/s, a busy machine, the watchdog. */
const OFF_WITHIN_S = 10;
/** The supply's own watchdog, with the time between two of its looks and a busy machine, s. */
const OWN_OFF_S = WATCHDOG_S + 1;
const RELEASED_BARG = 0.8;

/** Everything that is wrong, each `kind: what was found`. Empty: a good ending. */
export function judge(ended: Ended): string[] {
  const { expect, exit } = ended;
  if (exit === undefined)
    return [`hangs: the program is still there ${expect.within_s} s after`, ...onTheStack(ended)];
  const wrong: string[] = [];
  const told = readOutcome(ended);
  const codes = allowedCodes(ended);
  const diedEarly = ended.moment === 'starting' && exit.code === null && !ended.log.some(isWrite);
  if (!expect.dies && !diedEarly && (exit.code === null || !codes.includes(exit.code))) {
    wrong.push(
      `exit-code: ${shown(exit)}, expected ${codes.join(' or ')}: ${told.reason.slice(0, 200) || tail(ended)}`,
    );
  }
  if (ended.leftBehind.length > 0) wrong.push(`left-behind: processes ${ended.leftBehind.join(', ')}`);
  wrong.push(...onTheStack(ended), ...afterTheTrip(ended));
  if (expect.dies || (exit.code !== 2 && exit.code !== 5 && !diedEarly && !neverBegan(ended))) {
    wrong.push(
      ...recordFaults(ended.out, { isCutOff: expect.dies === true, isDiskFull: expect.diskFull === true }),
    );
    if (!expect.dies) wrong.push(...causeFaults(ended, told));
  }
  // There are many ways to be refused: it must be for the reason of this kind.
  const { says } = expect;
  if (exit.code === 2 && expect.codes.includes(2) && says?.test(ended.said) === false)
    wrong.push(`cause: "${tail(ended)}", expected ${says}`);
  if (exit.code === 2) {
    const set = ended.log.find(isWrite);
    if (set?.what === 'set')
      wrong.push(`touched: refused with exit 2, but ${set.signal} was set to ${set.value}`);
  }
  return wrong;
}

/** Stopped before anything was set: no record is left behind, and the terminal says by what. */
function neverBegan({ moment, exit, log, out, said, expect }: Ended): boolean {
  return (
    moment === 'starting' &&
    exit?.code === 3 &&
    !log.some(isWrite) &&
    (expect.says?.test(said) ?? true) &&
    !existsSync(out)
  );
}

function isWrite(seen: Seen): boolean {
  return seen.what === 'set' && seen.by === 'line';
}

function allowedCodes({ moment, expect }: Ended): readonly number[] {
  const { codes } = expect;
  const goesOn = codes.every(code => code === 0);
  if (moment === 'starting') return codes.includes(3) ? [2, ...codes] : codes;
  // The stop at pressure came first.
  if (moment === 'vent') return goesOn ? [3] : [...codes.filter(code => code !== 0), 3, 4];
  if (moment === 'concluding') return [0, ...codes, ...(codes.includes(4) ? [1, 3] : [])];
  return codes;
}

interface Told {
  readonly verdict: string;
  readonly reason: string;
  /** Everything that a person can read of this ending. */
  readonly all: string;
}

function readOutcome({ out, said }: Ended): Told {
  const path = join(out, 'result.json');
  try {
    const { verdict, reason } = JSON.parse(readFileSync(path, 'utf8')) as { verdict: string; reason: string };
    return { verdict, reason, all: `${verdict}\n${reason}\n${said}` };
  } catch {
    return { verdict: '', reason: '', all: said };
  }
}

const VERDICTS: Readonly<Record<number, RegExp>> = {
  0: /complete/i,
  1: /complete/i,
  3: /stop/i,
  4: /abort|trip/i,
};

function causeFaults(ended: Ended, { verdict, reason, all }: Told): string[] {
  const { exit, expect, moment, out } = ended;
  const wrong: string[] = [];
  if (!existsSync(join(out, 'result.json')) || verdict === '') {
    if (!expect.diskFull) wrong.push(`no-result: exit ${exit?.code}, but no result.json: ${tail(ended)}`);
  } else if (exit?.code != null && !VERDICTS[exit.code]?.test(verdict)) {
    wrong.push(`verdict: "${verdict}" with exit code ${exit.code}`);
  }
  const isOwnCause = moment !== 'vent' && (exit?.code ?? 0) >= 3;
  const where = reason === '' || expect.diskFull ? all : reason;
  if (isOwnCause && expect.says !== undefined && !expect.says.test(where))
    wrong.push(`cause: "${reason || tail(ended)}", expected ${expect.says}`);
  if (isOwnCause && expect.saysNot?.test(where))
    wrong.push(`cause: "${reason || tail(ended)}", not ${expect.saysNot}`);
  return wrong;
}

/** Output off in time and by whom, pressure gone, every output as the safe state wants it: or named. */
function onTheStack(ended: Ended): string[] {
  const { log, expect, exit, act_s, safe } = ended;
  const wrong: string[] = [];
  const { all } = readOutcome(ended);
  const gone_s = exit?.at_s ?? Number.POSITIVE_INFINITY;
  const isOwnEnd = expect.dies !== true && exit?.code !== 2;
  const stacks = log.flatMap(seen => (seen.what === 'stack' ? [seen] : []));
  const wasOn = stacks.some(s => s.t_s <= act_s && s.t_s > act_s - 0.2 && s.output_on === 1);
  const last = stacks.at(-1);
  const on = stacks.filter(s => s.t_s > act_s && s.output_on === 1);
  const off_s = on.at(-1)?.t_s ?? act_s;
  const goesOn = exit?.code === 0;
  if (last?.output_on === 1) {
    wrong.push(
      `output-on: ${last.current_A.toFixed(0)} A, ${(last.t_s - gone_s).toFixed(1)} s after the program was gone`,
    );
  } else if (off_s > gone_s + 0.3 && !expect.dies) {
    wrong.push(
      `output-on-at-exit: off ${(off_s - gone_s).toFixed(1)} s after the program was gone, by the supply itself`,
    );
  } else if (wasOn && !goesOn && off_s - act_s > (expect.dies ? OWN_OFF_S : OFF_WITHIN_S)) {
    wrong.push(`off-late: output off ${(off_s - act_s).toFixed(1)} s after`);
  }
  if (!isOwnEnd || last === undefined) return wrong;
  const offLast = log.findLast(seen => seen.what === 'set' && seen.signal === 'stack.outputSet_on');
  if (
    wasOn &&
    offLast?.what === 'set' &&
    offLast.by === 'own' &&
    expect.lost === 'supply' &&
    !/supply|stack\.current/.test(all)
  )
    wrong.push('unnamed: the supply switched itself off and nothing names it');
  const atExit = stacks.findLast(s => s.t_s <= gone_s) ?? last;
  if (
    atExit.cathode_barg > RELEASED_BARG &&
    !/cathode|vent of/i.test(all.replace(/cathode\.pressureSet/g, ''))
  )
    wrong.push(`pressure: ${atExit.cathode_barg.toFixed(2)} barg left, and not named`);
  const begun = log.some(isWrite);
  for (const [signal, value] of Object.entries(begun ? safe.final : {})) {
    const set = log.findLast(
      seen => seen.what === 'set' && seen.signal === signal && seen.t_s <= gone_s + 0.1,
    );
    if (set?.what !== 'set' || Math.abs(set.value - value) < 1e-3) continue;
    if (!all.includes(signal) && !(expect.lost !== undefined && new RegExp(`${expect.lost}\\b`).test(all)))
      wrong.push(`not-safe: ${signal} stands at ${set.value} instead of ${value}, and is not named`);
  }
  return wrong;
}

/** Nothing but the safe state's writes once it has begun. */
function afterTheTrip({ log, actIndex, safe, expect }: Ended): string[] {
  if (expect.dies) return [];
  const after = log.slice(actIndex);
  const isFinally = log.findIndex(s => isValue(s, 'stack.temperatureSet_degC', FINALLY_DEGC));
  const first = after.findIndex(
    (seen, i) =>
      (isValue(seen, 'n2.pressureSet_barg', SWEEP_BARG) && isWrite(seen)) ||
      (isOff(seen) && (isFinally < 0 || isFinally > actIndex + i)),
  );
  if (first < 0) return [];
  let pressure_barg = Number.POSITIVE_INFINITY;
  const wrong: string[] = [];
  for (const seen of after.slice(first)) {
    if (seen.what === 'stack') pressure_barg = seen.cathode_barg;
    if (seen.what !== 'set' || seen.by !== 'line') continue;
    const isVent = seen.signal === safe.ventSignal;
    const isAllowed = isVent
      ? seen.value <= pressure_barg + 0.6
      : (safe.allowed[seen.signal] ?? []).some(value => Math.abs(value - seen.value) < 1e-3);
    if (!isAllowed)
      wrong.push(`${seen.signal} = ${seen.value} (+${(seen.t_s - after[first].t_s).toFixed(2)} s)`);
  }
  return wrong.length === 0 ? [] : [`write-after-trip: ${wrong.join(', ')}`];
}

function isValue(seen: Seen, signal: string, value: number): boolean {
  return seen.what === 'set' && seen.signal === signal && Math.abs(seen.value - value) < 1e-3;
}

function tail({ said }: Ended): string {
  return said.trim().slice(-200).replaceAll('\n', ' | ');
}
