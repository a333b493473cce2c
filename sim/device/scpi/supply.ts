import type { Rig } from '../../plant/parts/rig.ts';
import { type EmulatorEnv, freezable, noFaults } from '../faults.ts';
import { type TextInstrument, textInstrument, withOwn } from '../text-instrument.ts';
import { DIALECTS, type DialectName } from './dialects.ts';
import { outputsInterpreter } from './outputs.ts';
import { type ScpiPlate, type ScpiState, scpiState } from './state.ts';
import type { Interpreter } from './words.ts';

/** A running supply that speaks lines. */
export interface ScpiSupply extends TextInstrument {
  /** The instrument behind its interface: for its panel and for outside causes of trips. Of several outputs the first. */
  readonly state: ScpiState;
  /** Every output by its number. */
  readonly outputs: ReadonlyMap<number, ScpiState>;
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
  const units = dialect.isMultidrop === true ? states.map(each => dialect.interpreter(each)) : [];
  // All hear the line; the one that was called answers.
  const onLine: Interpreter = line => units.map(unit => unit(line)).find(answer => answer !== undefined);
  const interpret =
    dialect.isMultidrop === true
      ? onLine
      : dialect.outputOf === undefined || options.outputs === undefined
        ? dialect.interpreter(state)
        : outputsInterpreter(dialect, outputs);
  const { terminator } = dialect;
  const { port, path, baud } = options;
  const instrument = textInstrument(
    env,
    { terminator, answer: interpret, service },
    { port, path, baud, faults },
  );
  return withOwn(instrument, { upsets: { trip: (on: boolean) => state.setHot(on) }, state, outputs });
}
