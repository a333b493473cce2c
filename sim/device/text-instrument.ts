import type { Cancel } from '../../drivers/contract/clock.ts';
import { deliver, type Emulator, type EmulatorEnv, type Faults, noFaults } from './faults.ts';
import { type LineWire, lineEnd } from './line-end.ts';

/** How often timers of the instrument are looked at between messages, s. */
const SERVICE_S = 0.01;
/** More than this without an end of line is thrown away, characters. */
const INPUT_MAX = 4096;
const HEARD_MAX = 1000;

/** A running instrument that speaks lines. */
export interface TextInstrument extends Emulator {
  /** TCP port after the first start; 0 on a serial line. */
  readonly port: number;
  /** Every line that came in, oldest first, the last 1000. */
  readonly heard: readonly string[];
  /** Its answer to a line as if it had come in, without its wire and without the faults of one. */
  answer(line: string): string | undefined | Promise<string | undefined>;
}

/** How an instrument answers lines. */
export interface TextSpeaker {
  /** Ends what it sends; CR, LF or both end what comes. */
  readonly terminator: string;
  /** Its answer to a line; undefined: it has none. Lines are carried out one after the other: while one takes time, the next waits. */
  answer(line: string): string | undefined | Promise<string | undefined>;
  /** It does not hear the first line after its line was opened. */
  readonly deafAtFirst?: boolean;
  /** Looked at often, and before each answer: watchdogs, ramps, protections. */
  service?(): void;
  /** Ends what it does by itself. */
  end?(): void;
}

/** Puts an instrument that speaks lines on TCP (port 0: any), or at a serial line. */
export function textInstrument(
  env: EmulatorEnv,
  speaker: TextSpeaker,
  wire: LineWire & { readonly faults?: Faults },
): TextInstrument & {
  /** Sends a line by itself, on the serial line or to whoever spoke last. */
  say(line: string): void;
} {
  const { faults = noFaults() } = wire;
  const heard: string[] = [];
  const service = (): void => speaker.service?.();

  /** One end of a wire: takes what comes, answers with `send`. */
  let wireOf: (frame: Uint8Array) => void = () => {};
  const sayOn = (send: (frame: Uint8Array) => void, line: string): void =>
    deliver(Buffer.from(line + speaker.terminator, 'latin1'), { env, faults, corrupt: damageText, send });

  function input(send: (frame: Uint8Array) => void): (chunk: Buffer) => void {
    let text = '';
    let working: Promise<unknown> | undefined;
    let isDeaf = speaker.deafAtFirst === true;
    const answer = (reply: string | undefined): void => {
      if (reply !== undefined) sayOn(send, reply);
    };
    const take = (line: string): Promise<void> | undefined => {
      heard.push(line);
      wireOf = send;
      if (heard.length > HEARD_MAX) heard.shift();
      env.beforeReply?.();
      service();
      const reply = speaker.answer(line);
      if (reply instanceof Promise) return reply.then(answer);
      answer(reply);
      return undefined;
    };
    return chunk => {
      if (faults.silence) return;
      text += chunk.toString('latin1');
      for (let end = text.search(/[\r\n]/); end >= 0; end = text.search(/[\r\n]/)) {
        const line = text.slice(0, end).trim();
        text = text.slice(end + 1);
        if (line === '') continue;
        if (isDeaf) {
          isDeaf = false;
          continue;
        }
        const mine = working === undefined ? take(line) : working.then(() => take(line));
        working = mine;
        mine?.then(() => {
          if (working === mine) working = undefined;
        });
      }
      if (text.length > INPUT_MAX) text = '';
    };
  }

  const end = lineEnd(wire, input);
  let cancelService: Cancel = () => {};
  return {
    faults,
    heard,
    say(line) {
      if (!faults.silence) sayOn(wireOf, line);
    },
    get port() {
      return end.port;
    },
    answer: line => speaker.answer(line),
    async start() {
      await end.start();
      cancelService();
      cancelService = env.clock.every(SERVICE_S, service);
    },
    stop: () => end.stop(),
    async end() {
      cancelService();
      speaker.end?.();
      await end.stop();
    },
  };
}

/** What the instrument of a make has beside: getters stay getters. */
export function withOwn<Own extends object>(line: TextInstrument, own: Own): TextInstrument & Own {
  return Object.defineProperties(line, Object.getOwnPropertyDescriptors(own)) as TextInstrument & Own;
}

/** Turns digits into other characters, so that a careful reader sees that it is no number. */
function damageText(frame: Uint8Array): Uint8Array {
  return frame.map(byte => (byte === 0x0a || byte === 0x0d ? byte : byte ^ 0x55));
}
