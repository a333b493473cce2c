import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connect } from '../../../dashboards/page/connection.ts';

/** How often a page tries the line to its run once more. */

let opened = 0;
let isOver = false;

beforeEach(() => {
  vi.useFakeTimers();
  [opened, isOver] = [0, false];
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

it('every few seconds while it may be back, once a minute when it is over', () => {
  connect({ onSnapshot() {}, onHeard() {}, onConnected() {}, isOver: () => isOver });
  vi.advanceTimersByTime(60_000);
  expect(opened).toBeGreaterThan(12);
  isOver = true;
  vi.advanceTimersByTime(5_100);
  const before = opened;
  vi.advanceTimersByTime(300_000);
  expect(opened - before).toBe(5);
  // Taken up once more, it is shown again.
  isOver = false;
  vi.advanceTimersByTime(120_000);
  expect(opened - before).toBeGreaterThan(12);
});
