import { readFileSync, watchFile } from 'node:fs';

/**
 * Loaded into the program under test before its own code (`node --import`): SIGUSR2 keeps its event loop busy for 5 s, and
 * the computer's clock shows so many seconds more as the file says, in its threads and its guard as well. Timers and the
 * monotonic clock stay as they are, as where a clock is really set.
 */

const BLOCK_MS = 5000;
const LOOK_MS = 100;

const path = process.env['CELLBENCH_CHAOS_CLOCK'];
const OwnDate = Date;
const now = Date.now;
let shift_ms = 0;

function look(): void {
  try {
    shift_ms = 1000 * Number(readFileSync(path ?? '', 'utf8'));
  } catch {
    shift_ms = 0;
  }
}

if (path !== undefined) {
  look();
  watchFile(path, { interval: LOOK_MS, persistent: false }, look);
  Date.now = () => now() + shift_ms;
  globalThis.Date = new Proxy(OwnDate, {
    construct: (target, args, made) =>
      Reflect.construct(target, args.length === 0 ? [now() + shift_ms] : args, made),
  });
}

process.on('SIGUSR2', () => {
  const end_ms = performance.now() + BLOCK_MS;
  while (performance.now() < end_ms);
});
