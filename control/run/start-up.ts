import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import { DeviceError, plainReason } from '../../drivers/contract/errors.ts';
import type { Bench, SafeProof } from '../bench/bench.ts';
import type { ProcessImage } from '../tick/image.ts';
import type { Sampling } from '../tick/sampling.ts';
import type { Interlocks } from '../watch/interlocks.ts';

/** How long the first usable frames may take, in polls of the slowest device, and at least in seconds. */
const FIRST_FRAMES_POLLS = 5;
const FIRST_FRAMES_S = 3;

/**
 * Connects every device and arms the instruments' own watchdogs, each read back. Rejects with a DeviceError that
 * names the device, what was tried and its entry in the bench file (`entryOf`, file:line); a watchdog that the bench
 * file asks for and the instrument lacks is such an error.
 */
export async function connectAll(
  devices: ReadonlyMap<string, Device>,
  bench: Bench,
  entryOf: (device: string) => string,
  note: (device: string, armed_s: number | null, text: string) => void,
): Promise<void> {
  await Promise.all(
    [...devices.values()].map(device =>
      connect(device, note).catch((error: unknown) => {
        throw connectError(device, entryOf(device.id), error);
      }),
    ),
  );
  for (const device of devices.values()) {
    const wanted = bench.devices[device.id].watchdog;
    if (wanted === undefined) continue;
    const armed_s = await device.armWatchdog(wanted.timeout_s);
    if (armed_s === undefined) {
      const text = 'the bench file asks for a watchdog, but this device offers none';
      throw new DeviceError('config', device.id, text);
    }
    note(device.id, armed_s, `${device.id}: armed, ${armed_s} s`);
  }
}

/** `supply (ea/psb-10000, tcp://192.168.0.20:502): nobody answers there ..., expected the instrument of bench.yaml:25` */
function connectError(device: Device, entry: string, error: unknown): DeviceError {
  const known = error instanceof DeviceError ? error : undefined;
  const isLine = known !== undefined && known.where !== device.id && !known.where.startsWith(device.driver);
  const tried = isLine ? `${device.driver}, ${known.where}` : device.driver;
  const text = plainReason(known === undefined ? error : known.message.slice(`${known.where}: `.length));
  const expected = `${text}, expected the instrument of ${entry}`;
  return new DeviceError(known?.code ?? 'closed', `${device.id} (${tried})`, expected, error);
}

/** Some instruments miss the first question after the line is opened, or are still waking up. */
const CONNECT_TRIES = 3;

async function connect(
  device: Device,
  note: (device: string, armed_s: number | null, text: string) => void,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await device.connect();
    } catch (error) {
      const isPassing =
        error instanceof DeviceError && (error.code === 'timeout' || error.code === 'garbled');
      if (!isPassing || attempt === CONNECT_TRIES) throw error;
      note(device.id, null, `${device.id}: ${error.message}; trying again`);
    }
  }
}

/**
 * Waits for readings from every device, no alarm, and the proofs of the safe state: only then may anything be switched
 * on. Resolves with what stands in the way; empty = ready.
 */
export async function obstacleToStart(
  bench: Bench,
  clock: Clock,
  seen: { readonly sampling: Sampling; readonly image: ProcessImage; readonly interlocks: Interlocks },
  look: { readonly every_s: number; readonly isStillStarting: () => boolean },
): Promise<string> {
  const { sampling, image, interlocks } = seen;
  const slowest_s = Math.max(...Object.values(bench.devices).map(d => d.poll_s));
  const until_s = clock.now_s() + Math.max(FIRST_FRAMES_S, FIRST_FRAMES_POLLS * slowest_s);
  for (;;) {
    const missing = [...sampling.counts].filter(([, count]) => count.frames < 2).map(([id]) => id);
    const unproved = bench.safeState.proof.find(proof => !proves(proof, image.value(proof.role)));
    const alarms = interlocks.activeIds();
    if (missing.length === 0 && alarms.length === 0 && unproved === undefined) return '';
    if (clock.now_s() >= until_s || !look.isStillStarting()) {
      if (missing.length > 0) return `no readings from ${missing.join(', ')}`;
      if (alarms.length > 0) return `alarm ${alarms.join(', ')}`;
      if (unproved === undefined) return '';
      const { role, is, limit } = unproved;
      return `the bench is not in its safe state: ${role} reads ${image.value(role)}, expected ${is} ${limit}`;
    }
    await clock.sleep(look.every_s);
  }
}

/** Whether a reading proves a line of the safe state; NaN proves nothing. */
export function proves(proof: Pick<SafeProof, 'is' | 'limit'>, value: number): boolean {
  return proof.is === '<' ? value < proof.limit : value > proof.limit;
}
