import { type EmulatorEnv, freezable, noFaults, requireActuator, requireSensor } from './faults.ts';
import { RodeostatTest } from './rodeostat-test.ts';
import { type TextInstrument, textInstrument, withOwn } from './text-instrument.ts';

/**
 * A Rodeostat of IO Rodeo on a plant, from its firmware and its documents: commands as JSON lines, electrodes that can be
 * disconnected, tests that stream their samples until `{}`.
 */

/** A running one. */
export interface RodeostatInstrument extends TextInstrument {
  /** As its board says it; before 0.2 it knows nothing of electrodes. */
  hardware: string;
  readonly electrodes: Readonly<Record<'Ref' | 'Ctr' | 'Wrk', boolean>>;
  /** Takes every order and carries none out. */
  isDeaf: boolean;
}

type Message = Readonly<Record<string, unknown>>;

const CELL_MODE = { rest: 0, voltage: 2 } as const;
const STEPS = 4096;
const MICRO = 1e-6;

/** Stands on a serial line, or for tests on TCP. */
export function rodeostat(
  env: EmulatorEnv,
  options: {
    readonly variant: string;
    readonly deviceId: number;
    readonly subject: string;
    readonly voltageRanges: readonly string[];
    /** Names and values, uA. */
    readonly currentRanges: Readonly<Record<string, number>>;
    readonly path?: string;
    readonly port?: number;
    readonly onOutputOff?: (() => void) | undefined;
    /** How many seconds of its tests pass in one second of the clock, as those of the plant do. Default 1. */
    readonly timeFactor?: number;
  },
): RodeostatInstrument {
  const faults = noFaults();
  const { rig } = env;
  const shown = freezable(rig, faults);
  const name = 'rodeostat';
  const at = {
    voltage: requireSensor(rig, name, `${options.subject}.voltage_V`),
    current: requireSensor(rig, name, `${options.subject}.current_A`),
    voltageSet: requireActuator(rig, name, `${options.subject}.voltageSet_V`),
    output: requireActuator(rig, name, `${options.subject}.outputSet_on`),
    mode: rig.actuatorIndex(`${options.subject}.modeSet_count`),
  };
  const electrodes = { Ref: false, Ctr: false, Wrk: false };
  let voltRange = options.voltageRanges[0];
  let currRange = Object.keys(options.currentRanges)[0];
  let set_V = 0;

  function drive(): void {
    const isOn = electrodes.Ctr && electrodes.Wrk;
    rig.set(at.voltageSet, set_V);
    if (at.mode >= 0) rig.set(at.mode, isOn ? CELL_MODE.voltage : CELL_MODE.rest);
    if (!isOn && rig.setting(at.output) >= 0.5) options.onOutputOff?.();
    rig.set(at.output, isOn ? 1 : 0);
  }
  drive();

  /** Its converter has 4096 steps over the range; beyond it, its end. */
  function quantised(volt: number): number {
    const most = Number.parseInt(voltRange, 10);
    const step = (2 * most) / STEPS;
    return Math.min(most, Math.max(-most, Math.round(volt / step) * step));
  }

  const fail = (message: string): never => {
    throw new RangeError(message);
  };
  const orders: Readonly<Record<string, (message: Message) => object>> = {
    getVariant: () => ({ variant: options.variant }),
    getVersion: () => ({ version: 'FW0.0.9' }),
    getHardwareVersion: () =>
      instrument.hardware === '' ? fail('command not found') : { version: instrument.hardware },
    getDeviceId: () => ({ deviceId: options.deviceId }),
    getVolt: () => ({ v: set_V }),
    setVolt(message) {
      if (typeof message['v'] !== 'number') return fail('unable to convert volt to float');
      if (!instrument.isDeaf) set_V = quantised(message['v']);
      drive();
      return { v: set_V };
    },
    getRefVolt: () => ({ r: electrodes.Ref ? shown.sensor(at.voltage) : 9.7 }),
    getCurr() {
      const most = options.currentRanges[currRange];
      const uA = electrodes.Ctr ? shown.sensor(at.current) / MICRO : 0.012;
      return { i: Math.min(most, Math.max(-most, uA)) };
    },
    getVoltRange: () => ({ voltRange }),
    setVoltRange(message) {
      const asked = String(message['voltRange']);
      if (!options.voltageRanges.includes(asked)) return fail('unknown voltage range');
      voltRange = asked;
      return { voltRange };
    },
    getCurrRange: () => ({ currRange }),
    setCurrRange(message) {
      const asked = String(message['currRange']);
      if (!Object.hasOwn(options.currentRanges, asked)) return fail('unknown current range');
      currRange = asked;
      return { currRange };
    },
    setSamplePeriod(message) {
      const asked = message['samplePeriod'];
      if (typeof asked !== 'number' || !Number.isInteger(asked))
        return fail('json samplePeriod value is not uin32_t');
      if (asked > 1000) return fail('json samplePeriod value is too large');
      if (asked < 1) return fail('json samplePeriod value is too small');
      test.samplePeriod_ms = asked;
      return { samplePeriod: asked };
    },
    setElectAutoConnect(message) {
      if (typeof message['autoConnect'] !== 'boolean') return fail("unable to convert 'autoConnect' to bool");
      isAutoConnect = message['autoConnect'];
      return { autoConnect: isAutoConnect };
    },
    setParam: message => {
      const name = String(message['test']);
      return { test: name, param: test.setParam(name, message['param']) };
    },
    runTest(message) {
      const name = String(message['test']);
      if (isAutoConnect) Object.assign(electrodes, { Ref: true, Ctr: true, Wrk: true });
      test.start(name);
      return { test: name };
    },
    stopTest() {
      test.stop();
      return {};
    },
  };
  let isAutoConnect = false;
  const test = new RodeostatTest(env, options.timeFactor ?? 1, {
    volt(value) {
      set_V = value;
      drive();
    },
    range(low, high) {
      const fits = options.voltageRanges.find(
        range => Number.parseInt(range, 10) >= Math.max(Math.abs(low), Math.abs(high)),
      );
      voltRange = fits ?? voltRange;
    },
    current_uA: () => Number(orders['getCurr']({})['i' as never]),
    quantised,
    say: text => line.say(text),
    ended() {
      if (!isAutoConnect) return;
      Object.assign(electrodes, { Ref: false, Ctr: false, Wrk: false });
      drive();
    },
  });

  function electrode(command: string, message: Message): object | undefined {
    const match = /^([gs]et)(Ref|Ctr|Wrk)ElectConnected$/.exec(command);
    if (match === null || instrument.hardware === '') return undefined;
    const which = match[2] as keyof typeof electrodes;
    if (match[1] === 'set') {
      if (typeof message['connected'] !== 'boolean') return fail('json does not contain key: connected');
      if (!instrument.isDeaf) electrodes[which] = message['connected'];
      drive();
    }
    return { connected: electrodes[which] };
  }

  function interpret(line: string): string {
    try {
      const message = parsed(line) ?? fail('unable to parse json');
      const command = String(message['command']);
      const found = Object.hasOwn(orders, command) ? orders[command](message) : electrode(command, message);
      if (found === undefined) return fail('command not found');
      return JSON.stringify({ success: true, response: { command, ...found } });
    } catch (error) {
      return JSON.stringify({ success: false, message: (error as Error).message, response: {} });
    }
  }

  const line = textInstrument(
    env,
    {
      terminator: '\n',
      answer: interpret,
      end() {
        test.end();
        electrodes.Ctr = false;
        drive();
      },
    },
    { path: options.path, port: options.port, baud: 115_200, faults },
  );
  const instrument: RodeostatInstrument = withOwn(line, { electrodes, hardware: 'HW0.2', isDeaf: false });
  return instrument;
}

function parsed(line: string): Message | undefined {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === 'object' && read !== null ? (read as Message) : undefined;
  } catch {
    return undefined;
  }
}
