import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { Rig } from '../../../sim/plant/parts/rig.ts';
import { startWireBench, type WireBench } from '../../../sim/wire-bench.ts';
import { type FromEmulators, toEmulatorsSchema, type WireSettings } from '../../../sim/wire-protocol.ts';
import { LOOK_S, notebook, type Seen } from './seen.ts';

/**
 * The instruments of the bench in a process that outlives every controller, and says at once what it sees. Forked by
 * `openInstrumentsProcess`; ends with its parent.
 */

/** What this process says: what emulators say, and what they saw. */
export type FromInstruments = FromEmulators | { readonly type: 'seen'; readonly seen: Seen };

const END_WITHIN_S = 5;
const clock = realClock();
let bench: Promise<WireBench> | undefined;
let isEnding = false;

function send(message: FromInstruments): void {
  if (process.connected) process.send?.(message);
}

const notes = notebook(clock, seen => send({ type: 'seen', seen }));

async function end(): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  clock.schedule(END_WITHIN_S, () => process.exit(1));
  await (await bench?.catch(() => undefined))?.end();
  process.exit(0);
}

/** Without a PLC nobody drives valves and pump of the plant: they stand open. */
function opened(rig: Rig): Rig {
  for (const signal of [
    'h2.outletValveSet_on',
    'anode.ventValveSet_on',
    'water.pumpSet_on',
    'room.ventilationSet_on',
  ])
    rig.set(rig.actuatorIndex(signal), 1);
  return rig;
}

async function start(settings: WireSettings): Promise<void> {
  try {
    bench = startWireBench(settings, notes.clock, rig =>
      notes.observed('plc' in settings.devices ? rig : opened(rig)),
    );
    const { endpoints, folder } = await bench;
    clock.every(LOOK_S, notes.look);
    send({ type: 'ready', endpoints, folder, startup_s: clock.now_s() });
  } catch (error) {
    send({ type: 'failed', reason: messageOf(error) });
  }
}

process.on('disconnect', () => void end());
// The harness ends us; a Ctrl-C at its terminal is not for the instruments.
process.on('SIGINT', () => {});
process.on('message', async raw => {
  const message = toEmulatorsSchema.parse(raw);
  if (message.type === 'config') return start(message.config);
  const { id, command } = message;
  try {
    const result = await (await bench)?.carryOut(command);
    send({ type: 'done', id, ...(result === undefined ? {} : { result }) });
  } catch (error) {
    send({ type: 'refused', id, reason: messageOf(error) });
  }
});
