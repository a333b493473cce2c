import { DeviceError } from '../contract/errors.ts';
import type { DeviceTable, Exchange, WriteSpec } from '../device-table.ts';
import type { DriverEntry, DriverEnv } from '../entry.ts';
import { openDevice } from '../open-device.ts';
import { errorOf, fieldsOf, numberIn, switchOf } from '../protocol/scpi.ts';
import { type TextRequest, textLines } from '../transport/text/lines.ts';
import { addressOf } from '../transport/text/way.ts';
import { endpointOf } from '../transport/text/wire.ts';
import { DIALECTS, isAnswer } from './dialect.ts';
import { describe, firstPoints, ID, limitsOf, options, type SourceMeterOptions } from './options.ts';
import { pollOf, type State } from './poll.ts';
import { heldOf, type SetPoint, type SetPoints, type Source, sourceOf } from './set-points.ts';

/** A reading takes so long beside its integration, ms, and so many of its integrations (auto-zero; default). */
const REPLY_ms = 400;
const INTEGRATIONS = 4;
const LINE_ms = 20;
/** Least pause between two lines on a serial port, ms (default). */
const SERIAL_GAP_ms = 10;
/** Characters of the longest answer, of at most 10 bits. */
const LONGEST_BITS = 200 * 10;
/** Answers of a locked interface (recalled). */
const LOCKED = /log ?in|password/i;

function tableOf(
  asked: SourceMeterOptions,
  { clock, readOnly = false }: Pick<DriverEnv, 'clock' | 'readOnly'>,
): DeviceTable<TextRequest, string> {
  const limits = limitsOf(asked);
  const { drive, model } = limits;
  const dialect = DIALECTS[model.speaks];
  const description = describe(asked);
  const address = addressOf(asked);
  const where = `${ID} at ${endpointOf(address)}`;
  const isSerial = 'path' in asked;
  const gap_ms = isSerial ? SERIAL_GAP_ms : 0;
  const reply_ms =
    REPLY_ms +
    INTEGRATIONS * LINE_ms * asked.nplc +
    (isSerial ? (2 * LONGEST_BITS * 1000) / asked.baud + 20 * gap_ms : 0);

  /** What was taken, and whether the instrument has been seen to hold just that since it was connected. */
  let points = firstPoints(limits);
  let isProven = false;
  const checks = dialect.checks(asked);
  const offStates = checks.filter(([ask]) => ask.includes(':SMOD?'));
  const brief = [...offStates, ...checks.filter(([ask]) => ask === ':SOUR:FUNC?')];
  /** Output, level and limit, and what was set up: in one answer, so that it is of one moment. */
  const asking = (some: typeof checks): TextRequest => ({
    lines: [
      [':OUTP?', dialect.askLevel(drive), dialect.askLimit(drive), ...some.map(([ask]) => ask)].join(';'),
    ],
    fits: text => stateIn(text, some) !== undefined,
  });
  const askState = asking(checks);
  const placeOf = (name: string): number | undefined => {
    const at = description.channels.findIndex(channel => channel.name === name);
    return at < 0 ? undefined : at;
  };
  const poll = pollOf(dialect, asked, {
    ask: asking(brief),
    stateIn: text => stateIn(text, brief),
    channels: description.channels.length,
    extras: { voltage: placeOf('voltage_V'), time: placeOf('instrumentTime_s') },
    where: readOnly ? undefined : where,
  });

  function stateIn(text: string, some: typeof checks): State | undefined {
    const [output = '', level = '', limit = '', ...answers] = text.split(';').map(part => part.trim());
    const isOn = switchOf(output);
    const source = {
      level: numberIn(level, drive === 'voltage' ? 'V' : 'A'),
      limit: numberIn(limit, drive === 'voltage' ? 'A' : 'V'),
    };
    if (isOn === undefined || source.level === undefined || source.limit === undefined) return undefined;
    if (answers.length !== some.length) return undefined;
    const wrong = some.findIndex(([, answer], i) => !isAnswer(answers[i], answer));
    const slip = wrong < 0 ? '' : `${some[wrong][0]} gives ${answers[wrong]}, expected ${some[wrong][1]}`;
    return { isOn: isOn === 1, source: source as Source, slip };
  }

  const tolerances = {
    level: 1e-4 * (drive === 'voltage' ? asked.voltageRange_V : asked.currentRange_A),
    limit: 1e-4 * (drive === 'voltage' ? asked.currentRange_A : asked.voltageRange_V),
  };
  const isSame = (a: Source, b: Source): boolean =>
    Math.abs(a.level - b.level) <= tolerances.level && Math.abs(a.limit - b.limit) <= tolerances.limit;

  /** Lines, and whether they were taken; `taken` is told so. */
  function command(lines: readonly string[], taken: () => void = () => {}): TextRequest {
    return {
      says: lines.join('; '),
      // What went wrong before is not theirs.
      lines: ['*CLS', ...lines, ':SYST:ERR?'],
      fits: text => errorOf(text) !== undefined,
      refusal(text) {
        const error = errorOf(text);
        if (error === undefined || error.code === 0) {
          taken();
          return undefined;
        }
        return `error ${error.code}, ${error.text}`;
      },
    };
  }

  function change(key: SetPoint, value: number): TextRequest {
    const next: SetPoints = { ...points, [key]: key === 'modeSet_count' ? Math.round(value) : value };
    const take = (): void => {
      points = next;
    };
    const source = sourceOf(next, limits);
    if (typeof source === 'string') {
      // A current that cannot be driven is refused where it would be; with the output off it may be a step on the way.
      if (key === 'currentSet_A' && value !== 0) throw new DeviceError('range', where, `${key}: ${source}`);
      return {
        ...askState,
        refusal() {
          take();
          return undefined;
        },
      };
    }
    const before = sourceOf(points, limits);
    const lines = [dialect.level(drive, source.level), dialect.limit(drive, source.limit)];
    // Whatever stands for the moment between two lines, the smaller limit holds then.
    if (typeof before !== 'string' && source.limit < before.limit) lines.reverse();
    return command(lines, take);
  }

  function switched(isOn: boolean): TextRequest {
    poll.isGoingOff = !isOn;
    if (!isOn) return command([':OUTP OFF']);
    const source = sourceOf(points, limits);
    const text = typeof source === 'string' ? source : 'what it is set to has not been read back yet';
    if (!isProven || typeof source === 'string')
      throw new DeviceError('refused', where, `output stays off: ${text}`);
    // It may have been off at the mains since the last poll, which a serial line does not tell.
    const first = { ...askState, refusal: whyOff };
    return { ...command([':OUTP ON']), first };
  }

  /** Why the output must stay off; undefined where all that it would go on with is as it is meant. */
  function whyOff(text: string): string | undefined {
    const state = stateIn(text, checks);
    if (state === undefined || isAsMeant(state)) return undefined;
    const why = state.slip === '' ? 'it does not hold the set points, to be set again' : state.slip;
    return `output stays off: ${why}`;
  }

  function isAsMeant({ slip, source: held }: State): boolean {
    const source = sourceOf(points, limits);
    return slip === '' && typeof source !== 'string' && isSame(held, source);
  }

  /** What the instrument holds of a set point; NaN where anything is not as it should be. */
  function held(key: SetPoint | 'outputSet_on', text: string): number {
    const state = stateIn(text, checks);
    isProven = false;
    if (state === undefined) return Number.NaN;
    isProven = isAsMeant(state);
    if (key === 'outputSet_on') {
      poll.isGoingOff = false;
      // An output that is off is off, whatever else is set; one that is on must be on as it is meant.
      return state.isOn ? (isProven ? 1 : Number.NaN) : 0;
    }
    // Nothing of it is on the instrument yet: true only of one that drives nothing.
    if (typeof sourceOf(points, limits) === 'string') return state.isOn ? Number.NaN : points[key];
    return isProven ? heldOf(key, points, state.source, limits) : Number.NaN;
  }

  const writeOf = (key: SetPoint | 'outputSet_on'): WriteSpec<TextRequest, string> => ({
    encode: value => (key === 'outputSet_on' ? switched(value >= 0.5) : change(key, value)),
    readback: askState,
    decode: text => held(key, text),
  });

  async function identify(ask: Exchange<TextRequest, string>) {
    isProven = false;
    poll.forget();
    const identity = { lines: ['*IDN?'], fits: () => true };
    const answer = await ask(identity);
    const refuse = (text: string): never => {
      throw new DeviceError('identity', where, `it says "${answer.slice(0, 80)}"; ${text}`);
    };
    if (LOCKED.test(answer))
      throw new DeviceError('local', where, `locked by a password: ${answer.slice(0, 80)}`);
    const [maker, name = '', serial = ''] = fieldsOf(answer);
    if (!/^KEITHLEY INSTRUMENTS/i.test(maker)) refuse('expected a Keithley source-measure unit');
    if (name.replace(/^MODEL /i, '').toUpperCase() !== model.name) refuse(`expected MODEL ${model.name}`);
    if (serial !== asked.serial) refuse(`expected the serial number ${asked.serial}`);
    if (model.speaks === '2450') {
      const set = await ask({ lines: ['*LANG?'], fits: text => /^[A-Z0-9]+$/i.test(text) });
      if (set.toUpperCase() !== 'SCPI')
        refuse(`its command set is ${set}, expected SCPI: choose it at its panel, then switch it off and on`);
    }
    const [place, wanted] = checks.find(([question]) => question === ':ROUT:TERM?') ?? ['', ''];
    const terminals = await ask({ lines: [place], fits: text => /^(FRON|REAR)/i.test(text) });
    if (!isAnswer(terminals, wanted))
      refuse(`its ${terminals} terminals are in use, expected ${asked.terminals}: choose them at its panel`);
    return {
      ask: { lines: ['*IDN?'], fits: (text: string) => text === answer },
      isAnswer: (text: string) => text === answer,
    };
  }

  async function takeControl(ask: Exchange<TextRequest, string>): Promise<void> {
    const isOn = switchOf(await ask({ lines: [':OUTP?'], fits: text => switchOf(text) !== undefined }));
    // An output that is on is left as it is: after a cut of the cable the run goes on with it, and what is not ours shows in
    // every reading.
    if (isOn === 1) return;
    for (const line of dialect.setUp(asked)) await ask(command([line]));
    const state = stateIn(await ask(askState), checks);
    if (state?.slip === '') return;
    throw new DeviceError('readback', where, state?.slip ?? 'its state cannot be read');
  }

  return {
    description,
    makeLink: () =>
      textLines({
        address,
        clock,
        terminator: isSerial ? asked.terminator : 'lf',
        gap_ms,
        ...(isSerial ? { localEcho: asked.localEcho, quiet_ms: 100 } : {}),
      }),
    reply_ms,
    gap_ms,
    identify,
    takeControl,
    reads: poll.reads,
    awaitsRun: () => poll.awaited,
    writes: Object.fromEntries(
      description.settables.map(({ name }) => [name, writeOf(name as SetPoint | 'outputSet_on')]),
    ),
    notices: () =>
      readOnly
        ? []
        : ['it has no watchdog: without us it goes on within the voltages and the current that are set'],
  };
}

/** Source-measure units of Keithley, one channel, on a cell. Current is positive into the cell at the HI terminal. */
export const keithleySourceMeter: DriverEntry<SourceMeterOptions> = {
  id: ID,
  manual:
    '2450 reference manual 2450-901-01, 2460 user manual 2460-900-01, series 2400 user manual 2400S-900-01 (excerpts); pymeasure 32503b8; rest recalled, as the table says',
  triedOn: 'emulator only',
  options,
  endpoint: asked => endpointOf(addressOf(asked)),
  describe,
  open: (id, asked, env) => openDevice(id, tableOf(asked, env), env),
};
