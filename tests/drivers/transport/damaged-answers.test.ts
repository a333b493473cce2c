import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { sumOf } from '../../../drivers/arbin/messages.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { type Frame, QUALITY } from '../../../drivers/contract/frame.ts';
import { jsonLinesLink } from '../../../drivers/transport/json-lines.ts';
import { arbinBench } from '../arbin/bench.ts';
import { maccorBench } from '../maccor/bench.ts';
import { newareBench } from '../neware/bench.ts';
import { openTap } from '../wires/tap.ts';

/**
 * One damaged answer of a cycler, on real lines in real time: it is bad at once, the next poll or the one after is good, and no
 * good value is that of another answer. Each answer carries a number of its own in place of the time of the test.
 */

const NUMBERED: Readonly<Record<string, (bytes: Buffer, number: number) => Buffer | undefined>> = {
  'arbin/cti'(bytes, number) {
    if (bytes.readUInt32LE(12) !== 0xeeba0003) return undefined;
    const own = Buffer.from(bytes);
    own.writeDoubleLE(number, 1685);
    own.writeUInt16LE(sumOf(own.subarray(0, -2)), own.length - 2);
    return own;
  },
  'maccor/macnet': replaced(/"TestTime":\s*[-\d.e]+/, number => `"TestTime": ${number}`),
  'neware/bts-8': replaced(/totaltime="[^"]*"/, number => `totaltime="${number}"`),
};

function replaced(mark: RegExp, by: (number: number) => string) {
  return (bytes: Buffer, number: number): Buffer | undefined => {
    const text = bytes.toString('latin1');
    return mark.test(text) ? Buffer.from(text.replace(mark, by(number)), 'latin1') : undefined;
  };
}

type Damage = (bytes: Buffer) => readonly Buffer[];
const changed =
  (at: number, to: (old: number) => number): Damage =>
  bytes => {
    const own = Buffer.from(bytes);
    const index = at < 0 ? own.length + at : at;
    own[index] = to(own[index]);
    return [own];
  };
const lengthSaid =
  (of: (length: number) => number): Damage =>
  bytes => {
    const own = Buffer.from(bytes);
    own.writeUInt32LE(of(own.length), 8);
    return [own];
  };
const flip = (old: number): number => old ^ 0x21;
const without =
  (text: string): Damage =>
  bytes => [Buffer.from(bytes.toString('latin1').replace(text, ''), 'latin1')];
const within =
  (text: string, by: string): Damage =>
  bytes => [Buffer.from(bytes.toString('latin1').replace(text, by), 'latin1')];
const cut =
  (from: number, to?: number): Damage =>
  bytes => [bytes.subarray(from, to)];
/** In two pieces, with a while between them. */
const apart =
  (damage: Damage): Damage =>
  bytes =>
    damage(bytes).flatMap(one => [one.subarray(0, 50), one.subarray(50)]);
const before =
  (text: string): Damage =>
  bytes => [Buffer.concat([Buffer.from(text, 'latin1'), bytes])];

const CASES: readonly (readonly [driver: string, damage: string, Damage])[] = [
  ['arbin/cti', 'a byte within', changed(1703, flip)],
  ['arbin/cti', 'the sum', changed(-1, flip)],
  ['arbin/cti', 'its code', changed(12, flip)],
  ['arbin/cti', 'a length of too few bytes', lengthSaid(n => n - 100)],
  ['arbin/cti', 'a length of a few bytes', lengthSaid(() => 30)],
  ['arbin/cti', 'a length of more bytes', lengthSaid(n => n + 256)],
  ['arbin/cti', 'a length of many more bytes', lengthSaid(n => n + 65536)],
  ['arbin/cti', 'a length of none', lengthSaid(() => 0)],
  ['arbin/cti', 'a length that cannot be', lengthSaid(n => n + 0x1000000)],
  ['arbin/cti', 'its mark', changed(3, flip)],
  ['arbin/cti', 'its mark, in two pieces', apart(changed(3, flip))],
  ['arbin/cti', 'a length of a few bytes, in two pieces', apart(lengthSaid(() => 30))],
  ['arbin/cti', 'no end', cut(0, -40)],
  ['arbin/cti', 'no beginning', cut(40)],
  ['arbin/cti', 'all of it lost but the last byte', cut(-1)],
  ['maccor/macnet', 'a brace too few', without('}')],
  ['maccor/macnet', 'a brace too many', within('"Stat"', '}"Stat"')],
  ['maccor/macnet', 'a quote too few', without('"')],
  ['maccor/macnet', 'no number', within('"Voltage": ', '"Voltage": x')],
  ['maccor/macnet', 'another channel', within('"Chan": 3', '"Chan": 2')],
  ['maccor/macnet', 'something before it', before('\0\0x')],
  ['maccor/macnet', 'no end', cut(0, -40)],
  ['maccor/macnet', 'no beginning', cut(40)],
  ['neware/bts-8', 'its command', within('inquire_resp', 'inqui\x10e_resp')],
  ['neware/bts-8', 'no end mark', without('\n\n#\r\n')],
  ['neware/bts-8', 'no end', cut(0, -40)],
  ['neware/bts-8', 'no beginning', cut(60)],
  ['neware/bts-8', 'an end mark within', within('<list', '\n\n#\r\n<list')],
  ['neware/bts-8', 'something before it', before('\0\0x')],
  ['neware/bts-8', 'another channel', within('27-21-2-3-0', '27-21-2-4-0')],
];

async function benchOf(
  driver: string,
): Promise<{ open(port: number): Device; port: number; end(): unknown }> {
  if (driver === 'arbin/cti') {
    const bench = await arbinBench({ times: 1 });
    return { port: bench.arbin.port, open: port => bench.other({ port }), end: () => bench.end() };
  }
  if (driver === 'maccor/macnet') {
    const bench = await maccorBench({ times: 1 });
    return { port: bench.mac.port, open: port => bench.other({ port }), end: () => bench.end() };
  }
  const bench = await newareBench(undefined, 1);
  return { port: bench.bts.port, open: port => bench.other({ port }), end: () => bench.end() };
}

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A cycler behind a tap, connected. */
async function tapped(driver: Parameters<typeof benchOf>[0]) {
  const bench = await benchOf(driver);
  cleanups.push(() => bench.end());
  const tap = await openTap({ host: '127.0.0.1', port: bench.port });
  cleanups.push(() => tap.end());
  const device = bench.open(Number(tap.address['port']));
  await device.connect();
  return { tap, device };
}

it.each(CASES)(
  '%s: %s',
  async (driver, _, damage) => {
    const { tap, device } = await tapped(driver);
    let lost = 0;
    device.onState(state => {
      if (state === 'lost') lost++;
    });

    let number = 0;
    let damagesLeft = 0;
    tap.meddle = (bytes, pass) => {
      const own = NUMBERED[driver](bytes, number + 1);
      if (own === undefined) return pass(bytes);
      number++;
      if (damagesLeft === 0) return pass(own);
      damagesLeft--;
      const [first, ...more] = damage(own);
      pass(first);
      for (const [i, one] of more.entries()) setTimeout(() => pass(one), 100 * (i + 1));
    };
    const at = device.channels.findIndex(({ name }) => name === 'testTime_s');
    const isGood = (frame: Frame): boolean => Math.max(...frame.quality) === QUALITY.good;
    const read = async (): Promise<Frame> => {
      const frame = await device.read();
      for (const [i, quality] of frame.quality.entries())
        if (quality !== QUALITY.bad && i === at) expect(frame.values[at]).toBe(number);
      return frame;
    };
    expect(isGood(await read())).toBe(true);
    for (let time = 0; time < 2; time++) {
      damagesLeft = 1;
      const from_ms = performance.now();
      const polls = [await read(), await read()];
      expect(isGood(polls[1])).toBe(true);
      expect(performance.now() - from_ms).toBeLessThan(1500);
      expect(damagesLeft).toBe(0);
      for (let poll = 0; poll < 3; poll++) expect(isGood(await read())).toBe(true);
    }
    expect(lost).toBe(0);
  },
  30_000,
);

/** Whatever they answer: the order, its read-back, the question after that who is there. */
const ANY: readonly (readonly [driver: string, Damage])[] = [
  ['arbin/cti', changed(-1, flip)],
  ['maccor/macnet', within('"jsonrpc"', 'jsonrpc"')],
  ['neware/bts-8', within('_resp', '\x10resp')],
];

it.each(ANY.flatMap(([driver, damage]) => [1, 2, 3].map(count => [driver, count, damage] as const)))(
  '%s: %i damaged answers in the middle of the safe state do not hold up its proof',
  async (driver, count, damage) => {
    const { tap, device } = await tapped(driver);
    let left = count;
    tap.meddle = (bytes, pass) => {
      if (left-- <= 0) return pass(bytes);
      for (const one of damage(bytes)) pass(one);
    };
    const from_ms = performance.now();
    expect((await device.safe()).failed).toEqual([]);
    // A lost mark of MacNet is found out after 0.5 s each.
    expect(performance.now() - from_ms).toBeLessThan(2700);
    expect(left).toBeLessThan(0);
    tap.meddle = undefined;
    expect(Math.max(...(await device.read()).quality)).toBe(QUALITY.good);
    expect(performance.now() - from_ms).toBeLessThan(2800);
  },
  60_000,
);

it('a wrong answer, and then a damaged one to who is there: no later answer is taken for that of an earlier question', async () => {
  const bench = await benchOf('neware/bts-8');
  cleanups.push(() => bench.end());
  const tap = await openTap({ host: '127.0.0.1', port: bench.port });
  cleanups.push(() => tap.end());
  const device = bench.open(Number(tap.address['port']));
  await device.connect();
  const damages = [within('27-21-2-3-0', '27-21-2-4-0'), without('\n\n#\r\n')];
  tap.meddle = (bytes, pass) => {
    const damage = damages.shift();
    for (const one of damage?.(bytes) ?? [bytes]) pass(one);
  };
  const from_ms = performance.now();
  await device.read();
  // The first value after the line has been brought into step is doubtful.
  expect(Math.max(...(await device.read()).quality)).toBeLessThanOrEqual(QUALITY.uncertain);
  expect(Math.max(...(await device.read()).quality)).toBe(QUALITY.good);
  expect(performance.now() - from_ms).toBeLessThan(1500);
});

it('JSON lines: a line that is none is a damaged answer; the connection stays, and what it measures goes on', async () => {
  let connections = 0;
  let isDamaged = true;
  const server = createServer(socket => {
    connections++;
    socket.on('error', () => {});
    socket.on('data', data => {
      const { id } = JSON.parse(data.toString()) as { id: number };
      socket.write(isDamaged ? `{"id": ${id}, "value"\n` : `{"id": ${id}, "value": ${id}}\n`);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const link = jsonLinesLink({ host: '127.0.0.1', port });
  await link.open();
  cleanups.push(() => link.close());
  await expect(link.send({ ask: 'poll' })).rejects.toMatchObject({ code: 'garbled' });
  isDamaged = false;
  expect(await link.send({ ask: 'poll' })).toEqual({ value: 2 });
  expect(connections).toBe(1);
});
