import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { connect, whileHad } from '../../../control/run/connect.ts';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { ClosedByOther, DeviceError } from '../../../drivers/contract/errors.ts';
import { socketWire } from '../../../drivers/transport/socket.ts';

const silent = new DeviceError('timeout', 'supply', 'no answer');
const closed = new ClosedByOther('closed', 'supply', 'connection closed by the other side');
const nobody = new DeviceError('closed', 'supply', 'nobody answers there');

/** One that fails so often, and is there then. */
const failing = (...errors: readonly DeviceError[]): Device => {
  let tries = 0;
  return {
    connect: () => {
      const error = errors[tries++];
      return error === undefined ? Promise.resolve() : Promise.reject(error);
    },
  } as unknown as Device;
};

it.each([
  ['is there', [], 0, 0],
  ['misses two questions', [silent, silent], 2, 0],
  ['still serves who was there before, twice', [closed, closed], 2, 2],
  ['closes, then misses a question', [closed, silent], 2, 1],
])('a device that %s is had', async (_, errors, again, waited_s) => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const told: DeviceError[] = [];
  await clock.runUntil(connect(failing(...errors), clock, error => told.push(error)));
  expect(told).toHaveLength(again);
  expect(clock.now_s()).toBe(waited_s);
});

it.each([
  ['nobody is there', [nobody], 'nobody answers there'],
  ['it stays silent', [silent, silent, silent], 'no answer'],
  ['it closes each time', [closed, closed, closed], 'closed by the other side'],
])('where %s it is not had', async (_, errors, text) => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  await expect(clock.runUntil(connect(failing(...errors), clock))).rejects.toThrow(text);
});

it('a socket that lets us in and closes says so; one where nobody listens does not', async () => {
  const full = createServer(socket => socket.destroy());
  await new Promise<void>(resolve => full.listen(0, '127.0.0.1', resolve));
  const { port } = full.address() as { port: number };
  const lost = (): Promise<DeviceError> =>
    new Promise(resolve => {
      const wire = socketWire({ host: '127.0.0.1', port }, { connected: () => {}, lost: resolve } as never);
      wire.open().catch(() => {});
    });
  expect(await lost()).toBeInstanceOf(ClosedByOther);
  await new Promise(resolve => full.close(resolve));
  const gone = await lost();
  expect(gone).toBeInstanceOf(DeviceError);
  expect(gone).not.toBeInstanceOf(ClosedByOther);
});

/** One that was had; its line stands but between two times. */
const had = (clock: VirtualClock, from_s: number, to_s: number): Device =>
  ({
    get state() {
      return clock.now_s() >= from_s && clock.now_s() < to_s ? 'lost' : 'ready';
    },
  }) as unknown as Device;

it.each([
  ['stands', 99, 99, 0],
  ['was closed while the others were being had', 0, 1.5, 1],
  ['closes as it is asked', 0.05, 2, 0],
])('what a device is asked whose line %s is answered', async (_, from_s, to_s, least_s) => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const device = had(clock, from_s, to_s);
  const ask = async (): Promise<number> => {
    await clock.sleep(0.1);
    if (device.state === 'lost') throw closed;
    return 5;
  };
  expect(await clock.runUntil(whileHad(device, clock, ask))).toBe(5);
  expect(clock.now_s()).toBeGreaterThan(least_s);
});

it('a line that stays away, and what is refused, are told', async () => {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const away = had(clock, 0, 1e9);
  await expect(clock.runUntil(whileHad(away, clock, () => Promise.reject(closed)))).rejects.toBe(closed);
  let asked = 0;
  const refused = new DeviceError('refused', 'supply', 'not now');
  const ask = (): Promise<never> => {
    asked++;
    return Promise.reject(refused);
  };
  await expect(clock.runUntil(whileHad(had(clock, 9, 9), clock, ask))).rejects.toBe(refused);
  expect(asked).toBe(1);
});
