import type { Cancel } from '../../../drivers/contract/clock.ts';
import { deliver, type Emulator, type EmulatorEnv, noFaults } from '../faults.ts';
import { serialLine } from '../serial-line.ts';
import { tcpListener } from '../tcp-listener.ts';
import type { Bath } from './bath.ts';
import type { ThermalDialect } from './dialects.ts';

/** How often its time-out is looked at, s. */
const SERVICE_S = 0.01;
/** More than this without an end of line is thrown away, characters. */
const INPUT_MAX = 1024;
const HEARD_MAX = 1000;

/** A running circulator or chamber. */
export interface ThermalInstrument extends Emulator {
  /** TCP port after the first start; 0 on a serial line. */
  readonly port: number;
  /** Every line that came in, oldest first. */
  readonly heard: readonly string[];
}

/** A bath of a make on TCP (port 0: any) or at a serial line. */
export function thermalInstrument(
  env: EmulatorEnv,
  bath: Bath,
  dialect: ThermalDialect,
  wire: {
    readonly plate: string;
    readonly port?: number;
    readonly path?: string;
    readonly baud?: number | undefined;
  },
): ThermalInstrument {
  const faults = noFaults();
  const heard: string[] = [];

  function input(send: (frame: Uint8Array) => void): (chunk: Buffer) => void {
    let text = '';
    return chunk => {
      if (faults.silence) return;
      text += chunk.toString('latin1');
      for (let end = text.search(/[\r\n]/); end >= 0; end = text.search(/[\r\n]/)) {
        const line = text.slice(0, end).trim();
        text = text.slice(end + 1);
        if (line === '') continue;
        heard.push(line);
        if (heard.length > HEARD_MAX) heard.shift();
        env.beforeReply?.();
        bath.service();
        bath.heard();
        const answer = dialect.answer(bath, line, wire.plate);
        if (answer === undefined) continue;
        deliver(Buffer.from(answer + dialect.terminator, 'latin1'), { env, faults, corrupt: damaged, send });
      }
      if (text.length > INPUT_MAX) text = '';
    };
  }

  const { path } = wire;
  const serial =
    path === undefined
      ? undefined
      : serialLine({ path, baud: wire.baud ?? 9600, onData: input(frame => serial?.send(frame)) });
  const listener = tcpListener(wire.port ?? 0, socket => {
    socket.on(
      'data',
      input(frame => {
        if (!socket.destroyed) socket.write(frame);
      }),
    );
  });
  let cancel: Cancel = () => {};
  const stop = (): Promise<void> => (serial === undefined ? listener.stop() : serial.close());
  return {
    faults,
    heard,
    get port() {
      return serial === undefined ? listener.port : 0;
    },
    async start() {
      await (serial === undefined ? listener.start() : serial.open());
      cancel();
      cancel = env.clock.every(SERVICE_S, () => bath.service());
    },
    stop,
    async end() {
      cancel();
      await stop();
    },
  };
}

/** Turns digits into other characters, so that a careful reader sees that it is no number. */
const damaged = (frame: Uint8Array): Uint8Array =>
  frame.map(byte => (byte === 0x0a || byte === 0x0d ? byte : byte ^ 0x55));
