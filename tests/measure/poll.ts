import { connect } from 'node:net';
import { parseArgs } from 'node:util';
import modbusSerial from 'modbus-serial';
import { SerialPort } from 'serialport';
import type { Device } from '../../drivers/contract/device.ts';
import { type OnAWire, onAWire } from '../drivers/wires/on-a-wire.ts';
import { onOneLine, type Subject, subjects } from '../drivers/wires/subjects.ts';

/**
 * How fast a driver polls, beside the bare library that sends the very same questions, one after another, to the same
 * emulator in the same run, in turns; then 32 devices at 10 Hz in one process. `npm run measure:poll -- --for_s 2 [--only TEXT]`. Last line:
 * JSON. Exit code 1 where a ratio is above 1.5, a tick is missed or 32 devices take 25 % of a core (the emulators, which are
 * in this process too, are taken off: measured by the bare library at the same rate).
 */

const { values } = parseArgs({
  options: { for_s: { type: 'string', default: '2' }, only: { type: 'string', default: '' } },
});
const FOR_S = Number(values.for_s);
const RATIO_MAX = 1.5;
const BLOCKS = 4;

const quantile = (sorted: readonly number[], part: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];

/** Repeats `poll` for a while; ms of each. */
async function times(poll: () => Promise<unknown>, for_s: number): Promise<number[]> {
  const all: number[] = [];
  const end_ms = performance.now() + 1000 * for_s;
  while (performance.now() < end_ms) {
    const begin_ms = performance.now();
    await poll();
    all.push(performance.now() - begin_ms);
  }
  return all;
}

/** What the driver asks in one poll, question by question. */
async function questionsOf({ device, tap, clock }: OnAWire): Promise<Buffer[]> {
  await device.read();
  await clock.sleep(0.2);
  tap.heard.length = 0;
  await device.read();
  await clock.sleep(0.05);
  return [...tap.heard];
}

/** A bare client that sends those questions and takes whatever comes as the answer. */
async function bare(
  on: OnAWire,
  questions: readonly Buffer[],
): Promise<{ poll: () => Promise<unknown>; close: () => Promise<void> }> {
  const address = on.bench().endpoints['device'];
  if (on.subject.driver === 'generic/modbus-map') {
    const client = new modbusSerial.default();
    if ('path' in address) await client.connectRTUBuffered(String(address['path']), { baudRate: 115200 });
    else await client.connectTCP(String(address['host']), { port: Number(address['port']) });
    client.setTimeout(1000);
    const head = 'path' in address ? 0 : 6;
    return {
      async poll() {
        for (const frame of questions) {
          client.setID(frame[head]);
          const [fn, at, count] = [
            frame[head + 1],
            frame.readUInt16BE(head + 2),
            frame.readUInt16BE(head + 4),
          ];
          if (fn === 1) await client.readCoils(at, count);
          else if (fn === 2) await client.readDiscreteInputs(at, count);
          else if (fn === 3) await client.readHoldingRegisters(at, count);
          else await client.readInputRegisters(at, count);
        }
      },
      close: () => new Promise(resolve => client.close(() => resolve())),
    };
  }
  const isLine = on.subject.driver === 'generic/scpi';
  let answered: () => void = () => {};
  let got: Buffer = Buffer.alloc(0);
  const take = (bytes: Buffer): void => {
    got = Buffer.concat([got, bytes]);
    // A line, or DLE ETX.
    if (isLine ? /[\r\n]$/.test(got.toString('latin1')) : got.at(-1) === 3 && got.at(-2) === 16) answered();
  };
  const wire =
    'path' in address
      ? new SerialPort({ path: String(address['path']), baudRate: 115200, autoOpen: false })
      : connect({ host: String(address['host']), port: Number(address['port']), noDelay: true });
  wire.on('data', take);
  await new Promise<void>((resolve, reject) => {
    if (wire instanceof SerialPort) wire.open(error => (error ? reject(error) : resolve()));
    else wire.once('connect', () => resolve());
  });
  return {
    async poll() {
      for (const question of questions) {
        got = Buffer.alloc(0);
        const answer = new Promise<void>(resolve => {
          answered = resolve;
        });
        wire.write(question);
        await answer;
      }
    },
    close: () =>
      new Promise(resolve => {
        if (wire instanceof SerialPort) wire.close(() => resolve());
        else {
          wire.once('close', () => resolve());
          wire.destroy();
        }
      }),
  };
}

async function compare(subject: Subject) {
  const on = await onAWire(subject);
  const own: number[] = [];
  const floor: number[] = [];
  try {
    await on.device.connect();
    const questions = await questionsOf(on);
    await on.device.close();
    // A serial line has room for one: the tap goes.
    await on.tap.end();
    const direct = on.open(on.bench().endpoints['device']);
    for (let block = 0; block < BLOCKS; block++) {
      await direct.connect();
      await times(() => direct.read(), 0.1);
      own.push(...(await times(() => direct.read(), FOR_S / BLOCKS)));
      await direct.close();
      if (!COMPARED.test(subject.name)) continue;
      const client = await bare(on, questions);
      await times(client.poll, 0.1);
      floor.push(...(await times(client.poll, FOR_S / BLOCKS)));
      await client.close();
    }
    const figures = (all: number[]) => {
      const sorted = [...all].sort((a, b) => a - b);
      return {
        polls_per_s: Math.round((1000 * all.length) / all.reduce((sum, ms) => sum + ms, 0)),
        p50_ms: Number(quantile(sorted, 0.5).toFixed(3)),
        p99_ms: Number(quantile(sorted, 0.99).toFixed(3)),
      };
    };
    const driver = figures(own);
    const row = { driver: subject.name, questions: questions.length, ...driver };
    if (floor.length === 0) return row;
    const library = figures(floor);
    return { ...row, library, ratio: Number((driver.p50_ms / library.p50_ms).toFixed(2)) };
  } finally {
    await on.end();
  }
}

/** Drivers that have a bare library to be measured by, and no pause between two questions that the maker asks for. */
const COMPARED = /keysight-n5700|labjack|propar/;

async function many(subject: Subject) {
  const lines = await Promise.all(Array.from({ length: 32 }, () => onAWire(subject)));
  try {
    const devices: Device[] = [];
    for (const on of lines) {
      await on.device.connect();
      devices.push(on.device);
    }
    const { clock } = lines[0];
    let [ticks, missed, late] = [0, 0, 0];
    const share = async (poll: (() => void) | undefined, for_s: number): Promise<number> => {
      const before = process.cpuUsage();
      const begin_ms = performance.now();
      const cancel =
        poll === undefined
          ? () => {}
          : clock.every(0.1, skipped => {
              ticks++;
              missed += skipped;
              poll();
            });
      await clock.sleep(for_s);
      cancel();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 / (performance.now() - begin_ms);
    };
    const idle = await share(undefined, 3);
    let out = 0;
    const all = await share(() => {
      for (const device of devices) {
        out++;
        if (out > devices.length) late++;
        void device.read().finally(() => out--);
      }
    }, 10);
    return {
      devices: devices.length,
      cpu_pct: Number((100 * (all - idle)).toFixed(1)),
      emulators_idle_pct: Number((100 * idle).toFixed(1)),
      ticks,
      missed,
      late,
    };
  } finally {
    await Promise.all(lines.map(on => on.end()));
  }
}

const all = await subjects();
const rows = [];
const chosen = [
  ...onOneLine(all),
  ...all.filter(({ name }) => /(keysight-n5700|labjack-t7) pty/.test(name)),
].filter(({ name }) => name.includes(values.only));
for (const subject of chosen) {
  const row = await compare(subject).catch((error: unknown) => ({
    driver: subject.name,
    error: String(error),
  }));
  rows.push(row);
  console.error(JSON.stringify(row));
}
const thirtyTwo = await many(all.find(({ name }) => name === 'generic/modbus-map labjack-t7 tcp') ?? all[0]);
console.log(JSON.stringify({ drivers: rows, thirty_two: thirtyTwo, ratio_max: RATIO_MAX }));
const isSlow = rows.some(row => 'ratio' in row && Number(row.ratio) > RATIO_MAX);
process.exitCode = isSlow || thirtyTwo.missed > 0 || thirtyTwo.cpu_pct > 25 ? 1 : 0;
