import { EventEmitter } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { findDriver } from '../../../drivers/registry.ts';
import { askModbus, makeModbusClient } from '../../../drivers/transport/modbus-client.ts';
import { ModbusTcpPort } from '../../../drivers/transport/modbus-tcp-port.ts';
import { putFloat, tcpPeer } from '../modbus-peer.ts';
import { rtuTcpPeer } from '../rtu-tcp-peer.ts';
import { lossyCable } from './lossy-cable.ts';

/**
 * A gateway or a serial line behind one that loses bytes: what is left of an answer must never be made whole with bytes of the
 * next one. Modbus TCP has no checksum.
 */

/** Answers to reads, in order, each of its registers unlike that of any other answer. */
class Instrument extends EventEmitter {
  readonly readyState = 'open';
  readonly #answers: Buffer[] = [];
  readonly right: string[] = [];

  write(request: Buffer): void {
    const count = request.readUInt16BE(10);
    const answer = Buffer.alloc(9 + 2 * count);
    request.copy(answer, 0, 0, 8);
    answer.writeUInt16BE(3 + 2 * count, 4);
    answer[8] = 2 * count;
    const values = Array.from({ length: count }, (_, i) => 0x4000 + 0x101 * this.right.length + i);
    for (const [i, value] of values.entries()) answer.writeUInt16BE(value, 9 + 2 * i);
    this.right.push(values.join());
    this.#answers.push(answer);
  }

  /** All that has been asked, without the bytes from `at` on. */
  answer(at: number, lost: number, cuts: readonly number[]): void {
    const all = Buffer.concat(this.#answers.splice(0));
    const came = Buffer.concat([all.subarray(0, at), all.subarray(at + lost)]);
    for (let from = 0, n = 0; from < came.length; n++) {
      const end = from + cuts[n % cuts.length];
      this.emit('data', came.subarray(from, end));
      from = end;
    }
  }
}

describe('Modbus TCP, several questions out', () => {
  it('an answer that lost bytes is not made whole with those of the next', async () => {
    let [told, isLost] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        // Registers that are asked for; false: what has been asked until then is answered.
        fc.array(fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant(false as const)), {
          minLength: 2,
          maxLength: 8,
        }),
        fc.nat(60),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 4 }),
        async (steps, at, lost, cuts) => {
          const instrument = new Instrument();
          let isEnded = false;
          const port = new ModbusTcpPort(instrument as unknown as Socket, () => {
            isEnded = true;
          });
          const client = makeModbusClient(port);
          client.open(() => {});
          const wrong: string[] = [];
          let asked = 0;
          let hasLost = false;
          for (const step of [...steps, false as const]) {
            if (step === false) {
              instrument.answer(hasLost ? 0 : at, hasLost ? 0 : lost, cuts);
              hasLost = true;
              continue;
            }
            if (isEnded) continue;
            const n = asked++;
            askModbus(client, 'x', { fn: 3, unit: 1, address: 7, count: step }, {}).then(
              values => {
                told++;
                if (values.join() !== instrument.right[n]) wrong.push(`${n}: ${values}`);
              },
              () => {},
            );
          }
          await new Promise(resolve => setImmediate(resolve));
          if (isEnded) isLost++;
          expect(wrong).toEqual([]);
        },
      ),
      {
        numRuns: 20_000,
        // The number of bytes is another one, and so many of them came as were asked for.
        examples: [[[2, 3, 2, false, 1], 8, 32, [1]]],
      },
    );
    expect(told).toBeGreaterThan(1000);
    expect(isLost).toBeGreaterThan(500);
  });
});

const CHANNELS = [
  { name: 'load_pct', address: 10 },
  { name: 'opening_pct', address: 20 },
  { name: 'speed_pct', address: 40 },
];
/** What each channel shows, in turn: a mixture of two would be neither. */
const SHOWN: readonly (readonly [number, number])[] = [
  [100, 41.37],
  [32, 87.21],
  [7.59, 66.66],
];

/** A map of three floats that lie apart, so that each is a question of its own. */
function mapOf(reply_ms: number): string {
  const baseDir = mkdtempSync(join(tmpdir(), 'lost-bytes-'));
  const accuracy = '{ reading_pct: 0, abs: 0, basis: default }';
  const lines = CHANNELS.map(
    ({ name, address }) =>
      `  - { name: ${name}, table: holding, address: ${address}, type: float32, range: [0, 100], accuracy: ${accuracy} }`,
  );
  writeFileSync(
    join(baseDir, 'map.yaml'),
    `device: rack\nunit: 1\ngap_ms: 0\nreply_ms: ${reply_ms}\ngapRegistersMax: 0\nidentify: { table: holding, address: 0, expect: [0xBEEF] }\nchannels:\n${lines.join('\n')}\n`,
  );
  return baseDir;
}

interface Outcome {
  readonly wrong: readonly string[];
  readonly good: number;
  readonly slowest_s: number;
}

/** Reads through a cable that loses bytes, one loss after the other of the table, each once all is good again. */
async function readLossy(
  wire: 'tcp' | 'rtu-tcp',
  table: readonly (readonly ['instrument' | 'driver', number, number])[],
): Promise<Outcome> {
  const reply_ms = 60;
  const clock = realClock();
  const peer = await (wire === 'tcp' ? tcpPeer() : rtuTcpPeer());
  peer.holding.set(0, 0xbeef);
  let turn = 0;
  peer.misbehave = () => {
    turn++;
    for (const [i, { address }] of CHANNELS.entries()) putFloat(peer.holding, address, SHOWN[i][turn % 2]);
    return undefined;
  };
  const cable = await lossyCable(peer.port);
  const driver = findDriver('generic/modbus-map');
  const options = driver.options.parse({
    map: 'map.yaml',
    host: '127.0.0.1',
    port: cable.port,
    ...(wire === 'tcp' ? {} : { frames: 'rtu' }),
  });
  const device = driver.open('rack', options, { clock, baseDir: mapOf(reply_ms) });
  const wrong: string[] = [];
  let [good, slowest_s] = [0, 0];
  const readAllGood = async (): Promise<boolean> => {
    const frame = await device.read().catch(() => undefined);
    if (frame === undefined) return false;
    let isAllGood = true;
    for (const [i, { name }] of CHANNELS.entries()) {
      const at = device.channels.findIndex(channel => channel.name === name);
      const isGood = frame.quality[at] <= QUALITY.uncertain;
      isAllGood &&= isGood;
      if (!isGood) continue;
      good++;
      const value = frame.values[at];
      if (!SHOWN[i].some(shown => Math.abs(shown - value) < 1e-4)) wrong.push(`${name} ${value}`);
    }
    return isAllGood;
  };
  try {
    await device.connect();
    for (const [from, at, count] of table) {
      cable.lose(from, at, count);
      const begin_s = clock.now_s();
      // All good again, once, and no byte of the loss is still to come.
      for (let inARow = 0; inARow < 2 || cable.isDue; ) {
        inARow = (await readAllGood()) ? inARow + 1 : 0;
        await clock.sleep(0.002);
        if (clock.now_s() - begin_s > 10) throw new Error(`not good again after ${from} ${at}+${count}`);
      }
      slowest_s = Math.max(slowest_s, clock.now_s() - begin_s);
    }
    return { wrong, good, slowest_s };
  } finally {
    await device.close();
    await cable.end();
    await peer.close();
  }
}

// Every position in an answer (13 bytes) and the head of the next, lengths up to more than one whole answer.
const positions = Array.from({ length: 20 }, (_, at) => at);

describe('a driver behind a gateway that loses bytes', () => {
  // Without names in the answers it waits until no late one can come, so that there fewer losses fit into the time.
  it.each([
    ['tcp', [1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 14, 17], 2000, 2],
    ['rtu-tcp', [1, 6, 13], 400, 6],
  ] as const)(
    '%s: no value is made of two answers, and it is soon good again',
    async (wire, lengths, least, soon_s) => {
      const all = await Promise.all(
        positions.map(at =>
          readLossy(
            wire,
            lengths.flatMap(count => [
              ['instrument', at, count] as const,
              ...(at < 14 && count % 2 === 1 ? [['driver', at, count] as const] : []),
            ]),
          ),
        ),
      );
      expect(all.flatMap(({ wrong }) => wrong)).toEqual([]);
      expect(all.reduce((sum, { good }) => sum + good, 0)).toBeGreaterThan(least);
      expect(Math.max(...all.map(({ slowest_s }) => slowest_s))).toBeLessThan(soon_s);
    },
  );
});
