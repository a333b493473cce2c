import { describe, expect, it } from 'vitest';
import { guardedDevices, proveReachable, Securing } from '../../../control/guard/secure.ts';
import { compileRoles } from '../../../control/tick/roles.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { DeviceError } from '../../../drivers/contract/errors.ts';
import type { MemoryDevice } from '../../support/memory-device.ts';
import { MINI_BENCH, miniDevices } from '../../support/mini-bench.ts';

/** The safe state in the hands of the guard. */

/** A device that cannot be had for the first `tries` times. */
function afterTries(device: MemoryDevice, tries: number): MemoryDevice {
  let left = tries;
  let state: Device['state'] = 'closed';
  const listeners: ((state: Device['state'], reason: string) => void)[] = [];
  const write = device.write.bind(device);
  Object.defineProperty(device, 'state', { get: () => state });
  device.connect = () => {
    if (left-- > 0) return Promise.reject(new DeviceError('closed', device.id, 'nobody answers there'));
    state = 'ready';
    for (const listener of listeners) listener('ready', '');
    return Promise.resolve();
  };
  device.write = (key, value, options) =>
    state === 'ready'
      ? write(key, value, options)
      : Promise.reject(new DeviceError('closed', device.id, 'not connected'));
  device.onState = listener => {
    listeners.push(listener);
    return () => {};
  };
  return device;
}

function made() {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const { supply, plc } = miniDevices(clock);
  const devices = new Map<string, Device>([
    ['supply', supply],
    ['plc', plc],
  ]);
  const notes: string[] = [];
  const descriptions = new Map([...devices]);
  const make = (): Securing =>
    new Securing({ bench: MINI_BENCH, descriptions, devices, clock, note: text => notes.push(text) });
  return { clock, devices, supply, plc, notes, make };
}

describe('the guard drives the safe state', () => {
  it('over lines of its own, until it is proved', async () => {
    const { clock, supply, make } = made();
    const { unproven } = await clock.runUntil(make().run('the controller is gone'));
    expect(unproven).toEqual([]);
    expect(supply.written.filter(({ key }) => key === 'outputSet_on').at(-1)).toMatchObject({
      value: 0,
      urgent: true,
    });
  });

  it('an instrument that cannot be had at first is tried until it is there, and driven then', async () => {
    const { clock, supply, notes, make } = made();
    afterTries(supply, 5);
    const { unproven } = await clock.runUntil(make().run('silence'));
    expect(unproven).toEqual([]);
    expect(notes.join('\n')).toContain('nobody answers there');
    expect(supply.written.some(({ key, value }) => key === 'outputSet_on' && value === 0)).toBe(true);
  });

  it('what cannot be had at all is named with the next means, and a person may take over', async () => {
    const { clock, supply, make } = made();
    afterTries(supply, Number.POSITIVE_INFINITY);
    const securing = make();
    const ending = securing.run('silence');
    await clock.runUntil(clock.sleep(200));
    await securing.release();
    const { unproven } = await clock.runUntil(ending);
    expect(unproven.length).toBeGreaterThan(0);
    for (const { otherwise } of unproven) expect(otherwise).not.toBe('');
  });
});

it('every device that the safe state speaks to or looks at is its own', () => {
  const { devices } = made();
  const needed = guardedDevices(MINI_BENCH, compileRoles(MINI_BENCH, devices));
  expect(needed).toEqual(['supply', 'plc']);
});

it('all are asked who they are before anything starts, and closed again; one that is not there is told', async () => {
  const { devices, plc, clock } = made();
  const closed: string[] = [];
  for (const device of devices.values()) {
    device.close = () => {
      closed.push(device.id);
      return Promise.resolve();
    };
  }
  await proveReachable(devices, clock);
  expect(closed).toEqual(['supply', 'plc']);
  afterTries(plc, 9);
  await expect(proveReachable(devices, clock)).rejects.toThrow('nobody answers there');
  expect(closed).toHaveLength(4);
});
