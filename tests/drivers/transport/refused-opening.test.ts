import { expect, it } from 'vitest';
import { VirtualClock } from '../../../drivers/contract/clock.ts';
import { DeviceError, type DeviceErrorCode } from '../../../drivers/contract/errors.ts';
import type { Link } from '../../../drivers/contract/transport.ts';
import { supervise } from '../../../drivers/transport/supervisor.ts';

/** A server that opens no line to us: the one that is merely away is asked often, the one that refuses us is not. */

const HOUR_s = 3600;

/** A line that was there once; then opening it fails in one way. `opened_s`: when it was tried. */
async function tried(code: DeviceErrorCode) {
  const clock = new VirtualClock({ utcStart_ms: Date.UTC(2026, 0, 1, 8) });
  const opened_s: number[] = [];
  const reasons: string[] = [];
  let lose: (reason: DeviceError) => void = () => {};
  let fails = false;
  const supervisor = supervise<string, string>({
    clock,
    reply_ms: 100,
    gap_ms: 0,
    makeLink: (): Link<string, string> => ({
      where: 'plc',
      namesReplies: true,
      async open() {
        opened_s.push(clock.now_s());
        if (fails) throw new DeviceError(code, 'plc', 'not you');
      },
      send: async () => '',
      flush: async () => {},
      onLost(listener) {
        lose = listener;
      },
      close: async () => {},
    }),
    prepare: async () => {},
  });
  supervisor.onState((_, reason) => reasons.push(reason));
  await clock.runUntil(supervisor.connect());
  fails = true;
  lose(new DeviceError('closed', 'plc', 'cut'));
  const since_s = clock.now_s();
  await clock.runUntil(clock.sleep(HOUR_s));
  const found = { tries: opened_s.slice(1).map(s => s - since_s), reasons, state: supervisor.state };
  fails = false;
  await clock.runUntil(clock.sleep(HOUR_s));
  const isBack = supervisor.state === 'ready';
  await clock.runUntil(supervisor.close());
  return { ...found, isBack };
}

it('one that is away is tried every 2 s', async () => {
  const { tries, isBack } = await tried('closed');
  expect(tries.length).toBeGreaterThan(1700);
  expect(isBack).toBe(true);
});

it('one that refuses us is tried less and less often, and it is told when next: no account is locked by that', async () => {
  const { tries, reasons, isBack } = await tried('refused');
  expect(tries.filter(s => s < 600).length).toBeLessThanOrEqual(5);
  const pauses = tries.slice(1).map((s, i) => Math.round(s - tries[i]));
  expect(pauses).toEqual([30, 60, 120, 240, 480, 900, 900]);
  expect(reasons[3]).toBe('plc: not you; tried again at 08:00:30 UTC, not before: an account may be locked');
  expect(isBack).toBe(true);
});
