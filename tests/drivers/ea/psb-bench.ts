import { afterEach } from 'vitest';
import { realClock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import type { EaOptions } from '../../../drivers/ea/options.ts';
import { eaPsb10000 } from '../../../drivers/ea/psb-10000.ts';
import { type PsbPeer, psbOptions, psbPeer } from './psb-peer.ts';

export const clock = realClock();

/** A peer and the driver on it, for a file of tests; closed after each. */
export interface PsbBench {
  peer: PsbPeer;
  device: Device;
  /** The driver on the peer that is there, not connected. */
  open(options?: Partial<EaOptions>): Device;
  /** A fresh peer, and the driver connected to it. */
  connected(options?: Partial<EaOptions>): Promise<void>;
  /** The frames that have set something. */
  writes(): string[];
}

/** Makes it; a test that wants a peer before the driver puts one in `peer`. */
export function psbBench(): PsbBench {
  const parts: Partial<Pick<PsbBench, 'peer' | 'device'>> = {};
  const need = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('no peer yet');
    return part;
  };
  const bench: PsbBench = {
    get peer() {
      return need(parts.peer);
    },
    set peer(made) {
      parts.peer = made;
    },
    get device() {
      return need(parts.device);
    },
    set device(made) {
      parts.device = made;
    },
    open(options = {}) {
      const all = { ...psbOptions(bench.peer), ...options };
      parts.device = eaPsb10000.open('supply', all, { clock, baseDir: '.' });
      return parts.device;
    },
    async connected(options) {
      parts.peer = await psbPeer();
      await bench.open(options).connect();
    },
    writes: () => bench.peer.log.filter(line => line.startsWith('W')),
  };
  afterEach(async () => {
    await parts.device?.close();
    await parts.peer?.close();
    parts.device = undefined;
    parts.peer = undefined;
  });
  return bench;
}
