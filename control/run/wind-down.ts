import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { Gate } from '../tick/gate.ts';
import type { RoleTable } from '../tick/roles.ts';

/** After the safe state, so long may a lost device take to come back and be made safe too, s. */
export const LOST_RETURN_S = 15;

/**
 * Brings ramp-limited outputs to their safe value under the ramp limit: an orderly stop takes the load off before the
 * safe state switches the output off. Bounded in time; what does not follow is left to the safe state.
 */
export async function rampOff(
  roles: RoleTable,
  devices: ReadonlyMap<string, Device>,
  gate: Gate,
  clock: Clock,
  control_s: number,
): Promise<void> {
  const asks: Promise<unknown>[] = [];
  for (const spec of roles.settable.values()) {
    const safe = devices.get(spec.device)?.safeList.find(([key]) => key === spec.key);
    const applied = gate.applied(spec.role);
    if (spec.ramp_per_s === undefined || safe === undefined) continue;
    // Both ways: a cell may be discharging. NaN (nothing applied yet) has nothing to come back from.
    const way = Math.abs(applied - safe[1]);
    if (!(way > 0)) continue;
    const limit_s = (way / spec.ramp_per_s) * 1.5 + 5 * control_s;
    asks.push(Promise.race([gate.ask(spec.role, safe[1], 'stop'), clock.sleep(limit_s)]));
  }
  await Promise.all(asks);
}

/** Resolves true once every lost device is back, false if none was lost or one stays away for LOST_RETURN_S. */
export async function lostDevicesReturn(
  devices: ReadonlyMap<string, Device>,
  clock: Clock,
  look_s: number,
  note: (text: string) => void,
): Promise<boolean> {
  const lost = [...devices.values()].filter(d => d.state !== 'ready');
  if (lost.length === 0) return false;
  note(`waiting ${LOST_RETURN_S} s for ${lost.map(d => d.id).join(', ')} to come back`);
  const until_s = clock.now_s() + LOST_RETURN_S;
  while (clock.now_s() < until_s) {
    if (lost.every(d => d.state === 'ready')) return true;
    await clock.sleep(look_s);
  }
  return false;
}
