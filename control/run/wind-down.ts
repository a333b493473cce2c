import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { Gate } from '../tick/gate.ts';

/**
 * Brings ramp-limited outputs to their safe value under the ramp limit: an orderly stop takes the load off before the
 * safe state switches the output off. Bounded in time; what does not follow is left to the safe state.
 */
export async function rampOff(of: {
  readonly roles: RoleTable;
  readonly devices: ReadonlyMap<string, Device>;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly control_s: number;
}): Promise<void> {
  const asks: Promise<unknown>[] = [];
  for (const spec of of.roles.settable.values()) {
    const safe = of.devices.get(spec.device)?.safeList.find(([key]) => key === spec.key);
    const applied = of.gate.applied(spec.role);
    if (spec.ramp_per_s === undefined || safe === undefined) continue;
    // Both ways: a cell may be discharging. NaN (nothing applied yet) has nothing to come back from.
    const way = Math.abs(applied - safe[1]);
    if (!(way > 0)) continue;
    const limit_s = (way / spec.ramp_per_s) * 1.5 + 5 * of.control_s;
    const done = new AbortController();
    const asked = of.gate.ask(spec.role, safe[1], 'stop').finally(() => done.abort());
    asks.push(Promise.race([asked, of.clock.sleep(limit_s, done.signal)]));
  }
  await Promise.all(asks);
}
