import { DeviceError } from '../contract/errors.ts';
import { isSpectrum, type MeasureRequest } from '../contract/measure/request.ts';
import type { Link } from '../contract/transport.ts';
import { CELL_IS_ON } from '../protocol/method-script/errors.ts';
import { type Answer, type Ask, MODE, type Setting } from './asks.ts';
import { Instrument, type InstrumentOptions } from './instrument.ts';
import { judge, type Reading } from './reading.ts';
import type { RunningScript } from './running.ts';
import { type Hold, holdScript, restScript, spectrumScript, watchdogTrial } from './scripts.ts';
import { sweepScript } from './sweep-script.ts';

/** A reading is as fresh as the loop that sends it for so long; then the next one is waited for, s. */
const FRESH_s = 0.5;
/** So many polls without a reading, one after another, mean that something is wrong with the script. */
const SILENT_POLLS = 3;
/** A script is loaded and says its number within, s; a package comes within. */
const START_s = 0.7;

/** What the link needs to know beside the wire. */
export interface LinkOptions extends InstrumentOptions {
  readonly currentMax_A: number;
  /** The cell is not switched on before a watchdog of this time is armed on this connection; undefined: none is wanted. */
  mustBeArmed_s(): number | undefined;
}

/**
 * The wire to one MethodSCRIPT instrument. It has no set points: a script holds the cell, and a new set point is a new script,
 * with the cell off for the moment between (`on_finished: cell_off`). While one runs the instrument takes no question; readings
 * are what it sends. Set points that nothing runs on are kept here, for this connection only.
 */
export function scriptLink(options: LinkOptions): Link<Ask, Answer> {
  const { clock, model, currentMax_A } = options;
  const box = new Instrument(options);
  const wanted: Record<Setting, number> = {
    modeSet_count: Number.NaN,
    currentSet_A: Number.NaN,
    voltageSet_V: Number.NaN,
    outputSet_on: 0,
  };
  let watchdog_s: number | undefined;
  let latest: Reading | undefined;
  let measuring: RunningScript | undefined;
  let silentPolls = 0;
  const refused = (text: string): DeviceError => new DeviceError('refused', box.where, text);

  /** At what the set points would hold the cell now; undefined: nowhere, it is open. */
  function holdNow(): Hold | undefined {
    if (wanted.outputSet_on !== 1) return undefined;
    const isVoltage = wanted.modeSet_count === MODE.voltage;
    if (!isVoltage && wanted.modeSet_count !== MODE.current) return undefined;
    const value = isVoltage ? wanted.voltageSet_V : wanted.currentSet_A;
    // No current is held best by an open cell.
    return !isVoltage && value === 0 ? undefined : { control: isVoltage ? 'voltage' : 'current', value };
  }

  const parts = (number: number) => ({ model, number, currentMax_A, watchdog_s });
  /** The script that holds the cell, or measures. */
  const ours = (): RunningScript | undefined => {
    const { script } = box;
    if (script?.isActive !== true) return undefined;
    return script.purpose.hold === undefined && script.purpose.job === undefined ? undefined : script;
  };

  /** Puts the set points on the cell: a script, or none. Ends in a reading that shows them. */
  async function apply(turn: number): Promise<void> {
    await box.stop(turn);
    latest = undefined;
    const hold = holdNow();
    if (hold === undefined) return;
    const script = await box.start(turn, n => [holdScript(parts(n), hold), { hold, watchdog_s }]);
    await shows(script);
  }

  async function shows(script: RunningScript): Promise<Reading> {
    const found = await box.until('a reading of the cell', START_s, () => {
      if (!script.isActive) return script;
      return script.reading;
    });
    if (found !== script) return found as Reading;
    throw refused(script.error?.text ?? 'the script ended by itself');
  }

  async function set(turn: number, key: Setting, value: number): Promise<void> {
    const old = wanted[key];
    if (old === value && key !== 'outputSet_on') return;
    const before = holdNow();
    if (key === 'outputSet_on' && value === 1) mayBeSwitchedOn();
    if (key === 'outputSet_on' && value === 0) return off(turn);
    wanted[key] = value;
    const after = holdNow();
    const isSame = before?.control === after?.control && before?.value === after?.value;
    if (isSame && (after === undefined || box.script?.isHolding === true)) return;
    try {
      await apply(turn);
    } catch (error) {
      // What could not be put on the cell is not held: it is off, and stays so.
      wanted.outputSet_on = 0;
      throw error;
    }
  }

  /** @throws DeviceError `refused` with what is missing */
  function mayBeSwitchedOn(): void {
    const { modeSet_count, voltageSet_V, currentSet_A } = wanted;
    const due_s = options.mustBeArmed_s();
    if (due_s !== undefined && watchdog_s !== due_s)
      throw refused('its watchdog is not armed on this connection');
    if (Number.isNaN(modeSet_count)) throw refused('no mode has been set since it was connected');
    const value = modeSet_count === MODE.voltage ? voltageSet_V : currentSet_A;
    if (modeSet_count !== MODE.rest && Number.isNaN(value))
      throw refused('no set point for its mode has been set since it was connected');
  }

  async function off(turn: number): Promise<void> {
    wanted.outputSet_on = 0;
    latest = undefined;
    if (box.script !== undefined) box.script.isGivenUp = true;
    await box.cellOff(turn);
  }

  /** Proves from the instrument whether the cell is on. */
  async function switchOfCell(turn: number): Promise<number> {
    const script = ours();
    if (script !== undefined) {
      // A spectrum switches the cell on and off by itself, whatever is set.
      if (!script.isMeasured && !script.isGivenUp) return wanted.outputSet_on;
      if (!script.isGivenUp) await shows(script);
      return 1;
    }
    if (box.script?.isActive === true) await box.stop(turn);
    const rest = await box.run(turn, n => restScript({ model, number: n }));
    if (rest.error?.code === CELL_IS_ON) return 1;
    if (rest.state !== 'ended') throw refused(rest.error?.text ?? 'the script did not end');
    return wanted.outputSet_on === 1 && holdNow() === undefined ? 1 : 0;
  }

  async function get(turn: number, key: Setting): Promise<number> {
    if (key === 'outputSet_on') return switchOfCell(turn);
    const { script } = box;
    const driven = script?.isHolding === true ? script.purpose.hold?.control : undefined;
    if (script === undefined || driven !== (key === 'voltageSet_V' ? 'voltage' : 'current'))
      return wanted[key];
    return key === 'modeSet_count' ? wanted[key] : (await shows(script)).set;
  }

  async function poll(turn: number): Promise<Answer> {
    const script = ours();
    if (script === undefined) return rest(turn);
    latest = script.reading ?? latest;
    keep(script);
    const isMeasuring = !script.isMeasured;
    const isFresh = (): boolean => latest !== undefined && clock.now_s() - latest.t_s <= FRESH_s;
    if (!isFresh() && !isMeasuring) await next(script);
    // A measurement that begins at rest: it reads the cell before it goes on to its first frequency.
    if (latest === undefined && isMeasuring) latest = await shows(script);
    if (latest === undefined) throw refused('nothing has been read of the cell yet');
    silentPolls = 0;
    return { is: 'held', reading: latest, age_s: clock.now_s() - latest.t_s, isMeasuring };
  }

  async function next(script: RunningScript): Promise<void> {
    const seen = script.reading;
    try {
      latest = await box.until('a reading of the cell', FRESH_s, () => {
        if (!script.isActive) throw refused(ended(script));
        return script.reading === seen ? undefined : script.reading;
      });
    } catch (error) {
      if (++silentPolls < SILENT_POLLS) throw error;
      silentPolls = 0;
      throw new DeviceError('garbled', box.where, 'no reading of the cell for three polls: ended', error);
    }
  }

  const ended = (script: RunningScript): string =>
    script.error?.text ?? 'its script has ended by itself: the cell is off';

  async function rest(turn: number): Promise<Answer> {
    // Ended by itself: watchdog, or an error. It is not switched on again without being told to.
    if (holdNow() !== undefined) wanted.outputSet_on = 0;
    if (box.script?.isActive === true) await box.stop(turn);
    const script = await box.run(turn, n => restScript({ model, number: n }));
    if (script.state !== 'ended' || script.rest === undefined)
      throw new DeviceError('garbled', box.where, script.error?.text ?? 'no potential of the open cell');
    return { is: 'rest', reading: { voltage: judge(script.rest, model) } };
  }

  /** Lets the script go on: only while somebody asks for what it reads. */
  function keep(script: RunningScript): void {
    if (watchdog_s === undefined || script.purpose.watchdog_s === undefined) return;
    // The word that lets a guarded loop begin again would end the sweep, which ends by itself in its own time.
    if (script.isSweeping) return;
    if (script.readingsInLoop > 0) box.keep(script, script.isMeasured ? watchdog_s / 4 : 0, watchdog_s / 4);
  }

  async function arm(turn: number, timeout_s: number): Promise<void> {
    const script = ours();
    if (script?.isHolding === true) {
      watchdog_s = timeout_s;
      if (script.purpose.watchdog_s !== timeout_s) return apply(turn);
      await box.keepNow(script);
      return;
    }
    watchdog_s = undefined;
    await box.stop(turn);
    const trial = await box.start(turn, n => [watchdogTrial(model, n), {}]);
    await box.until('a reading of the open cell', START_s, () => trial.rest);
    await box.keepNow(trial);
    await box.until('the end of a script that is left alone', START_s, () => !trial.isActive || undefined);
    if (trial.state !== 'ended') throw refused(ended(trial));
    watchdog_s = timeout_s;
  }

  async function measure(turn: number, number: number, request: MeasureRequest): Promise<void> {
    if (measuring?.purpose.job === number) return;
    const hold = box.script?.isHolding === true ? holdNow() : undefined;
    if (options.mustBeArmed_s() !== watchdog_s) throw refused('its watchdog is not armed on this connection');
    latest = box.script?.reading ?? latest;
    await box.stop(turn);
    measuring = await box.start(turn, n => [
      isSpectrum(request) ? spectrumScript(parts(n), request, hold) : sweepScript(parts(n), request, hold),
      { ...(hold === undefined ? {} : { hold }), watchdog_s, job: number },
    ]);
  }

  function since(number: number, from: number): Answer {
    const script = measuring;
    if (script?.purpose.job !== number) throw refused(`nothing numbered ${number} is measured`);
    keep(script);
    const points = script.points.slice(from);
    if (script.isMeasured) return { is: 'measured', points, state: 'done', reason: '' };
    if (script.isActive && box.script === script)
      return { is: 'measured', points, state: 'measuring', reason: '' };
    return { is: 'measured', points, state: 'failed', reason: script.error?.text ?? 'its script was ended' };
  }

  async function cancel(turn: number, number: number): Promise<void> {
    if (measuring?.purpose.job !== number || measuring.isMeasured || !measuring.isActive) return;
    await off(turn);
  }

  async function answer(turn: number, ask: Ask): Promise<Answer> {
    switch (ask.do) {
      case 'identity':
        return { is: 'identity', ...(await box.identity(turn)) };
      case 'silence':
        wanted.outputSet_on = 0;
        latest = undefined;
        if (box.script !== undefined) box.script.isGivenUp = true;
        await box.silence(turn);
        return { is: 'silent' };
      case 'poll':
        return poll(turn);
      case 'get':
        return { is: 'value', value: await get(turn, ask.key) };
      case 'since':
        return since(ask.number, ask.from);
      case 'set':
        await set(turn, ask.key, ask.value);
        break;
      case 'off':
        await off(turn);
        break;
      case 'arm':
        await arm(turn, ask.timeout_s);
        break;
      case 'measure':
        await measure(turn, ask.number, ask.request);
        break;
      case 'cancel':
        await cancel(turn, ask.number);
        break;
    }
    return { is: 'done' };
  }

  return {
    where: box.where,
    namesReplies: true,
    open: () => box.open(),
    send: ask => box.inTurn(turn => answer(turn, ask)),
    flush: () => Promise.resolve(),
    onLost: listener => box.onLost(listener),
    close: () => box.close(),
  };
}
