import { type Say, sight_s, wasDisturbed } from './checks.ts';
import type { Evidence } from './ending.ts';
import { WATCHDOG_s } from './fake-bench.ts';

/** A supply that answers again must be off within this, s. */
const OFF_WITHIN_s = 2;
/** A supply that cannot be switched off must be left alone soon enough for its watchdog to have acted by then, s. */
const ALONE_WITHIN_s = 3 * WATCHDOG_s;

/** Times between which the supply's output was on; the last may be open. */
function onTimes({ world }: Evidence): { from_s: number; to_s: number }[] {
  const spans: { from_s: number; to_s: number }[] = [];
  for (const r of world.instruments.supply.log) {
    if (r.key !== 'outputSet_on' || r.effect === 'refused' || r.effect === 'ignored') continue;
    const open = spans.at(-1);
    const isOn = open !== undefined && open.to_s === Number.POSITIVE_INFINITY;
    if (r.value > 0.5 && !isOn) spans.push({ from_s: r.at_s, to_s: Number.POSITIVE_INFINITY });
    else if (r.value <= 0.5 && isOn) open.to_s = r.at_s;
  }
  return spans;
}

/** Does a supply that was lost, or that cannot be switched off, stay on? */
export function judgeSupply(evidence: Evidence, say: Say): void {
  const { world, shut_s, end_s } = evidence;
  if (Number.isNaN(shut_s)) return;
  const { supply } = world.instruments;
  const spans = onTimes(evidence);
  const troubles = ['lost', 'silent', 'late', 'loss', 'refuses', 'ignores', 'hand', 'read'];
  for (const answered_s of supply.answeredAgain) {
    const from_s = Math.max(answered_s, shut_s);
    if (from_s > end_s) continue;
    const span = spans.find(s => s.from_s <= from_s && s.to_s > from_s);
    if (span === undefined || span.to_s <= from_s + OFF_WITHIN_s) continue;
    // Only what answers freely for all that time can be switched off in it.
    const isDisturbed = evidence.happened.some(
      h =>
        troubles.includes(h.disturbance.what) &&
        'device' in h.disturbance &&
        h.disturbance.device === 'supply' &&
        h.from_s <= from_s + OFF_WITHIN_s &&
        (h.to_s > from_s || h.disturbance.what === 'hand') &&
        !(['lost', 'silent'].includes(h.disturbance.what) && h.to_s <= answered_s),
    );
    // An outage that began before the gate was shut, and was over before it, is not what this is about.
    if (isDisturbed || answered_s < shut_s) continue;
    const off =
      span.to_s === Number.POSITIVE_INFINITY ? 'never' : `after ${(span.to_s - answered_s).toFixed(2)} s`;
    say(
      'stays-on',
      'lost and back',
      `supply answers again at ${answered_s.toFixed(2)} s with its output on; off ${off}`,
    );
  }
  for (const span of spans) {
    const from_s = Math.max(span.from_s, shut_s);
    if (from_s >= end_s) continue;
    const on_s = Math.min(span.to_s, end_s) - from_s;
    // What hears nothing at all is not kept from its watchdog by us.
    const fed_s = supply.heardAt.find(t_s => t_s >= from_s) ?? Number.POSITIVE_INFINITY;
    if (Math.min(span.to_s, end_s) - fed_s > ALONE_WITHIN_s && supply.armed_s > 0) {
      say(
        'stays-on',
        'fed',
        `output on for ${on_s.toFixed(1)} s after the trip, watchdog of ${WATCHDOG_s} s kept quiet`,
      );
      continue;
    }
    // The run is over, the supply reachable and still on, although it could have been switched off or left alone.
    const isFree = !wasDisturbed(evidence, troubles, 'supply', end_s - OFF_WITHIN_s, end_s);
    if (evidence.ended !== undefined && span.to_s > end_s && from_s < end_s - sight_s(evidence) && isFree) {
      say('stays-on', 'at the end', `output still on at the end, ${on_s.toFixed(1)} s after the trip`);
    }
  }
}
