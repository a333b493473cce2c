import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Line } from '../../../drivers/contract/transport.ts';
import { openLine } from '../../../drivers/transport/line.ts';
import type { ModbusReply, ModbusRequest } from '../../../drivers/transport/modbus-request.ts';
import { modbusRtuLink } from '../../../drivers/transport/modbus-rtu.ts';
import { crc16 } from '../modbus-peer.ts';
import { type PtyPair, ptyPair } from '../pty-pair.ts';

/** Several units on one serial line: register n of unit u holds 1000 u + n; written on a real pty, no library. */

const clock = realClock();
const BAUD = 115200;
type Rtu = Line<ModbusRequest, ModbusReply>;

let pair: PtyPair;
let far: SerialPort;
let lines: Rtu[] = [];
/** Units in the order of their questions; `W` before a write. */
let heard: string[] = [];
let dead: ReadonlySet<number> = new Set();
/** Bytes around each reply, and what the adapter returns of each request. */
let before: readonly number[] = [];
let after: readonly number[] = [];
let echoes = false;
let delay_ms = 0;
/** Two questions at a time. */
let collisions = 0;
let isAnswering = false;

const sum = (body: readonly number[]): number[] => {
  const crc = crc16(Uint8Array.from(body));
  return [...body, crc & 0xff, crc >> 8];
};

beforeEach(async () => {
  pair = await ptyPair();
  far = new SerialPort({ path: pair.b, baudRate: BAUD, autoOpen: false });
  let rest = Buffer.alloc(0);
  far.on('error', () => {});
  far.on('data', (chunk: Buffer) => {
    if (isAnswering) collisions++;
    rest = Buffer.concat([rest, chunk]);
    for (; rest.length >= 8; rest = rest.subarray(8)) answer(rest.subarray(0, 8));
  });
  await new Promise<void>((resolve, reject) => far.open(e => (e ? reject(e) : resolve())));
});

function answer(frame: Buffer): void {
  const [unit, fn] = frame;
  heard.push(`${fn >= 5 ? 'W' : ''}${unit}`);
  if (echoes) far.write(frame);
  if (dead.has(unit)) return;
  const address = frame.readUInt16BE(2);
  const count = frame.readUInt16BE(4);
  const words = Array.from({ length: count }, (_, i) => 1000 * unit + address + i);
  const body =
    fn >= 5 ? [...frame.subarray(0, 6)] : [unit, fn, 2 * count, ...words.flatMap(w => [w >> 8, w & 0xff])];
  isAnswering = true;
  void clock.sleep(delay_ms / 1000).then(() => {
    isAnswering = false;
    if (far.isOpen) far.write(Buffer.from([...before, ...sum(body), ...after]));
  });
}

afterEach(async () => {
  await Promise.all(lines.map(line => line.close('end of the test')));
  await new Promise<void>(resolve => (far.isOpen ? far.close(() => resolve()) : resolve()));
  await pair.unplug();
  lines = [];
  heard = [];
  dead = new Set();
  before = after = [];
  echoes = false;
  delay_ms = 0;
  collisions = 0;
  isAnswering = false;
});

async function lineTo(
  unit: number,
  { reply_ms = 300, ...more }: { localEcho?: boolean; parity?: 'even'; reply_ms?: number } = {},
): Promise<Rtu> {
  const link = modbusRtuLink({ path: pair.a, baud: BAUD, parity: 'none', clock, unit, ...more });
  await link.open();
  const line = openLine(link, { clock, reply_ms, gap_ms: 0, retriesMax: 1 });
  const probe: ModbusRequest = { fn: 3, unit, address: 900, count: 3 };
  line.setProbe({ ask: probe, isAnswer: ([first]) => first === 1000 * unit + 900 });
  lines.push(line);
  return line;
}

const read = (line: Rtu, unit: number, address = 1): Promise<ModbusReply> =>
  line.exchange({ fn: 3, unit, address, count: 2 });

describe('several units on one line', () => {
  it('each reads its own, one question at a time, in turn', async () => {
    delay_ms = 3;
    const units = await Promise.all([1, 2, 3].map(unit => lineTo(unit)));
    const asked = units.flatMap((line, i) => [10, 20, 30].map(address => read(line, i + 1, address)));
    expect((await Promise.all(asked)).map(([first]) => first)).toEqual([
      1010, 1020, 1030, 2010, 2020, 2030, 3010, 3020, 3030,
    ]);
    expect(collisions).toBe(0);
    // Nobody gets a second turn before everybody had a first.
    expect(heard.slice(0, 3).sort()).toEqual(['1', '2', '3']);
    expect(heard.slice(3, 6).sort()).toEqual(['1', '2', '3']);
  });

  it('an urgent write of one goes before the polls of all', async () => {
    delay_ms = 5;
    const [one, two, three] = await Promise.all([1, 2, 3].map(unit => lineTo(unit)));
    const polls = [one, two, three].flatMap((line, i) => [1, 2].map(n => read(line, i + 1, n)));
    await clock.sleep(0.002);
    await three.exchange({ fn: 6, unit: 3, address: 7, value: 0 }, 'urgent', 'write');
    expect(heard).toEqual(['1', 'W3']);
    await Promise.all(polls);
  });

  it('one dead unit neither starves the others nor takes the port from them', async () => {
    dead = new Set([2]);
    const [one, two, three] = await Promise.all([1, 2, 3].map(unit => lineTo(unit, { reply_ms: 60 })));
    let lost = '';
    two.onLost(reason => {
      lost = reason.message;
    });
    const end_s = clock.now_s() + 1;
    let good = 0;
    while (clock.now_s() < end_s) {
      void read(two, 2).catch(() => {});
      const replies = await Promise.all([read(one, 1), read(three, 3)]);
      expect(replies.map(([first]) => first)).toEqual([1001, 3001]);
      good++;
    }
    expect(lost).toContain('without an answer');
    // Two turns between two silences of 60 ms, and undisturbed once it is given up.
    expect(good).toBeGreaterThan(8);
  });

  it('a late answer of one is not the answer of another, and only its own line asks again who is there', async () => {
    const [one, two] = [await lineTo(1, { reply_ms: 60 }), await lineTo(2)];
    delay_ms = 100;
    const late = read(one, 1, 5).catch(error => error.code);
    await clock.sleep(0.065);
    delay_ms = 0;
    expect((await read(two, 2, 6))[0]).toBe(2006);
    expect([1005, 'timeout', 'garbled']).toContain(await late.then(v => (Array.isArray(v) ? v[0] : v)));
    await clock.sleep(0.1);
    expect((await read(two, 2, 8))[0]).toBe(2008);
    expect(two.resyncs).toBe(0);
    expect((await read(one, 1, 9))[0]).toBe(1009);
  });

  it('the last that leaves closes the port, and it opens again', async () => {
    const [one, two] = await Promise.all([1, 2].map(unit => lineTo(unit)));
    await one.close('given up');
    expect((await read(two, 2))[0]).toBe(2001);
    await two.close('given up');
    const again = await lineTo(1);
    expect((await read(again, 1))[0]).toBe(1001);
  });

  it('a line that runs otherwise for another device is refused in plain words', async () => {
    await lineTo(1);
    await expect(lineTo(2, { parity: 'even' })).rejects.toThrow(
      /runs with 115200 bit\/s 8N1 for another device of this bench, this one says 115200 bit\/s 8E1/,
    );
  });
});

describe('what real lines add', () => {
  it('its own request comes back first (local echo)', async () => {
    echoes = true;
    const line = await lineTo(1, { localEcho: true });
    expect((await read(line, 1))[0]).toBe(1001);
    await line.exchange({ fn: 6, unit: 1, address: 7, value: 9 });
    expect(line.resyncs).toBe(0);
  });

  it.each([
    ['zeros', [0, 0]],
    ['ones', [0xff, 0xfe, 0]],
  ])('%s before and after each reply, as the line turns round', async (_, bytes) => {
    before = bytes;
    after = [0, 0];
    const line = await lineTo(1);
    for (let n = 0; n < 20; n++) expect((await read(line, 1, n))[0]).toBe(1000 + n);
    expect(line.resyncs).toBe(0);
  });

  it('more than that behind a reply is not believed', async () => {
    after = sum([1, 3, 4, 0, 1, 0, 2]);
    const line = await lineTo(1);
    await expect(read(line, 1)).rejects.toMatchObject({ code: 'garbled' });
  });
});
