import type { ClockNote, Device } from '../../drivers/contract/device.ts';
import type { EventBody } from '../record/events.ts';

/** What a person should know of an instrument's clock, in words. */
export function clockText({ what, channel, by_s }: ClockNote): string {
  const far = `${Math.abs(by_s).toFixed(Math.abs(by_s) < 1000 ? 1 : 0)} s`;
  if (what === 'offset')
    return `its clock is ${far} ${by_s > 0 ? 'ahead of' : 'behind'} ours: rows count from their arrival, what it says itself is kept in ${channel}`;
  return `its clock was set ${by_s > 0 ? 'on' : 'back'} by ${far} (${channel}): rows stay in the order of arrival`;
}

/** Notes from now on what the clock of an instrument gives to tell; what was told before, at once. */
export function noteClock(device: Device, note: (body: EventBody, text: string) => void): void {
  device.onClock?.(clock =>
    note(
      { kind: 'instrumentClock', data: { device: device.id, ...clock } },
      `${device.id}: ${clockText(clock)}`,
    ),
  );
}
