import { messageOf } from '../../../drivers/contract/errors.ts';
import type { SafeStep } from '../../bench/bench.ts';
import type { Unproven } from '../../contract/cause.ts';
import type { SafeIo, SafePlan } from './plan.ts';

type Vent = Extract<SafeStep, { vent: string }>;

/** Neither to be set nor to be read for so long, s: waiting longer proves nothing. */
const BLIND_S = 15;
/** So long, s, a reading or a read-back is waited for before the vent starts from the highest pressure there can be. */
const UNKNOWN_S = 5;
/** One write may take this, s. */
const WRITE_S = 1;

/**
 * Ramps a back-pressure set point down from the pressure as read, at the declared rate, until the pressure is low.
 * The set point never rises, and stands still while it cannot be written: an instrument that comes back is not asked
 * for a jump. Resolves with what could not be proved; undefined = vented.
 */
export async function controlledVent(vent: Vent, plan: SafePlan, io: SafeIo): Promise<Unproven | undefined> {
  const { clock } = io;
  const start_s = clock.now_s();
  const period_s = Math.max(0.05, Math.min(1, plan.poll_s[vent.role] ?? 1));
  const step_bar = (vent.rate_bar_per_min / 60) * period_s;
  let next = Number.NaN;
  let failure = '';
  const device = plan.deviceOf[vent.vent] ?? '';
  let seen_s = start_s;
  let silent_s = start_s;
  while (clock.now_s() - start_s < vent.within_s && !io.signal.aborted) {
    if (!io.answers(device)) silent_s = clock.now_s();
    if (Number.isNaN(next)) {
      next = await startOf(vent, plan, io, silent_s);
      if (Number.isNaN(next)) failure = `${device} does not say what is set`;
      const text = `controlled vent from ${next.toFixed(2)} barg at ${vent.rate_bar_per_min} bar/min`;
      if (!Number.isNaN(next)) io.note({ what: 'vent', ok: true, text });
    } else if (io.answers(device)) {
      // Somebody may have set it lower meanwhile: the set point never rises.
      const held = await io.held(vent.vent);
      if (Number.isFinite(held)) next = Math.min(next, held);
    }
    try {
      if (!Number.isNaN(next)) {
        await within(io, WRITE_S, io.write({ role: vent.vent, value: next }));
        failure = '';
        next = Math.max(0, next - step_bar);
        seen_s = clock.now_s();
      }
    } catch (error) {
      failure = messageOf(error);
    }
    const { value, t_s } = io.read(vent.role);
    if (value < vent.below && t_s > start_s) {
      const took_s = clock.now_s() - start_s;
      const text = `vented to ${value.toFixed(2)} barg after ${took_s.toFixed(1)} s`;
      io.note({ what: 'vent', ok: true, took_s, text });
      return undefined;
    }
    if (Number.isFinite(value)) seen_s = clock.now_s();
    if (clock.now_s() - seen_s > BLIND_S) break;
    await clock.sleep(period_s, io.signal);
  }
  const why = failure === '' ? '' : `, ${failure}`;
  const what = `vent of ${vent.role} below ${vent.below} (reads ${io.read(vent.role).value}${why})`;
  io.note({ what: 'vent', ok: false, text: `NOT PROVED: ${what}: ${vent.otherwise}` });
  return { what, otherwise: vent.otherwise };
}

/**
 * Where the set point starts: at the pressure as read, but never above the set point that stands, for that would shut
 * the valve. What the instrument does not say for a while, although it answers, is taken as last known; a pressure that
 * cannot be read is left out; with nothing known at all, from the highest pressure there can be.
 */
async function startOf(vent: Vent, plan: SafePlan, io: SafeIo, silent_s: number): Promise<number> {
  const held = await io.held(vent.vent);
  const { value } = io.read(vent.role);
  const isKnown = Number.isFinite(held) && Number.isFinite(value);
  if (!isKnown && io.clock.now_s() - silent_s < UNKNOWN_S) return Number.NaN;
  const last = Number.isFinite(held) ? held : io.lastHeld(vent.vent);
  const known = [value, last].filter(Number.isFinite);
  return known.length === 0 ? plan.pressureMax_barg : Math.max(0, Math.min(...known));
}

/** The work, or a time-out error after limit_s. The timer is taken back when the work settles first. */
function within(io: SafeIo, limit_s: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = io.clock.schedule(limit_s, () => reject(new Error(`not done within ${limit_s} s`)));
    work.then(resolve, reject).finally(cancel);
  });
}
