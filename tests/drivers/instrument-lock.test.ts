import { type ChildProcess, fork } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdersOf, lockInstruments } from '../../drivers/instrument-lock.ts';

const SUPPLY = 'tcp://127.0.0.1:502';
const PLC = 'opc.tcp://127.0.0.1:4840';
let folder: string;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'locks-'));
  children = [];
});
afterEach(async () => {
  await Promise.all(children.map(child => ended(child, 'end')));
  rmSync(folder, { recursive: true, force: true });
});

const about = (bench: string) => ({ bench, utc_ms: Date.UTC(2026, 0, 2, 3, 4, 5), space: folder });
const answer = (child: ChildProcess): Promise<unknown> =>
  new Promise(resolve => child.once('message', resolve));

async function start(...endpoints: string[]): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'lock-child.ts'), [folder, 'other', ...endpoints], {
    execArgv: [],
  });
  children.push(child);
  await answer(child);
  return child;
}

async function ended(child: ChildProcess, word: 'end' | 'die'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  child.send(word);
  await gone;
}

async function tries(child: ChildProcess): Promise<unknown> {
  const said = answer(child);
  child.send('go');
  return said;
}

describe('a bench lock', () => {
  it('is refused to a second one with who holds it and since when, and free again after release', async () => {
    const first = await lockInstruments({ supply: SUPPLY, gas: '/dev/ttyX' }, about('pem'));
    const second = () => lockInstruments({ plc: 'opc.tcp://127.0.0.1:4840', supply: SUPPLY }, about('other'));
    await expect(second()).rejects.toThrow(
      `supply (tcp://127.0.0.1:502): held by another cellbench, pid ${process.pid} since 2026-01-02T03:04:05.000Z (bench pem), expected it free`,
    );
    await expect(second()).rejects.toThrow(expect.objectContaining({ code: 'closed' }));
    // None of the refused one's instruments stays locked.
    (await lockInstruments({ plc: 'opc.tcp://127.0.0.1:4840' }, about('third'))).release();
    first.release();
    first.release();
    (await second()).release();
  });

  it('tells who holds what without taking anything', async () => {
    const both = { plc: PLC, supply: SUPPLY };
    expect(await holdersOf(both, folder)).toEqual([]);
    {
      using _lock = await lockInstruments({ supply: SUPPLY }, about('bench A'));
      expect(await holdersOf(both, folder)).toEqual([
        {
          device: 'supply',
          holder: { pid: process.pid, startedUtc: '2026-01-02T03:04:05.000Z', bench: 'bench A' },
        },
      ]);
      // Somebody who begins meanwhile is in nobody's way.
      const asked = holdersOf(both, folder);
      using _other = await lockInstruments({ plc: PLC }, about('bench B'));
      await asked;
    }
    expect(await holdersOf(both, folder)).toEqual([]);
  });

  it('ends with its scope; two devices on one bus are one instrument', async () => {
    {
      using lock = await lockInstruments({ a: '/dev/ttyX', b: '/dev/ttyX' }, about('pem'));
      expect(lock).toBeDefined();
    }
    (await lockInstruments({ a: '/dev/ttyX' }, about('other'))).release();
  });

  it('knows one door by its name and by its address', async () => {
    using lock = await lockInstruments({ supply: `tcp://${hostname()}:502` }, about('pem'));
    expect(lock).toBeDefined();
    const { address } = await lookup(hostname(), 4);
    await expect(lockInstruments({ supply: `tcp://${address}:502` }, about('other'))).rejects.toThrow(
      /held by/,
    );
    (
      await lockInstruments(
        { supply: `tcp://${address}:503`, gas: 'tcp://no-such-host.invalid:502' },
        about('other'),
      )
    ).release();
  });

  it('knows one serial line by each of its names', async () => {
    writeFileSync(join(folder, 'ttyUSB0'), '');
    symlinkSync(join(folder, 'ttyUSB0'), join(folder, 'by-id'));
    using lock = await lockInstruments({ rack: join(folder, 'ttyUSB0') }, about('pem'));
    expect(lock).toBeDefined();
    await expect(lockInstruments({ rack: join(folder, 'by-id') }, about('other'))).rejects.toThrow(
      /held by another/,
    );
    (await lockInstruments({ s: 'tcp://LocalHost:1', t: 'tcp://127.0.0.1:1' }, about('one'))).release();
  });

  it('follows the adapter, not the device number that it had before it was pulled and put back', async () => {
    const [first, second, gas] = ['ttyUSB0', 'ttyUSB1', 'by-id-gas'].map(name => join(folder, name));
    for (const device of [first, second]) writeFileSync(device, '');
    symlinkSync(first, gas);
    using lock = await lockInstruments({ gas }, about('pem'));
    expect(lock).toBeDefined();
    rmSync(gas);
    // Another adapter has its number now.
    (await lockInstruments({ rack: first }, about('other'))).release();
    // Put back it has got another one, and is still held.
    symlinkSync(second, gas);
    await expect(lockInstruments({ gas }, about('other'))).rejects.toThrow(/held by another/);
  });

  it('of many processes that start at once exactly one gets it, also what a killed one had', async () => {
    const dead = await start(SUPPLY, PLC);
    expect(await tries(dead)).toBe('got it');
    await expect(lockInstruments({ supply: SUPPLY }, about('pem'))).rejects.toThrow(`pid ${dead.pid} since`);
    await ended(dead, 'die');

    // In either order: none may stand in the way of the other with a part of them.
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, i) => start(...(i % 2 === 0 ? [SUPPLY, PLC] : [PLC, SUPPLY]))),
    );
    const said = await Promise.all(all.map(tries));
    const winners = all.filter((_, i) => said[i] === 'got it');
    expect(winners).toHaveLength(1);
    for (const text of said) {
      if (text !== 'got it') expect(text).toMatch(`held by another cellbench, pid ${winners[0].pid} since`);
    }
    await ended(winners[0], 'end');
    (await lockInstruments({ supply: SUPPLY, plc: PLC }, about('pem'))).release();
  });

  it('is held by a process that stands still, too', async () => {
    const still = await start(SUPPLY);
    expect(await tries(still)).toBe('got it');
    still.send('stand still');
    const refused = await lockInstruments({ supply: SUPPLY }, about('pem')).catch((error: unknown) => error);
    expect(String(refused)).toMatch(/held by another (cellbench, pid|program of this machine)/);
    process.kill(still.pid ?? 0, 'SIGCONT');
  });

  it('does not depend on user folders: another TMPDIR, another HOME', async () => {
    const other = await start(SUPPLY);
    expect(await tries(other)).toBe('got it');
    vi.stubEnv('TMPDIR', folder);
    vi.stubEnv('HOME', folder);
    vi.stubEnv('XDG_RUNTIME_DIR', folder);
    try {
      await expect(lockInstruments({ supply: SUPPLY }, about('pem'))).rejects.toThrow(/held by another/);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.each([
    ['something else', 'hello'],
    ['nothing', ''],
    ['what steers a terminal', '{"pid":1,"startedUtc":"2026-01-02T03:04:05Z","bench":"\\u001b[2J"}'],
    ['no end', 'x'.repeat(100_000)],
  ])('whoever sits on the name and says %s is a program that does not say who it is', async (_, says) => {
    const lock = await lockInstruments({ supply: SUPPLY }, about('pem'));
    const path = readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .flatMap(line => /@(cellbench-lock-\S+)$/.exec(line)?.slice(1) ?? []);
    lock.release();
    const left = readFileSync('/proc/net/unix', 'utf8');
    const [ours] = path.filter(name => !left.includes(name));
    const sitter = createServer(socket => {
      socket.on('error', () => {});
      socket.end(says);
    });
    await new Promise<void>(resolve => sitter.listen({ path: `\0${ours}` }, resolve));
    try {
      await expect(lockInstruments({ supply: SUPPLY }, about('pem'))).rejects.toThrow(
        /does not say who it is/,
      );
    } finally {
      sitter.close();
    }
  });
});
