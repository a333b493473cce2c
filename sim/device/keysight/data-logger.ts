import { type EmulatorEnv, freezable, NO_SENSOR, noFaults, readingOf } from '../faults.ts';
import { errorText } from '../scpi/common.ts';
import { interpreter, numberOf, switchOf, type Word } from '../scpi/words.ts';
import { type TextInstrument, textInstrument, withOwn } from '../text-instrument.ts';

/**
 * A Keysight 34970A or DAQ970A, from the maker's user guide: channels that are configured by list, a scan list, readings with
 * unit and number. An open thermocouple reads 9.9E37 while its check is on, and the temperature of the terminal block while it
 * is off.
 */

/** What hangs at one channel. */
export interface Wired {
  /** Sensor of the rig; NO_SENSOR: nothing, an open thermocouple. */
  readonly sensor: number;
  /** What the sensor's value is worth in degC, V, A or Ohm. */
  readonly factor: number;
}

/** A running one. */
export interface DataLoggerInstrument extends TextInstrument {
  readonly errors: readonly number[];
  /** Channels that are measured as something else from now on, as if set at its panel. */
  override(at: number, measures: string): void;
  /** Its settings are those of the factory again. */
  powerCycle(): void;
}

interface Channel {
  measures: string;
  kind: string;
  type: string;
  check: boolean;
  range: string;
  nplc: string;
}

const UNITS: Readonly<Record<string, string>> = {
  TEMP: 'C',
  VOLT: 'VDC',
  CURR: 'ADC',
  RES: 'OHM',
  FRES: 'OHM',
};
const TERMINALS_degC = 23.4;
const MAINS_Hz = 50;
const SWITCH_s = 0.02;

/** Slots of the mainframe and channels of a module: no list has more. */
const LIST_MAX = 60;

/** The list at the end of an argument, and what stands before it; undefined where it has no list that could be one. */
function listOf(argument: string): { readonly before: string[]; readonly at: number[] } | undefined {
  const match = /^(.*?),?\s*\(@([\d,:]*)\)$/.exec(argument.trim());
  if (match === null) return undefined;
  const at = match[2] === '' ? [] : match[2].split(',').flatMap(spanOf);
  if (at.length > LIST_MAX || !at.every(Number.isInteger)) return undefined;
  return { before: match[1] === '' ? [] : match[1].split(',').map(part => part.trim()), at };
}

function spanOf(part: string): number[] {
  const [from, to = from] = part.split(':').map(Number);
  // Backwards, or longer than the mainframe: no span.
  if (!(to >= from && to - from < LIST_MAX)) return [Number.NaN];
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

/** On its line it answers `READ?` when its scan is through. */
export function dataLogger(
  env: EmulatorEnv,
  options: {
    readonly maker: string;
    readonly model: string;
    readonly serial: string;
    /** What hangs at the channels; one that is not here has nothing. */
    readonly wired: ReadonlyMap<number, Wired>;
    /** Times of its scans are shortened by it. Default 1. */
    readonly timeFactor?: number;
    readonly port?: number;
    readonly path?: string;
    readonly baud?: number | undefined;
  },
): DataLoggerInstrument {
  const { wired } = options;
  const faults = noFaults();
  const rig = freezable(env.rig, faults);
  const errors: number[] = [];
  const channels = new Map<number, Channel>();
  const format = { CHAN: false, UNIT: false, TIME: false, ALAR: false };
  let scan: number[] = [];

  function powerCycle(): void {
    channels.clear();
    scan = [];
    Object.assign(format, { CHAN: false, UNIT: false, TIME: false, ALAR: false });
  }

  const of = (at: number): Channel => {
    const found = channels.get(at) ?? {
      measures: 'VOLT',
      kind: 'TC',
      type: 'J',
      check: false,
      range: '300',
      nplc: '1',
    };
    channels.set(at, found);
    return found;
  };
  const exists = (at: number): boolean => at >= 101 && at <= 320 && at % 100 >= 1 && at % 100 <= 20;

  /** A setting of channels: said with its list, asked with it. */
  const each = (
    get: (channel: Channel) => string,
    set: (channel: Channel, value: string) => boolean,
  ): Word => ({
    ask(argument) {
      const found = listOf(argument);
      return found?.at.every(exists) ? found.at.map(at => get(of(at))).join(',') : undefined;
    },
    say(argument) {
      const found = listOf(argument);
      if (found === undefined) return -109;
      if (!found.at.every(exists)) return -224;
      return found.at.every(at => set(of(at), found.before.join(','))) ? undefined : -222;
    },
  });
  const configure = (measures: string): Word => ({
    say(argument) {
      const found = listOf(argument);
      if (found === undefined) return -109;
      if (!found.at.every(exists)) return -224;
      const [kind = '', type = ''] = found.before;
      for (const at of found.at) {
        channels.delete(at);
        Object.assign(of(at), measures === 'TEMP' ? { measures, kind, type } : { measures, range: kind });
      }
      // A configuration takes the format away, and makes itself the scan list.
      Object.assign(format, { CHAN: false, UNIT: false, TIME: false, ALAR: false });
      scan = found.at;
      return undefined;
    },
  });
  const shows = (key: keyof typeof format): Word => ({
    ask: () => (format[key] ? '1' : '0'),
    say(argument) {
      const on = switchOf(argument);
      if (on === undefined) return -224;
      format[key] = on;
      return undefined;
    },
  });
  const nplc = each(
    channel => `+${Number(channel.nplc).toExponential(8).toUpperCase()}`,
    (channel, value) => {
      channel.nplc = value;
      return numberOf(value) > 0;
    },
  );
  const range = each(
    channel => `+${Number(channel.range).toExponential(8).toUpperCase()}`,
    () => false,
  );
  const type = each(
    channel => channel.type,
    (channel, value) => {
      channel.type = value;
      return true;
    },
  );

  const understand = interpreter(
    {
      heard: () => {},
      pushError: code => {
        if (errors.length < 20) errors.push(code);
      },
    },
    [
      ['*IDN', { ask: () => `${options.maker},${options.model},${options.serial},A.02.02-01.00` }],
      ['SYSTem:ERRor', { ask: () => errorText(errors.shift() ?? 0).replace(/^0/, '+0') }],
      ['ABORt', { say: () => undefined }],
      ['CONFigure:TEMPerature', configure('TEMP')],
      ['CONFigure:VOLTage:DC', configure('VOLT')],
      ['CONFigure:CURRent:DC', configure('CURR')],
      ['CONFigure:RESistance', configure('RES')],
      ['CONFigure:FRESistance', configure('FRES')],
      [
        '[SENSe:]FUNCtion',
        each(
          channel => `"${channel.measures}"`,
          () => false,
        ),
      ],
      ['[SENSe:]TEMPerature:NPLCycles', nplc],
      ['[SENSe:]VOLTage:DC:NPLCycles', nplc],
      ['[SENSe:]CURRent:DC:NPLCycles', nplc],
      ['[SENSe:]RESistance:NPLCycles', nplc],
      ['[SENSe:]FRESistance:NPLCycles', nplc],
      ['[SENSe:]VOLTage:DC:RANGe', range],
      ['[SENSe:]CURRent:DC:RANGe', range],
      ['[SENSe:]RESistance:RANGe', range],
      ['[SENSe:]FRESistance:RANGe', range],
      [
        '[SENSe:]TEMPerature:TRANsducer:TYPE',
        each(
          channel => channel.kind,
          () => false,
        ),
      ],
      ['[SENSe:]TEMPerature:TRANsducer:TC:TYPE', type],
      ['[SENSe:]TEMPerature:TRANsducer:RTD:TYPE', type],
      ['[SENSe:]TEMPerature:TRANsducer:FRTD:TYPE', type],
      [
        '[SENSe:]TEMPerature:TRANsducer:TC:CHECk',
        each(
          channel => (channel.check ? '1' : '0'),
          (channel, value) => {
            channel.check = switchOf(value) ?? false;
            return switchOf(value) !== undefined;
          },
        ),
      ],
      [
        'UNIT:TEMPerature',
        each(
          () => 'C',
          (_, value) => value === 'C',
        ),
      ],
      [
        'ROUTe:SCAN',
        {
          ask() {
            const text = `(@${scan.join(',')})`;
            return `#${String(text.length).length}${text.length}${text}`;
          },
          say(argument) {
            const found = listOf(argument);
            if (!found?.at.every(exists)) return -224;
            scan = found.at;
            return undefined;
          },
        },
      ],
      ['TRIGger:SOURce', { ask: () => 'IMM', say: () => undefined }],
      ['TRIGger:COUNt', { ask: () => '+1.00000000E+00', say: () => undefined }],
      ['FORMat:READing:CHANnel', shows('CHAN')],
      ['FORMat:READing:UNIT', shows('UNIT')],
      ['FORMat:READing:TIME', shows('TIME')],
      ['FORMat:READing:ALARm', shows('ALAR')],
    ],
  );

  function reading(at: number): string {
    const { measures, kind, check } = of(at);
    const { sensor = NO_SENSOR, factor = 1 } = wired.get(at) ?? {};
    let value = factor * readingOf(rig, sensor);
    if (Number.isNaN(value)) {
      if (measures !== 'TEMP') value = 1.2e-4;
      else value = kind === 'TC' && !check ? TERMINALS_degC : 9.9e37;
    }
    const text = `${value < 0 ? '' : '+'}${value
      .toExponential(8)
      .toUpperCase()
      .replace(/E([+-])(\d)$/, 'E$10$2')}`;
    const unit = format.UNIT ? ` ${UNITS[measures]}` : '';
    return `${text}${unit}${format.CHAN ? `,${at}` : ''}`;
  }

  /** Channel by channel, each in its time. */
  async function sweep(): Promise<string> {
    const readings: string[] = [];
    for (const at of [...scan].sort((a, b) => a - b)) {
      const { nplc: cycles } = of(at);
      await env.clock.sleep((SWITCH_s + (2 * Number(cycles)) / MAINS_Hz) / (options.timeFactor ?? 1));
      env.beforeReply?.();
      readings.push(reading(at));
    }
    return readings.join(',');
  }

  const { port, path, baud } = options;
  const answer = (text: string) => (/^:?READ\?$/i.test(text) && scan.length > 0 ? sweep() : understand(text));
  const line = textInstrument(env, { terminator: '\n', answer }, { port, path, baud, faults });
  const override = (at: number, measures: string): void => {
    of(at).measures = measures;
  };
  return withOwn(line, { errors, override, powerCycle });
}
