import { kindOf, mainRole } from '../../kinds/interlocks/index.ts';
import type { Facts } from './facts.ts';
import type { Objection } from './objection.ts';

/**
 * Are the times of a bench such that something happens in time?
 *
 * - The instrument's own watchdog: at least two polls (one late poll must not switch the output off) and at most 60 s;
 *   only where the driver has one, and wherever it has one and the device sets something.
 * - An answer, asked for twice, comes before its reading is stale.
 * - Readings grow stale within 10 polls or a minute, those that a trip looks at within 10 polls or 15 s; a trip acts
 *   within a minute, a milder reaction within 10 min; a rate is looked at over 3 polls at least and an hour at most; lines of the safe state have 50 ms at least and hold up the
 *   next ones for a minute at most, a vent for a day; what drives current comes down to 0 within an hour.
 */
export function* timesBeyondReason(facts: Facts): Iterable<Objection> {
  yield* watchdogs(facts);
  yield* staleTimes(facts);
  yield* replyTimes(facts);
  const { interlocks, safeState } = facts.bench;
  for (const [i, { delay_s, reaction }] of interlocks.entries()) {
    const longest_s = reaction === 'trip' ? LONGEST_TRIP_DELAY_S : LONGEST_DELAY_S;
    if (delay_s <= longest_s) continue;
    const entry = ['interlocks', i];
    const text = `acts only after ${delay_s} s, expected at most ${longest_s} s`;
    yield { check: 'delay-beyond-reason', entry, place: [...entry, 'delay_s'], text };
  }
  yield* rateWindows(facts);
  yield* slowRamps(facts);
  for (const [list, lines] of [
    ['steps', safeState.steps],
    ['proof', safeState.proof],
  ] as const) {
    for (const [i, line] of lines.entries()) {
      const longest_s = 'vent' in line ? LONGEST_VENT_S : LONGEST_LINE_S;
      if (line.within_s >= SHORTEST_LINE_S && line.within_s <= longest_s) continue;
      const entry = ['safeState', list, i];
      const text = `may take ${line.within_s} s, expected ${SHORTEST_LINE_S}..${longest_s} s`;
      yield { check: 'safe-line-beyond-reason', entry, place: [...entry, 'within_s'], text };
    }
  }
}

const LEAST_POLLS = 2;
const LONGEST_WATCHDOG_S = 60;
const LONGEST_STALE_S = 60;
const LONGEST_STALE_TRIP_S = 15;
const MOST_STALE_POLLS = 10;
const LONGEST_DELAY_S = 600;
const LONGEST_TRIP_DELAY_S = 60;
const LEAST_RATE_POLLS = 3;
const LONGEST_RATE_S = 3600;
const SHORTEST_LINE_S = 0.05;
const LONGEST_LINE_S = 60;
const LONGEST_WAY_DOWN_S = 3600;
const LONGEST_VENT_S = 86_400;

/** The load comes down under the gate's own ramp: an orderly stop must not take the night. */
function* slowRamps({ bench, power, reach }: Facts): Iterable<Objection> {
  for (const [role, { max, ramp_per_s }] of Object.entries(bench.limits)) {
    const reached = reach.settable.get(role);
    const drives = power.some(p => p.id === reached?.device);
    if (!drives || ramp_per_s === undefined || max / ramp_per_s <= LONGEST_WAY_DOWN_S) continue;
    const entry = ['limits', role];
    const text = `${ramp_per_s} in a second takes ${Math.round(max / ramp_per_s)} s from ${max} to 0, expected at most ${LONGEST_WAY_DOWN_S} s`;
    yield { check: 'ramp-beyond-reason', entry, place: [...entry, 'ramp_per_s'], text };
  }
}

function* rateWindows({ bench, reach }: Facts): Iterable<Objection> {
  for (const [i, interlock] of bench.interlocks.entries()) {
    if (interlock.kind !== 'rate') continue;
    const device = reach.measured.get(interlock.role)?.device ?? '';
    const least_s = LEAST_RATE_POLLS * (bench.devices[device]?.poll_s ?? 0);
    const { over_s } = interlock;
    if (over_s >= least_s && over_s <= LONGEST_RATE_S) continue;
    const entry = ['interlocks', i];
    const text = `a rate over ${over_s} s ${over_s < least_s ? 'is noise' : 'comes too late'}, expected ${least_s}..${LONGEST_RATE_S} s`;
    yield { check: 'rate-beyond-reason', entry, place: [...entry, 'over_s'], text };
  }
}

function* watchdogs({ bench, descriptions }: Facts): Iterable<Objection> {
  for (const [id, { poll_s, watchdog }] of Object.entries(bench.devices)) {
    const description = descriptions.get(id);
    const hasOne = description?.watchdog === true;
    if (watchdog === undefined) {
      if (!hasOne || description.settables.length === 0) continue;
      const entry = ['devices', id];
      const text = `sets outputs and has a watchdog of its own that is not armed, expected watchdog: { timeout_s: ... }`;
      yield { check: 'watchdog-left-out', entry, place: entry, text };
      continue;
    }
    const entry = ['devices', id, 'watchdog'];
    const place = [...entry, 'timeout_s'];
    const { timeout_s } = watchdog;
    if (!hasOne) {
      const text = `${description?.driver ?? id} has no watchdog as it is configured, expected no such key`;
      yield { check: 'watchdog-without-one', entry, place: entry, text };
    } else if (timeout_s < LEAST_POLLS * poll_s) {
      const text = `${timeout_s} s with poll_s ${poll_s} s would fire between two polls, expected at least ${LEAST_POLLS * poll_s} s`;
      yield { check: 'watchdog-too-short', entry, place, text };
    } else if (timeout_s > LONGEST_WATCHDOG_S) {
      const text = `${timeout_s} s of output without anybody watching, expected at most ${LONGEST_WATCHDOG_S} s`;
      yield { check: 'watchdog-too-long', entry, place, text };
    }
  }
}

/** An answer that comes in time, even at the second try, must not be stale when it comes. */
function* replyTimes({ bench }: Facts): Iterable<Objection> {
  for (const [id, { reply_s, stale_after_s }] of Object.entries(bench.devices)) {
    if (reply_s === undefined || 2 * reply_s <= stale_after_s) continue;
    const entry = ['devices', id];
    const text = `answers may take ${reply_s} s, two tries longer than readings count (stale_after_s ${stale_after_s} s), expected at most ${stale_after_s / 2} s`;
    yield { check: 'reply-beyond-reason', entry, place: [...entry, 'reply_s'], text };
  }
}

function* staleTimes({ bench, reach, names }: Facts): Iterable<Objection> {
  const trips = bench.interlocks.filter(limit => limit.reaction === 'trip');
  for (const [id, { poll_s, stale_after_s }] of Object.entries(bench.devices)) {
    const trip = trips.find(limit =>
      [mainRole(limit, names), ...kindOf(limit).judged(limit, names)].some(
        role => reach.measured.get(role)?.device === id,
      ),
    );
    const longest_s = Math.max(
      trip === undefined ? LONGEST_STALE_S : LONGEST_STALE_TRIP_S,
      MOST_STALE_POLLS * poll_s,
    );
    if (stale_after_s <= longest_s) continue;
    const entry = ['devices', id];
    const why = trip === undefined ? '' : `, and ${trip.id} trips on them`;
    const text = `${stale_after_s} s old values would still count${why}, expected at most ${longest_s} s with poll_s ${poll_s} s`;
    yield { check: 'stale-beyond-reason', entry, place: [...entry, 'stale_after_s'], text };
  }
}
