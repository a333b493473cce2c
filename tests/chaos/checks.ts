import { CLOSE_BOUND_s, type Evidence } from './ending.ts';
import { CURRENT_OFF_A, ROLE_OF, SAFE_VALUES } from './fake-bench.ts';
import type { Received } from './instruments.ts';
import { DEVICES, type DeviceId } from './scenario.ts';
import { judgeSupply } from './supply-checks.ts';
import { judgeVent } from './vent-checks.ts';

/** The kinds of what may go wrong at an ending. */
export const KINDS = [
  'late-write',
  'unsafe-end',
  'vent',
  'stays-on',
  'not-final',
  'record',
  'exception',
] as const;

/** One thing that an ending must not do. `what` tells the cases of a kind apart. */
export interface Violation {
  readonly kind: (typeof KINDS)[number];
  readonly what: string;
  readonly text: string;
}

/** Says a violation. */
export type Say = (kind: Violation['kind'], what: string, text: string) => void;

/** Two set points are the same. */
const NEAR = 1e-6;

/** Everything that is wrong with an ending. */
export function judge(evidence: Evidence): Violation[] {
  const violations: Violation[] = [];
  const say: Say = (kind, what, text) => violations.push({ kind, what, text });
  for (const text of evidence.thrown) say('exception', firstLine(text), text);
  judgeFinal(evidence, say);
  judgeLateWrites(evidence, say);
  if (evidence.ended !== undefined) {
    judgeSafeValues(evidence, say);
    judgeRecord(evidence, say);
  }
  judgeSupply(evidence, say);
  judgeVent(evidence, say);
  return violations;
}

/** Whether something stands in the list of what could not be proved. */
export function isNamed({ ended }: Evidence, ...words: readonly string[]): boolean {
  return ended?.unproven.some(text => words.some(word => text.includes(word))) ?? false;
}

/**
 * So long a change must have stood before the end, for the bench to have seen it and done something: two polls of the
 * slowest device, a poll's way, and the safe state's own time, s.
 */
export function sight_s({ scenario }: Evidence): number {
  return 2 * Math.max(...DEVICES.map(id => scenario.poll_s[id])) + scenario.control_s + 2;
}

/** Whether a disturbance of these kinds touched the device (or anything) between two times. */
export function wasDisturbed(
  { happened }: Evidence,
  whats: readonly string[],
  device: DeviceId | undefined,
  from_s: number,
  to_s: number,
): boolean {
  return happened.some(
    h =>
      whats.includes(h.disturbance.what) &&
      (device === undefined || !('device' in h.disturbance) || h.disturbance.device === device) &&
      h.from_s <= to_s &&
      h.to_s >= from_s,
  );
}

function judgeFinal(evidence: Evidence, say: Say): void {
  const { ended, refused, closed, timersLeft, heardAfterClose, state, end_s } = evidence;
  if (refused === undefined) {
    if (ended === undefined)
      say('not-final', 'hangs', `in ${state} for ever; looked until ${end_s.toFixed(1)} s`);
    else if (!['Complete', 'Stopped', 'Aborted'].includes(ended.state)) {
      say('not-final', 'state', `ended in ${ended.state}`);
    }
  }
  if (closed === 'late') say('not-final', 'close', `not closed within ${CLOSE_BOUND_s} s`);
  else if (closed !== 'yes') say('not-final', 'close throws', closed.threw);
  // What was never closed goes on, of course.
  if (closed !== 'yes' || ended === undefined) return;
  if (timersLeft.length > 0) {
    const most_s = timersLeft.reduce((most, left) => Math.max(most, left.in_s), 0);
    const from = [...new Set(timersLeft.map(left => left.from))].join('\n');
    say(
      'not-final',
      'timers',
      `${timersLeft.length} timers left, up to ${most_s.toFixed(2)} s ahead ${from}`,
    );
  }
  if (heardAfterClose > 0) say('not-final', 'talks on', `${heardAfterClose} requests after the close`);
}

function judgeLateWrites(evidence: Evidence, say: Say): void {
  const { world, shutOrder } = evidence;
  for (const id of DEVICES) {
    for (const r of world.instruments[id].log) {
      if (!(r.sentOrder > shutOrder) || r.effect === 'watchdog' || r.effect === 'hand') continue;
      const safe = SAFE_VALUES[id].find(([key]) => key === r.key);
      if (safe !== undefined) {
        if (Math.abs(safe[1] - r.value) > NEAR) say('late-write', id, lateText(evidence, id, r));
      } else if (r.key === 'pressureSet_barg') {
        // What the method asked for must not come any more; what the vent asks goes out on the urgent lane.
        if (!isOfVent(evidence, r)) {
          say('late-write', id, lateText(evidence, id, r));
          continue;
        }
        // A set point above the pressure as it is shuts the valve that is to let it out.
        const most = Math.max(r.before, r.pressure_barg + 0.3);
        if (r.value > most) say('late-write', 'vent rises', lateText(evidence, id, r));
      } else say('late-write', id, lateText(evidence, id, r));
    }
  }
}

/** Whether a write of the pressure set point is the vent's own: not what a hand set, from where the vent then went on. */
export function isOfVent({ urgent, shutOrder }: Evidence, r: Received): boolean {
  return r.effect !== 'hand' && r.sentOrder > shutOrder && urgent.has(`${r.key}=${r.value}`);
}

function lateText({ shut_s }: Evidence, id: string, r: Received): string {
  return `+${(r.at_s - shut_s).toFixed(3)} s after the gate was shut ${id} got ${r.key} = ${r.value} (held ${r.before}, sent +${(r.sent_s - shut_s).toFixed(3)} s, ${r.effect})`;
}

function judgeSafeValues(evidence: Evidence, say: Say): void {
  const { atEnd, world, end_s } = evidence;
  if (evidence.ended === undefined || Number.isNaN(evidence.shut_s)) return;
  for (const id of DEVICES) {
    for (const [key, value] of SAFE_VALUES[id]) {
      const held = atEnd.held[id][key];
      if (Math.abs(held - value) <= NEAR || isNamed(evidence, ROLE_OF[key], `${id} safe`)) continue;
      // What somebody changed a moment before the end, nobody can have seen.
      const since_s = world.instruments[id].log.findLast(r => r.key === key && r.at_s <= end_s)?.at_s ?? 0;
      const byHand =
        world.instruments[id].log.findLast(r => r.key === key && r.at_s <= end_s)?.effect === 'hand';
      if (byHand && end_s - since_s < sight_s(evidence)) continue;
      say(
        'unsafe-end',
        `${key}${byHand ? ' by hand' : ''}`,
        `${id} ends with ${key} = ${held}, safe is ${value}; not named`,
      );
    }
  }
  judgeCurrent(evidence, say);
}

function judgeCurrent(evidence: Evidence, say: Say): void {
  const { atEnd, happened, end_s } = evidence;
  if (atEnd.current_A <= CURRENT_OFF_A || isNamed(evidence, 'stack.current_A', 'supply')) return;
  const sources = happened.filter(
    h =>
      (h.disturbance.what === 'stuck' && h.to_s > end_s) ||
      (h.disturbance.what === 'hand' && h.disturbance.device === 'supply'),
  );
  // What began a moment before the end, nobody can have seen.
  if (sources.some(h => h.from_s > end_s - sight_s(evidence))) return;
  const what = sources.length > 0 ? 'current came back' : 'current';
  say('unsafe-end', what, `${atEnd.current_A} A flow at the end; not named`);
}

function judgeRecord(evidence: Evidence, say: Say): void {
  const { disk, ended, end_s, shut_s } = evidence;
  if (disk.isFull) return;
  const endings = disk.events.filter(
    e => e.kind === 'end' || (e.kind === 'state' && /-> (Complete|Stopped|Aborted)\b/.test(e.text)),
  );
  if (
    endings.length === 0 ||
    (ended?.state !== 'Complete' && !endings.some(e => e.kind === 'end' && e.text !== ''))
  ) {
    say('record', 'no end', `no end event with a cause; ended ${ended?.state} at ${end_s.toFixed(2)} s`);
  }
  if (!Number.isNaN(shut_s) && !disk.events.some(e => e.kind === 'safe' && e.t_s >= shut_s - 1e-9)) {
    say('record', 'no safe state', 'no safe-state event has reached the record');
  }
}

function firstLine(text: string): string {
  return text
    .split('\n')[0]
    .replace(/[-\d.]+/g, '#')
    .slice(0, 80);
}
