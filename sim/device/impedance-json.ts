import type { Socket } from 'node:net';
import { z } from 'zod';
import type { Clock } from '../../drivers/contract/clock.ts';
import {
  frequenciesOf,
  type ImpedanceAccuracy,
  pointTime_s,
} from '../../drivers/contract/measure/impedance.ts';
import type { PlantRig } from '../plant/parts/model.ts';
import type { PlantRandom } from '../plant/parts/sensors.ts';
import { type Emulator, noFaults } from './faults.ts';
import { impedanceMeter } from './impedance-meter.ts';
import { tcpListener } from './tcp-listener.ts';

/**
 * An instrument for impedance with the small program beside it that speaks JSON lines, as its driver's head says. It
 * measures a plant frequency by frequency, each in its own time; nothing waits for whoever asked.
 */

const request = z.object({
  from_Hz: z.number().positive(),
  to_Hz: z.number().positive(),
  pointsPerDecade: z.number().int().min(1),
  cycles: z.number().int().min(1),
});
const question = z.discriminatedUnion('ask', [
  z.object({ id: z.number(), ask: z.literal('identity') }),
  z.object({ id: z.number(), ask: z.literal('state') }),
  z.object({ id: z.number(), ask: z.literal('measure'), number: z.number(), request }),
  z.object({ id: z.number(), ask: z.literal('points'), number: z.number(), from: z.number().int().min(0) }),
  z.object({ id: z.number(), ask: z.literal('cancel'), number: z.number() }),
]);
type Question = z.infer<typeof question>;

/** The spectrum that it measures, or has measured last. */
interface Measured {
  readonly number: number;
  readonly points: number[][];
  state: 'measuring' | 'done' | 'failed';
  reason: string;
}

function understood(line: string): Question | undefined {
  try {
    return question.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** What it is made of. */
export interface ImpedanceEmulatorParts {
  readonly rig: Pick<PlantRig, 'impedance' | 'advanceTo'>;
  readonly clock: Clock;
  readonly name: string;
  readonly accuracy: ImpedanceAccuracy;
  readonly random: PlantRandom;
  readonly port?: number;
  /** How many seconds of its measurements pass in one second of the clock, as those of the plant do; 1 unless said. */
  readonly timeFactor?: number;
  /** Each point has the time since the first began. Absent: it does not. */
  readonly tellsTime?: boolean;
}

/** Listens on 127.0.0.1. `signals`: how many spectra it drives a signal for now; what arrived stands in `log`. */
export function impedanceJson(
  parts: ImpedanceEmulatorParts,
): Emulator & { readonly port: number; readonly signals: number; readonly log: readonly string[] } {
  const { rig, clock, name, timeFactor = 1, tellsTime = false } = parts;
  const faults = noFaults();
  const meter = impedanceMeter(rig, parts.accuracy, parts.random);
  const log: string[] = [];
  let now: Measured | undefined;

  async function measure(of: Measured, asked: z.infer<typeof request>): Promise<void> {
    const begun_s = clock.now_s();
    try {
      for (const frequency_Hz of frequenciesOf(asked)) {
        await clock.sleep(pointTime_s(frequency_Hz, asked.cycles) / timeFactor);
        if (of.state !== 'measuring') return;
        if (faults.freeze) continue;
        rig.advanceTo(clock.now_s());
        const { re_Ohm, im_Ohm } = meter(frequency_Hz);
        const elapsed_s = timeFactor * (clock.now_s() - begun_s);
        of.points.push([frequency_Hz, re_Ohm, im_Ohm, ...(tellsTime ? [elapsed_s] : [])]);
      }
      if (!faults.freeze) of.state = 'done';
    } catch (error) {
      of.state = 'failed';
      of.reason = error instanceof Error ? error.message : String(error);
    }
  }

  function answer(asked: Question): object {
    switch (asked.ask) {
      case 'identity':
        return { name };
      case 'state':
        return { measuring: now?.state === 'measuring' };
      case 'measure':
        if (now?.number === asked.number) return {};
        if (now?.state === 'measuring') return { error: 'a spectrum is being measured' };
        now = { number: asked.number, points: [], state: 'measuring', reason: '' };
        void measure(now, asked.request);
        return {};
      case 'points': {
        if (now?.number !== asked.number) return { error: `no spectrum ${asked.number}` };
        const { points, state, reason } = now;
        return { points: points.slice(asked.from), state, reason };
      }
      case 'cancel':
        if (now?.number === asked.number && now.state === 'measuring')
          Object.assign(now, { state: 'failed', reason: 'cancelled' });
        return {};
    }
  }

  function hear(socket: Socket, line: string): void {
    const asked = understood(line);
    // What is no question of this protocol is not answered.
    if (asked === undefined) return;
    log.push(asked.ask);
    if (faults.silence) return;
    const reply = `${JSON.stringify({ ...answer(asked), id: asked.id })}\n`;
    const send = (): void => {
      if (!socket.destroyed) socket.write(faults.corrupt ? `#${reply}` : reply);
    };
    if (faults.delay_ms > 0) clock.schedule(faults.delay_ms / 1000, send);
    else send();
  }

  const listener = tcpListener(parts.port ?? 0, socket => {
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
      for (let end = received.indexOf('\n'); end >= 0; end = received.indexOf('\n')) {
        const line = received.slice(0, end);
        received = received.slice(end + 1);
        hear(socket, line);
      }
    });
  });
  return {
    faults,
    log,
    get port() {
      return listener.port;
    },
    get signals() {
      return now?.state === 'measuring' ? 1 : 0;
    },
    start: () => listener.start(),
    stop: () => listener.stop(),
    async end() {
      if (now?.state === 'measuring') now.state = 'failed';
      await listener.stop();
    },
  };
}
