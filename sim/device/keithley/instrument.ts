import { type EmulatorEnv, noFaults } from '../faults.ts';
import { errorText } from '../scpi/common.ts';
import { flag, named, number } from '../scpi/settings.ts';
import { interpreter, type Word, type Words } from '../scpi/words.ts';
import { type TextInstrument, textInstrument, withOwn } from '../text-instrument.ts';
import { elements2450, words2400 } from './reading.ts';
import { type OffState, type SourceFunction, SourceMeter, type SourceMeterPlate } from './source.ts';

/** A running source-measure unit. */
export interface SourceMeterInstrument extends TextInstrument {
  readonly source: SourceMeter;
  /** `SCPI`, `TSP` or `SCPI2400`: another one acts after switching it off and on. */
  language: string;
  /** Its interface is locked: nothing but this is answered. */
  isLocked: boolean;
  /** Bits that stand in every source status (2450) or status word (2400), as if something were wrong. */
  forcedStatus: number;
  /** Its own clock stands so far ahead. */
  clockAhead_s: number;
  readonly errors: readonly number[];
  /** An instrument that acknowledges everything and does nothing. */
  isDeaf: boolean;
  /** Switched off and on: its settings are those of the factory. */
  powerCycle(): void;
}

const OFF_STATES: readonly OffState[] = ['NORM', 'HIMP', 'ZERO', 'GUAR'];
const NOT_WITH_OUTPUT_OFF = 803;
const ERROR_DEPTH = 10;

/**
 * A Keithley 2400, 2450 or 2460 on a plant, from the makers' papers (see the driver's head). What it does with a command
 * set that is not chosen: `-113` in TSP (recalled).
 */
export function sourceMeterInstrument(
  env: EmulatorEnv,
  options: {
    readonly plate: SourceMeterPlate;
    readonly subject: string;
    readonly port?: number;
    readonly path?: string;
    readonly baud?: number | undefined;
    readonly terminator?: '\n' | '\r' | '\r\n' | undefined;
    readonly onOutputOff?: (() => void) | undefined;
  },
): SourceMeterInstrument {
  const { plate } = options;
  const faults = noFaults();
  const errors: number[] = [];
  const is2400 = plate.model === '2400';
  const maker = is2400 ? 'KEITHLEY INSTRUMENTS INC.' : 'KEITHLEY INSTRUMENTS';
  const firmware = is2400 ? 'C32   Oct  4 2010 14:20:11/A02  /K/H' : '1.7.12b';
  const source = new SourceMeter(env, plate, options.subject, () => options.onOutputOff?.());
  const own = { nplc: 1, isBack: true, clearAuto: false, elements: 'VOLT,CURR,RES,TIME,STAT', count: '1' };
  let first_s: number | undefined;
  let frozen: ReturnType<SourceMeter['read']> | undefined;

  const FUNCTIONS = ['VOLT', 'CURR'] as const;
  const wires = flag(
    () => source.wires === 4,
    on => {
      source.wires = on ? 4 : 2;
    },
  );
  const offState = (of: readonly SourceFunction[]): Word =>
    named(
      OFF_STATES,
      () => source.off[of[0]],
      to => {
        for (const one of of) source.off[one] = to;
        if (!source.isOn) source.switchOutput(false);
      },
    );

  function words(): Words {
    const each = FUNCTIONS.flatMap((quantity): Words => {
      const long = quantity === 'VOLT' ? 'VOLTage' : 'CURRent';
      const settings = source.of[quantity];
      const range = (set: (range: number) => void) => (value: number) => {
        const found = source.rangeFor(quantity, value);
        if (found !== undefined) set(found);
        return found !== undefined;
      };
      const senseRange = range(found => Object.assign(settings, { senseRange: found, senseAuto: false }));
      const sourceRange = range(found => Object.assign(settings, { sourceRange: found, sourceAuto: false }));
      const limit = number(
        () => settings.limit,
        value => source.setLimit(quantity, value),
      );
      const other = quantity === 'VOLT' ? 'CURRent' : 'VOLTage';
      const common: Words = [
        [
          `[SOURce:]${long}[:LEVel]`,
          number(
            () => settings.level,
            value => source.setLevel(quantity, value),
          ),
        ],
        [`SOURce:${long}:RANGe`, number(() => settings.sourceRange, sourceRange)],
        [
          `SOURce:${long}:RANGe:AUTO`,
          flag(
            () => settings.sourceAuto,
            on => Object.assign(settings, { sourceAuto: on }),
          ),
        ],
        [`SENSe:${long}:RANGe`, number(() => settings.senseRange, senseRange)],
        [
          `SENSe:${long}:RANGe:AUTO`,
          flag(
            () => settings.senseAuto,
            on => Object.assign(settings, { senseAuto: on }),
          ),
        ],
        [
          `SENSe:${long}:NPLCycles`,
          number(
            () => own.nplc,
            value => {
              if (!(value >= 0.01 && value <= 10)) return false;
              own.nplc = value;
              return true;
            },
          ),
        ],
      ];
      if (is2400)
        return [
          ...common,
          [`SENSe:${other}:PROTection[:LEVel]`, limit],
          [`SOURce:${long}:MODE`, { ask: () => 'FIX', say: () => undefined }],
        ];
      const tripped = quantity === 'VOLT' ? 'ILIMit' : 'VLIMit';
      return [
        ...common,
        [`SOURce:${long}:${tripped}[:LEVel]`, limit],
        [
          `SOURce:${long}:${tripped}[:LEVel]:TRIPped`,
          { ask: () => (source.isOn && source.read().isLimited ? '1' : '0') },
        ],
        [`OUTPut:${long}:SMODe`, offState([quantity])],
        [`SENSe:${long}:RSENse`, wires],
        [
          `SOURce:${long}:READ:BACK`,
          flag(
            () => own.isBack,
            on => Object.assign(own, { isBack: on }),
          ),
        ],
      ];
    });
    const senseFunction = is2400
      ? { ask: () => '"VOLT:DC","CURR:DC"', say: () => undefined }
      : named(
          FUNCTIONS,
          () => `"${source.measured}:DC"` as SourceFunction,
          () => {},
        );
    return [
      ['*IDN', { ask: () => `${maker},MODEL ${plate.model},${plate.serial},${firmware}` }],
      ['*CLS', { say: () => void errors.splice(0) }],
      ['SYSTem:ERRor[:NEXT]', { ask: () => errorOfQueue() }],
      [
        'OUTPut[:STATe]',
        flag(
          () => source.isOn,
          on => source.switchOutput(on),
        ),
      ],
      [
        'SOURce:FUNCtion[:MODE]',
        named(
          FUNCTIONS,
          () => source.function,
          to => source.setFunction(to),
        ),
      ],
      ['SENSe:FUNCtion[:ON]', senseFunction],
      [
        'ROUTe:TERMinals',
        named(
          ['FRON', 'REAR'],
          () => source.terminals,
          to => {
            source.terminals = to;
          },
        ),
      ],
      ['READ', { ask: argument => reading(argument) }],
      ...each,
      ...(is2400
        ? ([
            ['OUTPut:SMODe', offState(FUNCTIONS)],
            ['SYSTem:RSENse', wires],
            [
              'SOURce:CLEar:AUTO',
              flag(
                () => own.clearAuto,
                on => Object.assign(own, { clearAuto: on }),
              ),
            ],
            ['SENSe:FUNCtion:CONCurrent', { ask: () => '1', say: () => undefined }],
            [
              'FORMat:ELEMents',
              { ask: () => own.elements, say: a => void Object.assign(own, { elements: a }) },
            ],
            ['ARM:COUNt', { ask: () => '1', say: () => undefined }],
            ['TRIGger:COUNt', { ask: () => '1', say: () => undefined }],
          ] satisfies Words)
        : ([
            ['*LANG', { ask: () => instrument.language, say: () => undefined }],
            ['SENSe:COUNt', { ask: () => own.count, say: a => void Object.assign(own, { count: a }) }],
          ] satisfies Words)),
    ];
  }

  /** An event of a 2450 has time and number behind its text. */
  function errorOfQueue(): string {
    const code = errors.shift() ?? 0;
    const text = code === NOT_WITH_OUTPUT_OFF ? '+803,"Not permitted with OUTPUT off"' : errorText(code);
    return is2400 || code === 0 ? text : text.replace(/"$/, ';1;2026/11/29 12:00:00.000"');
  }

  /** The clock of a reading: that of a 2400 begins anew at 100,000 s, that of a 2450 counts from its first one. */
  function toldTime_s(): number {
    const now_s = env.clock.now_s() + instrument.clockAhead_s;
    first_s ??= now_s;
    return is2400 ? now_s % 1e5 : now_s - first_s;
  }

  function reading(argument: string): string | undefined {
    if (!source.isOn && is2400) {
      errors.push(NOT_WITH_OUTPUT_OFF);
      return undefined;
    }
    if (!faults.freeze || frozen === undefined) frozen = source.read();
    const told = {
      ...frozen,
      time_s: toldTime_s(),
      isBack: own.isBack,
      forced: instrument.forcedStatus,
    };
    return is2400 ? words2400(source, told) : elements2450(source, told, argument);
  }

  const state = {
    heard: () => {},
    pushError(code: number) {
      if (errors.length < ERROR_DEPTH) errors.push(code);
    },
  };
  const understand = interpreter(state, words());

  const speaker = {
    terminator: options.terminator ?? '\n',
    answer(text: string) {
      if (instrument.isLocked) return 'FAILURE: A command interface must log in first';
      const isCommon = /^\*(IDN|LANG)\?$/i.test(text);
      if (instrument.language === 'TSP' && !isCommon) {
        state.pushError(-113);
        return undefined;
      }
      if (instrument.isDeaf && !text.includes('?')) return undefined;
      return understand(text);
    },
    end: () => source.switchOutput(false),
  };
  const { port, path, baud } = options;
  const line = textInstrument(env, speaker, { port, path, baud, faults });
  const instrument: SourceMeterInstrument = withOwn(line, {
    source,
    language: 'SCPI',
    isLocked: false,
    isDeaf: false,
    forcedStatus: 0,
    clockAhead_s: 0,
    errors,
    powerCycle() {
      for (const one of FUNCTIONS) source.off[one] = 'NORM';
      source.wires = 2;
      for (const one of FUNCTIONS)
        Object.assign(source.of[one], { senseAuto: true, sourceAuto: true, level: 0 });
      errors.splice(0);
      // While it has no power its relay is open.
      source.switchOutput(false);
    },
  });
  return instrument;
}
