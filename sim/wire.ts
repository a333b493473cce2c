import '../drivers/contract/code/surest-compiler.ts';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { realClock } from '../drivers/contract/clock.ts';
import { messageOf } from '../drivers/contract/errors.ts';
import { startWireBench, type WireBench } from './wire-bench.ts';
import {
  type FromEmulators,
  toEmulatorsSchema,
  type WireCommand,
  type WireSettings,
  wireConfigSchema,
} from './wire-protocol.ts';

/**
 * The emulator process: the instruments of a bench on one plant, on real sockets and ptys. Forked by `startEmulators`, it takes
 * its configuration by IPC and ends with its parent. By hand: `node sim/wire.ts config.yaml` prints the endpoints and
 * runs until Ctrl-C.
 */

/** A server that does not close in this time is left to the end of the process, s. */
const END_WITHIN_S = 5;

const clock = realClock();
let bench: WireBench | undefined;
let starting: Promise<WireBench> | undefined;
let isEnding = false;

function send(message: FromEmulators): void {
  if (process.connected) process.send?.(message);
}

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  clock.schedule(END_WITHIN_S, () => process.exit(code));
  // A start that is under way is awaited and undone: the folder of its serial lines would stay behind.
  const started = await starting?.catch(() => undefined);
  await started?.end();
  process.exit(code);
}

async function configure(settings: WireSettings): Promise<WireBench> {
  starting = startWireBench(settings, clock);
  bench = await starting;
  return bench;
}

async function answer(id: number, command: WireCommand): Promise<void> {
  if (bench === undefined) return send({ type: 'refused', id, reason: 'not configured yet' });
  try {
    const result = await bench.carryOut(command);
    send({ type: 'done', id, result });
  } catch (error) {
    send({ type: 'refused', id, reason: messageOf(error) });
  }
}

function onMessage(raw: unknown): void {
  const checked = toEmulatorsSchema.safeParse(raw);
  if (!checked.success) {
    const { path, message } = checked.error.issues[0];
    send({ type: 'failed', reason: `message to the emulators: ${path.join('.')}: ${message}` });
    return;
  }
  if (checked.data.type === 'command') {
    void answer(checked.data.id, checked.data.command);
    return;
  }
  configure(checked.data.config).then(
    ({ endpoints, folder }) => send({ type: 'ready', endpoints, folder, startup_s: clock.now_s() }),
    error => send({ type: 'failed', reason: messageOf(error) }),
  );
}

async function runByHand(path: string | undefined): Promise<void> {
  if (path === undefined) throw new Error('usage: node sim/wire.ts config.yaml');
  const checked = wireConfigSchema.safeParse(parse(readFileSync(path, 'utf8')));
  if (!checked.success) {
    const { path: where, message } = checked.error.issues[0];
    throw new Error(`${path}: ${where.join('.') || 'file'}: ${message}`);
  }
  const { endpoints } = await configure(checked.data);
  console.log(JSON.stringify(endpoints));
}

process.on('SIGINT', () => void end(0));
process.on('SIGTERM', () => void end(0));
if (process.send === undefined) {
  runByHand(process.argv[2]).catch((error: unknown) => {
    console.error(messageOf(error));
    void end(2);
  });
} else {
  process.on('disconnect', () => void end(0));
  process.on('message', onMessage);
}
