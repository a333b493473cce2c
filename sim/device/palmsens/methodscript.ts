import type { Spectrum } from '../../plant/parts/model.ts';
import { deliver, type Emulator, type EmulatorEnv, freezable, noFaults } from '../faults.ts';
import { serialLine } from '../serial-line.ts';
import { tcpListener } from '../tcp-listener.ts';
import { LoadError, type Script, ScriptReader } from './parse.ts';
import { PLATES, type PlateName } from './plates.ts';
import { Potentiostat } from './potentiostat.ts';
import { Run } from './run.ts';

/** After an answer with `!` it takes nothing for so long, s. */
const DEAF_s = 0.05;
/** More than this without an end of line is thrown away, characters. */
const INPUT_MAX = 4096;
/** Lines that it has heard are kept, the newest. */
const HEARD_MAX = 3000;

/** A running MethodSCRIPT instrument. */
export interface MethodScriptInstrument extends Emulator {
  readonly port: number;
  /** Every line that came in, oldest first. */
  readonly heard: readonly string[];
  /** The cell relay. */
  readonly cellIsOn: boolean;
  /** A script is running. */
  readonly isRunning: boolean;
  /** Bits in every status from now on: 2 overload, 4 underload, 8 overload warning, 1 timing. */
  forcedStatus: number;
  /** The script that runs ends with this error: what its last commands would have done stays undone. */
  fail(code: string): void;
  /** It does not know the command `Y` (an older firmware). */
  knowsLeave: boolean;
}

/** What it is. */
export interface MethodScriptParts {
  readonly plate: PlateName;
  readonly serial: string;
  /** Version in digits, e.g. `1305` for 1.3.05. */
  readonly version?: string;
  /** First part of the rig's signals. Default `cell`. */
  readonly subject?: string;
  impedance(frequencies_Hz: Float64Array): Spectrum;
  /** How many seconds of its spectra and sweeps pass in one second of the clock, as those of the plant do. Default 1. */
  readonly timeFactor?: number;
  /** TCP port (0: any), or serial line. Default TCP. */
  readonly port?: number;
  readonly path?: string;
  readonly baud?: number;
  /** Called as soon as the cell goes off. */
  readonly onCellOff?: () => void;
}

/**
 * A potentiostat that runs scripts, on a serial line or TCP, standing on a plant: it drives `<subject>.*Set_*`. A script that
 * runs goes on whatever the line does.
 */
export function methodScript(env: EmulatorEnv, parts: MethodScriptParts): MethodScriptInstrument {
  const { clock } = env;
  const faults = noFaults();
  const plate = PLATES[parts.plate];
  const cell = new Potentiostat(
    { ...env, rig: freezable(env.rig, faults) },
    plate,
    parts.subject ?? 'cell',
    () => parts.onCellOff?.(),
  );
  const heard: string[] = [];
  let reader: { readonly script: ScriptReader; readonly runs: boolean } | undefined;
  let loaded: Script | undefined;
  let run: Run | undefined;
  let deafUntil_s = Number.NEGATIVE_INFINITY;
  let wire: (frame: Uint8Array) => void = () => {};
  let knowsLeave = true;

  const send = (line: string): void =>
    deliver(Buffer.from(`${line}\n`, 'latin1'), { env, faults, corrupt: damage, send: frame => wire(frame) });
  const refuse = (command: string, code: string): void => {
    send(`${command}!${code}`);
    deafUntil_s = clock.now_s() + DEAF_s;
  };

  async function start(script: Script): Promise<void> {
    const running = new Run(script, {
      clock,
      timeFactor: parts.timeFactor ?? 1,
      cell,
      plate,
      impedance: parts.impedance,
      send,
    });
    run = running;
    const error = await running.whole();
    run = undefined;
    if (error !== undefined) {
      send(error);
      deafUntil_s = clock.now_s() + DEAF_s;
    }
    send('');
  }

  function load(line: string): void {
    if (reader === undefined) return;
    const { script, runs } = reader;
    try {
      if (line !== '') {
        script.take(line);
        return;
      }
      reader = undefined;
      loaded = script.end();
    } catch (error) {
      if (!(error instanceof LoadError)) throw error;
      reader = undefined;
      refuse(runs ? 'e' : 'l', `${error.code}: Line ${error.line}, Col 1`);
      return;
    }
    if (runs) void start(loaded);
    else send('');
  }

  function running(line: string, now: Run): void {
    switch (line) {
      case '':
        return;
      case 'Z':
        send('Z');
        now.abort();
        return;
      case 'Y':
        if (!knowsLeave) {
          refuse('Y', '0003');
          return;
        }
        send('Y');
        now.leave();
        return;
      case 'h':
      case 'H':
        send(line);
        now.halt(line === 'h');
        return;
      default:
        refuse(line[0], '0006');
    }
  }

  function command(line: string): void {
    switch (line) {
      case '':
        return;
      case 't':
        send(`t${plate.id}${parts.version ?? '1305'}#Jan 28 2022 11:04:43`);
        send('R*');
        return;
      case 'i':
        send(`i${parts.serial}`);
        return;
      case 'v':
        send('v0108');
        return;
      case 'e':
      case 'l':
        send(line);
        reader = { script: new ScriptReader(), runs: line === 'e' };
        return;
      case 'r':
        if (loaded === undefined) {
          refuse('r', '000C');
          return;
        }
        send('r');
        void start(loaded);
        return;
      case 'Z':
      case 'Y':
      case 'h':
      case 'H':
        refuse(line, '0006');
        return;
      default:
        refuse(line[0], '0003');
    }
  }

  function input(chunk: Buffer): void {
    if (faults.silence) return;
    text += chunk.toString('latin1');
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n')) {
      const line = text.slice(0, at).trim();
      text = text.slice(at + 1);
      if (clock.now_s() < deafUntil_s) continue;
      heard.push(line);
      if (heard.length > HEARD_MAX) heard.shift();
      if (run !== undefined) running(line, run);
      else if (reader !== undefined) load(line);
      else command(line);
    }
    if (text.length > INPUT_MAX) text = '';
  }
  let text = '';

  const { path } = parts;
  const serial =
    path === undefined ? undefined : serialLine({ path, baud: parts.baud ?? 921_600, onData: input });
  if (serial !== undefined) wire = frame => serial.send(frame);
  const listener = tcpListener(parts.port ?? 0, socket => {
    wire = frame => {
      if (!socket.destroyed) socket.write(frame);
    };
    socket.on('data', input);
  });

  return {
    faults,
    heard,
    get port() {
      return listener.port;
    },
    get cellIsOn() {
      return cell.isOn;
    },
    get isRunning() {
      return run !== undefined;
    },
    get forcedStatus() {
      return cell.forcedStatus;
    },
    set forcedStatus(bits) {
      cell.forcedStatus = bits;
    },
    get knowsLeave() {
      return knowsLeave;
    },
    set knowsLeave(knows) {
      knowsLeave = knows;
    },
    fail: code => run?.fail(code),
    start: () => (serial === undefined ? listener.start() : serial.open()),
    stop: () => (serial === undefined ? listener.stop() : serial.close()),
    async end() {
      run?.abort();
      await (serial === undefined ? listener.stop() : serial.close());
    },
  };
}

/** Turns digits into others of the alphabet that a package does not know. */
function damage(frame: Uint8Array): Uint8Array {
  return frame.map(byte => (byte === 0x0a ? byte : byte ^ 0x55));
}
