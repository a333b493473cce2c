import { STILL } from '../../drivers/contract/clock.ts';
import type { Beats } from '../tick/beat.ts';
import { ClockWatch } from './clock-watch.ts';
import type { SessionParts } from './session-parts.ts';

/** The set values that the instruments hold are looked at in turn, one each so many s. */
const AUDIT_S = 1;

/** What a session does again and again, by name. */
export type BeatName = 'control' | 'checkpoint' | 'audit' | 'flush';

/** Adds what a session does again and again. */
export function addSessionBeats(
  beats: Beats,
  { devices, clock, recording, control_s, checkpoint_s, flush_s, beat }: SessionParts,
  works: Readonly<Record<BeatName, () => void>>,
): void {
  beats.add('control', control_s, () => {
    works.control();
    beat?.();
    return STILL;
  });
  beats.add('checkpoint', checkpoint_s, works.checkpoint);
  // Nobody else can change what a twin holds.
  const canRead = [...devices.values()].some(device => device.readBack !== undefined);
  if (canRead) beats.add('audit', AUDIT_S, works.audit);
  const wallClock = new ClockWatch(clock, (body, text) =>
    recording.event({ ...body, t_s: clock.now_s(), text }),
  );
  beats.add('flush', flush_s, () => {
    wallClock.look();
    works.flush();
  });
}
