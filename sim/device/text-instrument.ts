import { deliver, type Emulator, type EmulatorEnv, noFaults } from './faults.ts';
import { serialLine } from './serial-line.ts';
import { tcpListener } from './tcp-listener.ts';

/** More than this without an end of line is thrown away, characters. */
const INPUT_MAX = 4096;
/** Lines that are kept of what came. */
const HEARD_MAX = 1000;

/** An instrument that answers lines of text, on TCP or at a serial line. */
export interface TextInstrument extends Emulator {
  /** TCP port after the first start; 0 on a serial line. */
  readonly port: number;
  /** Every line that came in, oldest first, the last 1000. */
  readonly heard: readonly string[];
}

/** What it is made of. */
export interface TextInstrumentParts {
  readonly terminator: '\n' | '\r' | '\r\n';
  /** Carries a line out; resolves with its answer, undefined where there is none. */
  interpret(line: string): string | undefined | Promise<string | undefined>;
  /** Ends what it does by itself. */
  end?(): void;
  readonly port?: number | undefined;
  readonly path?: string | undefined;
  readonly baud?: number | undefined;
  readonly faults?: Emulator['faults'];
}

/** Puts it on its line. Lines are carried out one after the other: while one takes time, the next waits. */
export function textInstrument(env: EmulatorEnv, parts: TextInstrumentParts): TextInstrument {
  const faults = parts.faults ?? noFaults();
  const heard: string[] = [];

  function input(send: (frame: Uint8Array) => void): (chunk: Buffer) => void {
    let text = '';
    let working: Promise<unknown> | undefined;
    const answer = (reply: string | undefined): void => {
      if (reply === undefined) return;
      deliver(Buffer.from(reply + parts.terminator, 'latin1'), { env, faults, corrupt: damageText, send });
    };
    const take = (line: string): void | Promise<void> => {
      heard.push(line);
      if (heard.length > HEARD_MAX) heard.shift();
      env.beforeReply?.();
      const reply = parts.interpret(line);
      if (!(reply instanceof Promise)) return answer(reply);
      return reply.then(answer);
    };
    return chunk => {
      if (faults.silence) return;
      text += chunk.toString('latin1');
      for (let end = text.search(/[\r\n]/); end >= 0; end = text.search(/[\r\n]/)) {
        const line = text.slice(0, end).trim();
        text = text.slice(end + 1);
        if (line === '') continue;
        if (working === undefined) {
          const work = take(line);
          if (work !== undefined) working = work;
        } else working = working.then(() => take(line));
        const mine = working;
        mine?.then(() => {
          if (working === mine) working = undefined;
        });
      }
      if (text.length > INPUT_MAX) text = '';
    };
  }

  const { path } = parts;
  const serial =
    path === undefined
      ? undefined
      : serialLine({ path, baud: parts.baud ?? 9600, onData: input(frame => serial?.send(frame)) });
  const listener = tcpListener(parts.port ?? 0, socket => {
    socket.on(
      'data',
      input(frame => {
        if (!socket.destroyed) socket.write(frame);
      }),
    );
  });
  const stop = (): Promise<void> => (serial === undefined ? listener.stop() : serial.close());
  return {
    faults,
    heard,
    get port() {
      return listener.port;
    },
    start: () => (serial === undefined ? listener.start() : serial.open()),
    stop,
    end() {
      parts.end?.();
      return stop();
    },
  };
}

/** Turns digits into other characters, so that a careful reader sees that it is no number. */
function damageText(frame: Uint8Array): Uint8Array {
  return frame.map(byte => (byte === 0x0a || byte === 0x0d ? byte : byte ^ 0x55));
}
