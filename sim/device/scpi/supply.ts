import type { Cancel } from '../../../drivers/contract/clock.ts';
import type { Rig } from '../../plant/parts/rig.ts';
import { deliver, type Emulator, type EmulatorEnv, freezable, noFaults } from '../faults.ts';
import { serialLine } from '../serial-line.ts';
import { tcpListener } from '../tcp-listener.ts';
import { DIALECTS, type DialectName } from './dialects.ts';
import { outputsInterpreter } from './outputs.ts';
import { type ScpiPlate, type ScpiState, scpiState } from './state.ts';

/** How often protections and watchdog are looked at between messages, s. */
const SERVICE_S = 0.01;
/** More than this without an end of line is thrown away, characters. */
const INPUT_MAX = 4096;

/** A running supply that speaks lines. */
export interface ScpiSupply extends Emulator {
  /** The instrument behind its interface: for its panel and for outside causes of trips. Of several outputs the first. */
  readonly state: ScpiState;
  /** Every output by its number. */
  readonly outputs: ReadonlyMap<number, ScpiState>;
  /** TCP port after the first start; 0 on a serial line. */
  readonly port: number;
  /** Every line that came in, oldest first, the last 1000. */
  readonly heard: readonly string[];
}

/** One output of an instrument. */
export interface ScpiOutput {
  /** As commands name it; 1 is the first. */
  readonly number: number;
  readonly plate: ScpiPlate;
  /** What it feeds; default the emulator's rig. */
  readonly rig?: Rig;
  /** First part of the rig's signals. */
  readonly subject: string;
}

/**
 * A DC supply of one of the families of `DIALECTS` on TCP or at a serial line, standing on the plant: its output drives
 * `<subject>.*Set_*`, its readings are `<subject>.voltage_V` and `.current_A`. Loads and sinks are not emulated.
 */
export function scpiSupply(
  env: EmulatorEnv,
  options: {
    readonly dialect: DialectName;
    readonly plate: ScpiPlate;
    /** First part of the rig's signals. Default `stack`. */
    readonly subject?: string;
    /** Its outputs, where it has several. Default: number 1 with `plate` on `subject`. */
    readonly outputs?: readonly ScpiOutput[];
    /** TCP port (0: any), or serial line. Default TCP. */
    readonly port?: number;
    readonly path?: string;
    readonly baud?: number | undefined;
    /** Called as soon as an output goes off. */
    readonly onOutputOff?: (() => void) | undefined;
  },
): ScpiSupply {
  const faults = noFaults();
  const dialect = DIALECTS[options.dialect];
  const { plate, subject = 'stack', onOutputOff } = options;
  const declared = options.outputs ?? [{ number: 1, plate, subject }];
  const errors: number[] = [];
  const outputs = new Map<number, ScpiState>();
  for (const output of declared) {
    const rig = 'rig' in output ? (output.rig ?? env.rig) : env.rig;
    const state = scpiState({ ...env, rig }, freezable(rig, faults), {
      plate: output.plate,
      subject: output.subject,
      errorDepth: dialect.errorDepth,
      setMax: dialect.setMax,
      onOutputOff,
      errors,
    });
    outputs.set(output.number, state);
  }
  const states = [...outputs.values()];
  const [state] = states;
  const service = (): void => {
    for (const one of states) one.service();
  };
  const interpret =
    dialect.outputOf === undefined || options.outputs === undefined
      ? dialect.interpreter(state)
      : outputsInterpreter(dialect, outputs);
  const heard: string[] = [];

  /** One end of a wire: takes what comes, answers with `send`. */
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
        if (heard.length > 1000) heard.shift();
        env.beforeReply?.();
        service();
        const answer = interpret(line);
        if (answer === undefined) continue;
        const frame = Buffer.from(answer + dialect.terminator, 'latin1');
        deliver(frame, { env, faults, corrupt: damageText, send });
      }
      if (text.length > INPUT_MAX) text = '';
    };
  }

  const { path } = options;
  const serial =
    path === undefined
      ? undefined
      : serialLine({ path, baud: options.baud ?? 9600, onData: input(frame => serial?.send(frame)) });
  const listener = tcpListener(options.port ?? 0, socket => {
    const take = input(frame => {
      if (!socket.destroyed) socket.write(frame);
    });
    socket.on('data', take);
  });

  let cancelService: Cancel = () => {};
  const stop = (): Promise<void> => (serial === undefined ? listener.stop() : serial.close());
  return {
    faults,
    upsets: { trip: on => state.setHot(on) },
    state,
    outputs,
    heard,
    get port() {
      return listener.port;
    },
    async start() {
      await (serial === undefined ? listener.start() : serial.open());
      cancelService();
      cancelService = env.clock.every(SERVICE_S, service);
    },
    stop,
    async end() {
      cancelService();
      await stop();
    },
  };
}

/** Turns digits into other characters, so that a careful reader sees that it is no number. */
function damageText(frame: Uint8Array): Uint8Array {
  return frame.map(byte => (byte === 0x0a || byte === 0x0d ? byte : byte ^ 0x55));
}
