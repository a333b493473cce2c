import { join } from 'node:path';
import { Journal } from '../../../control/record/journal.ts';
import { Sending } from '../../../control/send/sending.ts';
import { realClock } from '../../../drivers/contract/clock.ts';

/**
 * Writes a journal at so many readings a second, and sends it, until a word comes on stdin (then it ends properly) or it is
 * killed. Arguments: folder, URL of the store, devices, readings a second of each. Each second one line of JSON on stdout.
 */

const [dir, url, devices, rate_Hz] = process.argv.slice(2);
const ids = Array.from({ length: Number(devices) }, (_, i) => `device${i}`);
const rate = Number(rate_Hz);
const clock = realClock();
const startedUtc = new Date(clock.utc_ms()).toISOString();
const journalPath = join(dir, 'run.sqlite');
const journal = await Journal.open(
  journalPath,
  ids.map(device => ({ device, channels: ['current_A', 'voltage_V'] })),
  {
    bench: 'chaos',
    mode: 'bench',
    startedUtc,
    benchFile: `bench: chaos\nsinks:\n  store: { kind: influxdb, url: "${url}", org: lab, bucket: bench, timeout_s: 3 }\n`,
  },
);
const target = { name: 'store', url, org: 'lab', bucket: 'bench', token: undefined, timeout_s: 3 };
const sending = new Sending({ journal: journalPath, file: join(dir, 'sending.sqlite'), targets: [target] });

const STEP_S = 0.1;
let n = 0;
const stop = clock.every(STEP_S, missed => {
  for (let step = 0; step <= missed; step++) {
    for (let i = 0; i < rate * STEP_S; i++, n++) {
      for (const device of ids) {
        const values = Float64Array.of(n % 977, 1.8 + (n % 13) / 1000);
        journal.frame({ device, t_s: n / rate, values, quality: new Uint8Array(2) });
      }
    }
  }
});
const flushing = clock.every(1, () => {
  void journal.flush();
  const main_MB = process.memoryUsage().heapUsed / 2 ** 20;
  const [sink] = sending.sinks;
  process.stdout.write(
    `${JSON.stringify({ rows: n * ids.length, main_MB, thread_MB: sending.heap_MB, ...sink })}\n`,
  );
});
process.stdin.once('data', () => {
  stop();
  flushing();
  void (async () => {
    await sending.hold();
    await journal.close();
    await sending.end(20);
    process.exit(0);
  })();
});
