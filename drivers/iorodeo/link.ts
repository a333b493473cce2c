import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import type { SweepRequest } from '../contract/measure/sweep.ts';
import type { GoOn, Link } from '../contract/transport.ts';
import type { MeasuredSoFar } from '../device-table.ts';
import { type TextLineOptions, type TextRequest, textLines } from '../transport/text/lines.ts';
import { type CommandRequest, commandOf, saidAt } from './commands.ts';
import { cannotTest, SweepRun, sampleIn } from './sweep.ts';

/** What is asked of a Rodeostat: a command, or something about a sweep. */
export type RodeostatAsk =
  | CommandRequest
  | { readonly sweep: 'begin'; readonly number: number; readonly request: SweepRequest }
  | { readonly sweep: 'since'; readonly number: number; readonly from: number }
  | { readonly sweep: 'cancel'; readonly number: number }
  /** Ends a test that somebody else has left running. */
  | { readonly sweep: 'clear' };

export type RodeostatSaid = string | MeasuredSoFar;

/** What a restored output is made of. */
export interface RodeostatLinkOptions {
  readonly lines: Omit<TextLineOptions, 'aside'>;
  readonly clock: Clock;
  readonly voltageRange: string;
  /** Current beyond which a reading is cut off, A. */
  readonly full_A: number;
}

/** Asks one of the commands that a request is made of. `mustEnd`: whatever waits. */
type Say = (command: CommandRequest, mustEnd?: boolean) => Promise<string>;

/** Samples within so long mean that a test is running, s: twice the longest time between two. */
const STREAMING_s = 2;
/** A set potential is read back within, V: a step of the converter in the widest range. */
const WITHIN_V = 5e-3;

/**
 * The line of a Rodeostat. While a test runs its samples come between answers: they are no answers. It is asked nothing that
 * would use its converter meanwhile: readings are the newest sample. A test ends with its electrodes let go of (auto-connect);
 * then what was set is put back, the potential first. Whoever switches the cell off meanwhile does it at once.
 */
export function rodeostatLink(options: RodeostatLinkOptions): Link<RodeostatAsk, RodeostatSaid> {
  const { clock, full_A } = options;
  let run: SweepRun | undefined;
  let wasOn = false;
  let sample_s = Number.NEGATIVE_INFINITY;
  const line = textLines({
    ...options.lines,
    aside(text) {
      const sample = sampleIn(text);
      if (sample === undefined) return false;
      sample_s = sample === 'end' ? Number.NEGATIVE_INFINITY : clock.now_s();
      run?.hear(sample);
      return true;
    },
  });

  /** A request of several commands: each has its answer time, and what is urgent waits for one of them. */
  const sayOf =
    (goOn: GoOn): Say =>
    (command, mustEnd) => {
      goOn(mustEnd);
      return line.send(command);
    };

  async function told(
    say: Say,
    command: string,
    key: string,
    value: unknown,
    mustEnd?: boolean,
  ): Promise<void> {
    const found = saidAt(await say(commandOf(command, key, { [key]: value }), mustEnd), key);
    const isSame =
      typeof value === 'number' && typeof found === 'number'
        ? Math.abs(found - value) <= WITHIN_V
        : found === value;
    if (isSame) return;
    throw new DeviceError('readback', line.where, `${command}: ${String(found)}, expected ${String(value)}`);
  }

  async function begin(say: Say, number: number, request: SweepRequest): Promise<MeasuredSoFar> {
    if (run?.number === number) return run.since(0);
    const wrong = cannotTest(request);
    if (wrong !== undefined) throw new DeviceError('refused', line.where, wrong);
    await settle(say);
    const next = new SweepRun(number, request, { full_A, clock });
    const { test, param, samplePeriod_ms } = next.parts;
    wasOn = saidAt(await say(commandOf('getCtrElectConnected', 'connected')), 'connected') === true;
    await told(say, 'setSamplePeriod', 'samplePeriod', samplePeriod_ms);
    await told(say, 'setElectAutoConnect', 'autoConnect', true);
    const echoed = saidAt(await say(commandOf('setParam', 'param', { test, param })), 'param');
    for (const [key, value] of Object.entries(param)) {
      const found = (echoed as Readonly<Record<string, unknown>> | null)?.[key];
      // Potentials come back with the digits that it prints.
      if (typeof found !== 'number' || !(Math.abs(found - value) <= 1e-3))
        throw new DeviceError('readback', line.where, `${test}: ${key} ${String(found)}, expected ${value}`);
    }
    run = next;
    try {
      await say(commandOf('runTest', undefined, { test }));
    } catch (error) {
      next.fail('it was not started');
      throw error;
    }
    return next.since(0);
  }

  /** Puts back what was set before a test that has ended. */
  async function settle(say: Say): Promise<void> {
    const ended = run;
    if (ended?.state === 'runs') {
      await stop(say, ended, 'something else was asked for');
      return;
    }
    if (ended?.state !== 'ended') return;
    try {
      await connect(say, ended, wasOn);
      ended.state = 'done';
    } catch (error) {
      ended.fail(`what was set before was not put back: ${(error as Error).message}`);
      await say(commandOf('setCtrElectConnected', 'connected', { connected: false })).catch(() => {
        // Its auto-connect has let go of it; the next read-back tells.
      });
    }
  }

  /** Its test chose a range of its own and let go of all electrodes. */
  async function connect(say: Say, { request }: SweepRun, isOn: boolean): Promise<void> {
    await told(say, 'setVoltRange', 'voltRange', options.voltageRange);
    await told(say, 'setVolt', 'v', Number(request.from_V.toFixed(6)));
    await told(say, 'setRefElectConnected', 'connected', true);
    await told(say, 'setWrkElectConnected', 'connected', true);
    if (isOn) await told(say, 'setCtrElectConnected', 'connected', true);
  }

  /** Ends the test under way; the cell is off. */
  async function stop(say: Say, running: SweepRun, reason: string): Promise<void> {
    running.fail(reason);
    await told(say, 'setCtrElectConnected', 'connected', false, true);
    await say(commandOf('stopTest'), true);
    await connect(say, running, false);
  }

  const answered = (command: string, key: string, value: unknown): string =>
    JSON.stringify({ success: true, response: { command, [key]: value } });

  /** A command while a test runs. */
  async function during(say: Say, running: SweepRun, ask: CommandRequest): Promise<string> {
    switch (ask.command) {
      case 'getCtrElectConnected':
        return answered(ask.command, 'connected', true);
      case 'getVolt':
        return answered(ask.command, 'v', running.request.from_V);
      case 'getRefVolt':
      case 'getCurr': {
        running.mustBeHeard(line.where);
        const [key, value] =
          ask.command === 'getCurr' ? ['i', 1e6 * running.current_A] : ['r', running.voltage_V];
        return answered(ask.command, key as string, value);
      }
      case 'setCtrElectConnected': {
        // Off at once, then the test that would go on without the cell.
        const said = await line.send(ask);
        await say(commandOf('stopTest'), true);
        running.fail('its output was switched');
        await connect(say, running, false);
        return said;
      }
      case 'setVolt':
        await stop(say, running, 'another potential was set');
        return say(ask);
      default:
        return line.send(ask);
    }
  }

  async function clear(say: Say): Promise<string> {
    if (clock.now_s() - sample_s <= STREAMING_s) {
      await told(say, 'setCtrElectConnected', 'connected', false);
      await say(commandOf('stopTest'), true);
    }
    run = undefined;
    return '';
  }

  async function send(ask: RodeostatAsk, goOn: GoOn): Promise<RodeostatSaid> {
    const say = sayOf(goOn);
    if (!('sweep' in ask)) {
      if (run?.state === 'runs') return during(say, run, ask);
      if (ask.command === 'setCtrElectConnected') {
        // Switched off it stays off, whatever was to be put back; and nothing is put back before it.
        wasOn = false;
        if (ask.sets['connected'] === false) return line.send(ask as TextRequest);
      }
      await settle(say);
      return say(ask);
    }
    switch (ask.sweep) {
      case 'begin':
        return begin(say, ask.number, ask.request);
      case 'since':
        if (run?.number !== ask.number)
          throw new DeviceError('refused', line.where, `nothing numbered ${ask.number} is measured`);
        if (run.state === 'ended') await settle(say);
        return run.since(ask.from);
      case 'cancel':
        if (run?.number === ask.number && run.state === 'runs') await stop(say, run, 'given up');
        return '';
      case 'clear':
        return clear(say);
    }
  }

  return {
    ...line,
    tellsApart: () => false,
    isSerial: true,
    send: (ask, _lane, goOn = () => {}) => send(ask, goOn),
  };
}
