import { afterEach, expect, it } from 'vitest';
import { sumOf } from '../../drivers/arbin/messages.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { arbinBench } from './arbin/bench.ts';
import { newareBench } from './neware/bench.ts';
import { openTap } from './wires/tap.ts';

/** A server that does not take our login any more (another password): no account is locked by our trying again. */

/** Its clock goes so much faster. */
const TIMES = 100;
const waited = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

interface Subject {
  readonly port: number;
  open(port: number): Device;
  logins(): number;
  /** The answer to a login, refused; undefined: it is no such answer. */
  refused(bytes: Buffer): Buffer | undefined;
  end(): Promise<void>;
}

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  async 'arbin/cti'() {
    const { arbin, other, end } = await arbinBench({ times: TIMES });
    return {
      port: arbin.port,
      open: port => other({ port }),
      logins: () => arbin.heard.filter(one => one === 'eeab0001').length,
      refused(bytes) {
        if (bytes.readUInt32LE(12) !== 0xeeba0001) return undefined;
        const own = Buffer.from(bytes);
        own.writeUInt32LE(2, 20);
        own.writeUInt16LE(sumOf(own.subarray(0, -2)), own.length - 2);
        return own;
      },
      end,
    };
  },
  async 'neware/bts-8'() {
    const { bts, other, end } = await newareBench(undefined, TIMES);
    return {
      port: bts.port,
      open: port => other({ port }),
      logins: () => bts.heard.filter(one => one === 'connect').length,
      refused(bytes) {
        const text = bytes.toString('latin1');
        return text.includes('connect_resp') ? Buffer.from(text.replace('>ok<', '>false<')) : undefined;
      },
      end,
    };
  },
};

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

it.each(Object.keys(SUBJECTS))(
  '%s: it is tried less and less often, and told when next',
  async id => {
    const subject = await SUBJECTS[id]();
    cleanups.push(subject.end);
    const address = { host: '127.0.0.1', port: subject.port };
    const tap = await openTap(address);
    cleanups.push(() => tap.end());
    const device = subject.open(Number(tap.address['port']));
    const reasons: string[] = [];
    device.onState((_, reason) => reasons.push(reason));
    await device.connect();
    const before = subject.logins();
    tap.meddle = (bytes, pass) => pass(subject.refused(bytes) ?? bytes);
    await tap.turnTo(address);
    // 200 s: after some 0.2, 30, 90 s, and not again before 210 s.
    await waited((1000 * 200) / TIMES);
    expect(subject.logins() - before).toBeGreaterThanOrEqual(2);
    expect(subject.logins() - before).toBeLessThanOrEqual(4);
    expect(reasons.at(-1)).toMatch(/login refused.*tried again at \d\d:\d\d:\d\d UTC, not before/);
    tap.meddle = undefined;
    await expect.poll(() => device.state, { timeout: (1000 * 300) / TIMES }).toBe('ready');
  },
  20_000,
);
