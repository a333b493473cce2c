import { setFlagsFromString } from 'node:v8';
import type { Device } from '../../drivers/contract/device.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { openPracticeDevice } from '../../drivers/practice-device.ts';
import { Recording } from '../record/recording.ts';
import { BenchSession } from '../run/session.ts';
import type { SessionParts } from '../run/session-parts.ts';

/** How often: the first one compiles what a trip runs through, the others prepare it for speed; 2 ms each. */
const TRIPS = 100;
/** Beyond every limit, whichever side it is on. */
const BEYOND = 1e9;

/**
 * Trips a bench of the same file on practice devices, some times over, and lets it go: limits, alarm, gate, safe state and
 * the devices' engine. A trip comes once a month, so its code would be the coldest of all: the first one took ten times as
 * long as the others, in the very milliseconds that count. The devices of `parts` are not touched and nothing is recorded.
 * Resolves with the number of trips that went the whole way; rejects with what failed: on such a program no trip is safe.
 */
export async function practiseTrips(parts: SessionParts, trips = TRIPS): Promise<number> {
  // Else V8 throws away what has not run for a few garbage collections, and an hour later all is as cold as before.
  setFlagsFromString('--no-flush-bytecode');
  let done = 0;
  for (let n = 0; n < trips; n++) if (await practise(parts)) done++;
  return done;
}

async function practise(parts: SessionParts): Promise<boolean> {
  const { clock } = parts;
  const devices = new Map<string, Device>();
  for (const [id, device] of parts.devices) devices.set(id, openPracticeDevice(id, device, { clock }));
  // A guard counts silence from the first beat on, and what comes after the practice may take longer than it waits.
  const beat = (): void => {};
  const session = await BenchSession.open({ ...parts, devices, recording: new Recording(), beat });
  try {
    for (const beyond of [BEYOND, -BEYOND]) {
      for (const { id, channels } of devices.values()) {
        const values = new Float64Array(channels.length).fill(beyond);
        const quality = new Uint8Array(channels.length).fill(QUALITY.good);
        session.interlocks.check({ device: id, t_s: clock.now_s(), values, quality });
      }
    }
    const isTripped = session.state === 'Aborting' && session.gate.latch !== '';
    // A bench whose limits all wait for their delay: the rest of the way all the same.
    if (!isTripped) session.abort({ by: 'self', id: 'practice' }, 'practice');
    await new Promise<void>(resolve => clock.nextTurn(resolve));
    return session.safeState.isInCharge && session.gate.latch !== '';
  } finally {
    await session.close();
  }
}
