import { LOOK_S, type Seen } from '../wires/seen.ts';
import type { Fault, Found } from './fault.ts';

/** Whether the output went off in time and by whom, and whether the pressure is let off: the instruments' own word. */

export type Stack = Extract<Seen, { what: 'stack' }>;
const RELEASED_BARG = 0.8;

export function stacksOf(log: readonly Seen[]): Stack[] {
  return log.flatMap(seen => (seen.what === 'stack' ? [seen] : []));
}

/** Time that the instruments themselves stood still, s: what they could not do then is not the program's. */
export function stoodStill_s(stacks: readonly Stack[]): number {
  return stacks.slice(1).reduce((sum, { t_s }, i) => sum + Math.max(0, t_s - stacks[i].t_s - 2 * LOOK_S), 0);
}

/** Who put the output off that was on at `at_s`. */
export function judgeOff(
  found: Found,
  of: {
    readonly fault: Fault;
    readonly log: readonly Seen[];
    /** When the fault came, and when the controller was gone, s since 1970; it does nothing any more from `silent_s` on. */
    readonly at_s: number;
    readonly silent_s: number;
    readonly isGoingOn: boolean;
  },
): void {
  const { fault, log, at_s, silent_s, isGoingOn } = of;
  const stacks = stacksOf(log);
  const before = stacks.findLast(({ t_s }) => t_s <= at_s);
  const after = stacks.filter(({ t_s }) => t_s > at_s);
  if (isGoingOn) {
    found.layers.push('went on');
    return;
  }
  if (before?.output_on !== 1) {
    if (after.some(({ output_on }) => output_on === 1)) {
      // It was just being switched on: what is on must still go off.
    } else {
      found.layers.push('was off');
      return;
    }
  }
  const lastOn = after.findLast(({ output_on }) => output_on === 1);
  const end = after.at(-1);
  if (end === undefined || end.output_on === 1) {
    found.unsafe.push(`output still on ${((end?.t_s ?? at_s) - at_s).toFixed(1)} s after`);
    return;
  }
  const off_s = (lastOn?.t_s ?? at_s) + LOOK_S - at_s;
  found.off_s = off_s;
  const firstOff = after.find(({ t_s }) => t_s > (lastOn?.t_s ?? at_s))?.t_s ?? at_s;
  const set = log.findLast(
    seen =>
      seen.what === 'set' &&
      seen.signal === 'stack.outputSet_on' &&
      seen.value === 0 &&
      seen.t_s <= firstOff + 0.02,
  );
  const isOwn = set?.what === 'set' && set.by === 'own';
  found.layers.push(
    isOwn ? 'watchdog' : set !== undefined && set.t_s > silent_s - 0.01 ? 'guard' : 'controller',
  );
  const stall_s = stoodStill_s(stacks.filter(({ t_s }) => t_s >= at_s && t_s <= firstOff));
  if (off_s > fault.off_s + stall_s)
    found.unsafe.push(
      `output off ${off_s.toFixed(2)} s after, expected ${fault.off_s} s (${found.layers.at(-1)})`,
    );
  // A PLC that has lost its controller opens and shuts by itself.
  if (
    log.some(
      seen =>
        seen.what === 'set' &&
        seen.by === 'own' &&
        seen.t_s > at_s &&
        /^(n2|h2|anode|water|room)\./.test(seen.signal),
    )
  )
    found.layers.push('plc');
}

/** The pressure is let off at the end of this log. */
export function judgeVent(found: Found, log: readonly Seen[], when: string): void {
  const end = stacksOf(log).at(-1);
  if (end !== undefined && end.cathode_barg > RELEASED_BARG)
    found.unsafe.push(`${end.cathode_barg.toFixed(2)} barg left ${when}`);
}

/** Whether the output was switched on with pressure on the stack that nobody had let off, in what a next start did. */
export function judgeNextStart(found: Found, log: readonly Seen[]): void {
  const stacks = stacksOf(log);
  const on = stacks.findIndex(({ output_on }) => output_on === 1);
  if (on < 0) return;
  const least_barg = Math.min(...stacks.slice(0, on).map(({ cathode_barg }) => cathode_barg));
  if (least_barg > RELEASED_BARG)
    found.unsafe.push(
      `the next start switched on at ${least_barg.toFixed(2)} barg, without the safe state before`,
    );
}

/** Every output stands as the safe state wants it. */
export function judgeSafe(found: Found, log: readonly Seen[], final: Readonly<Record<string, number>>): void {
  for (const [signal, value] of Object.entries(final)) {
    const set = log.findLast(seen => seen.what === 'set' && seen.signal === signal);
    if (set?.what === 'set' && Math.abs(set.value - value) > 1e-3)
      found.unsafe.push(`${signal} stands at ${set.value} instead of ${value}`);
  }
}
