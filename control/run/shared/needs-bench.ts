import type { Device } from '../../../drivers/contract/device.ts';
import { isSecured } from '../../contract/run-state.ts';
import type { BenchSession } from '../session.ts';
import type { SharedView } from './shared-device.ts';

/** Whether the run of a session needs what it shares with others: from its start until its safe state is driven. */
export function needsBench({ state, safeState }: BenchSession): boolean {
  if (state === 'Idle' || state === 'Resetting') return false;
  // While an orderly stop brings the load down, it still does.
  if (state === 'Stopping') return !safeState.isUnderWay;
  return !isSecured(state);
}

/** For a session over these devices: which of them another run needs now. */
export function isLeftTo(devices: ReadonlyMap<string, Device | SharedView>): (device: string) => boolean {
  return id => {
    const device = devices.get(id);
    return device !== undefined && 'others' in device && device.others().length > 0;
  };
}
