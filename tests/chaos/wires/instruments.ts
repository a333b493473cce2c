import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../../../drivers/contract/clock.ts';
import type { EmulatedDevice, FaultPatch } from '../../../sim/wire-client.ts';
import type { WireCommand, WireConfig, WireEndpoints } from '../../../sim/wire-protocol.ts';
import type { FromInstruments } from './instruments-process.ts';
import type { Seen } from './seen.ts';

/** The instruments as the harness sees them. */
export interface Instruments {
  readonly endpoints: WireEndpoints;
  /** The process that they are. */
  readonly pid: number;
  /** Everything that was seen, oldest first; grows. */
  readonly log: readonly Seen[];
  /** Cuts the line of a device, or puts it back. */
  cut(device: EmulatedDevice): Promise<void>;
  restore(device: EmulatedDevice): Promise<void>;
  fault(device: EmulatedDevice, fault: FaultPatch): Promise<void>;
  force(signal: string, value: number | null): Promise<void>;
  /** All lines there, no faults, no forced sensor. */
  heal(): Promise<void>;
  end(): Promise<void>;
}

/** Starts the instruments in a process of their own; resolves when all of them answer. */
export async function openInstrumentsProcess(config: WireConfig, clock: Clock): Promise<Instruments> {
  const child = fork(fileURLToPath(new URL('./instruments-process.ts', import.meta.url)), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    detached: true,
  });
  const log: Seen[] = [];
  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const forced = new Set<string>();
  let isAlive = true;
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()));
  const endpoints = await new Promise<WireEndpoints>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => {
      isAlive = false;
      const gone = new Error(`the instruments' process has ended (exit code ${code})`);
      reject(gone);
      for (const one of waiting.values()) one.reject(gone);
    });
    child.on('message', raw => {
      const message = raw as FromInstruments;
      if (message.type === 'seen') log.push(message.seen);
      else if (message.type === 'ready') resolve(message.endpoints);
      else if (message.type === 'failed') reject(new Error(message.reason));
      else if (message.type === 'done') waiting.get(message.id)?.resolve();
      else if (message.type === 'refused') waiting.get(message.id)?.reject(new Error(message.reason));
    });
    child.send({ type: 'config', config });
  });

  let nextId = 1;
  const ask = (command: WireCommand): Promise<void> =>
    new Promise((resolve, reject) => {
      if (!isAlive) return reject(new Error("the instruments' process has ended"));
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      child.send({ type: 'command', id, command });
    });

  return {
    endpoints,
    pid: child.pid ?? 0,
    log,
    cut: device => ask({ do: 'stop', device }),
    restore: device => ask({ do: 'start', device }),
    fault: (device, fault) => ask({ do: 'fault', device, fault }),
    async force(signal, value) {
      forced.add(signal);
      await ask({ do: 'force', signal, value });
    },
    async heal() {
      for (const device of Object.keys(config.devices)) {
        await ask({
          do: 'fault',
          device,
          fault: { silence: false, delay_ms: 0, corrupt: false, freeze: false },
        });
        await ask({ do: 'start', device });
      }
      for (const signal of forced) await ask({ do: 'force', signal, value: null });
      forced.clear();
    },
    async end() {
      if (child.connected) child.disconnect();
      await Promise.race([ended, clock.sleep(8)]);
      if (isAlive) child.kill('SIGKILL');
    },
  };
}
