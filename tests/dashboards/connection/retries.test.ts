import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connect } from '../../../dashboards/page/connection.ts';

/** How often a page tries the line to its run once more. */

let opened = 0;
let isOver = false;
let mayOpen = true;

beforeEach(() => {
  vi.useFakeTimers();
  [opened, isOver, mayOpen] = [0, false, true];
  vi.stubGlobal('location', { href: 'http://127.0.0.1:1/run/run-1/' });
  vi.stubGlobal(
    'WebSocket',
    class {
      onclose: (() => void) | undefined;
      constructor() {
        opened++;
        setTimeout(() => this.onclose?.(), 10);
      }
      close(): void {}
    },
  );
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const listener = {
  onSnapshot() {},
  onHeard() {},
  onConnected() {},
  isOver: () => isOver,
  mayOpen: async () => mayOpen,
};

it('every few seconds while it may be back, once a minute when it is over', async () => {
  connect(listener);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened).toBeGreaterThan(12);
  isOver = true;
  await vi.advanceTimersByTimeAsync(5_100);
  const before = opened;
  await vi.advanceTimersByTimeAsync(300_000);
  expect(opened - before).toBe(5);
  // Taken up once more, it is shown again.
  isOver = false;
  await vi.advanceTimersByTimeAsync(120_000);
  expect(opened - before).toBeGreaterThan(12);
});

it('never where the answer would be no, and soon after it would be yes', async () => {
  connect(listener);
  await vi.advanceTimersByTimeAsync(5);
  mayOpen = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(opened).toBe(1);
  mayOpen = true;
  await vi.advanceTimersByTimeAsync(6_000);
  expect(opened).toBeGreaterThan(1);
});
