import type { Cancel } from '../../drivers/contract/clock.ts';
import type { EmulatorEnv } from './faults.ts';

/**
 * Voltammetric tests of a Rodeostat, from its firmware (ps_cyclic_test, ps_linearsweep_test, ps_system_state): the potential
 * goes by the clock, a sample each sample period, `{}` behind the last. At the end the potential goes to 0 V.
 */

/** What a test drives and reads. */
export interface TestBoard {
  volt(value: number): void;
  /** Chooses the range of the potential for what the test goes through. */
  range(low: number, high: number): void;
  current_uA(): number;
  quantised(volt: number): number;
  say(line: string): void;
  /** The electrodes are let go of, if they are connected by tests. */
  ended(): void;
}

type Param = Record<string, number>;

const TESTS: Readonly<Record<string, Param>> = {
  cyclic: { quietValue: 0, quietTime: 0, amplitude: 1, offset: 0, period: 1000, numCycles: 1, shift: 0 },
  linearSweep: { quietValue: 0, quietTime: 0, startValue: 0, finalValue: 1, duration: 1000 },
};
/** Its timer ticks finer than that; so finely the plant is driven, ms. */
const TICK_ms = 5;

/** The tests of one instrument. */
export class RodeostatTest {
  samplePeriod_ms = 10;
  readonly #env: EmulatorEnv;
  readonly #factor: number;
  readonly #board: TestBoard;
  readonly #params: Record<string, Param> = structuredClone(TESTS);
  #cancel: Cancel | undefined;

  constructor(env: EmulatorEnv, factor: number, board: TestBoard) {
    this.#env = env;
    this.#factor = factor;
    this.#board = board;
  }

  /** Sets what is named; says back what was set. */
  setParam(name: string, asked: unknown): Param {
    const param = this.#paramOf(name);
    if (typeof asked !== 'object' || asked === null) throw new RangeError('json does not contain key: param');
    for (const [key, value] of Object.entries(asked)) {
      if (!(key in param)) continue;
      if (typeof value !== 'number') throw new RangeError(`${key} not a float`);
      param[key] = value;
    }
    return Object.fromEntries(
      Object.keys(asked)
        .filter(key => key in param)
        .map(key => [key, Number(param[key].toFixed(6))]),
    );
  }

  #paramOf(name: string): Param {
    if (!Object.hasOwn(this.#params, name)) throw new RangeError(`test not found: ${name}`);
    return this.#params[name];
  }

  start(name: string): void {
    const param = { ...this.#paramOf(name) };
    this.#cancel?.();
    const [low, high] =
      name === 'cyclic'
        ? [param['offset'] - param['amplitude'], param['offset'] + param['amplitude']]
        : [param['startValue'], param['finalValue']];
    this.#board.range(low, high);
    const done_ms =
      param['quietTime'] + (name === 'cyclic' ? param['numCycles'] * param['period'] : param['duration']);
    const ticks = Math.max(1, Math.ceil(this.samplePeriod_ms / TICK_ms));
    const tick_ms = this.samplePeriod_ms / ticks;
    const { clock } = this.#env;
    const from_s = clock.now_s();
    let n = 0;
    const step = (): void => {
      const t_ms = n * tick_ms;
      const set_V = potentialAt(name, param, t_ms);
      this.#env.beforeReply?.();
      if (n > 0 && n % ticks === 0) {
        const [t, v] = [t_ms, Number(set_V.toFixed(6))];
        this.#board.say(JSON.stringify({ t, v, i: Number(this.#board.current_uA().toFixed(6)) }));
      }
      this.#board.volt(this.#board.quantised(set_V));
      if (t_ms >= done_ms) {
        this.stop();
        return;
      }
      n++;
      const due_s = from_s + (n * tick_ms) / 1000 / this.#factor;
      this.#cancel = clock.schedule(Math.max(0, due_s - clock.now_s()), step);
    };
    step();
  }

  /** Ends it: 0 V, electrodes, `{}`. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#env.beforeReply?.();
    this.#board.volt(0);
    this.#board.ended();
    this.#board.say('{}');
  }

  /** The instrument goes off. */
  end(): void {
    this.#cancel?.();
  }
}

function potentialAt(name: string, param: Param, t_ms: number): number {
  if (t_ms < param['quietTime']) return param['quietValue'];
  const s_ms = t_ms - param['quietTime'];
  if (name === 'linearSweep') {
    const { startValue, finalValue, duration } = param;
    return startValue + ((finalValue - startValue) * Math.min(s_ms, duration)) / duration;
  }
  const { amplitude, offset, period, shift } = param;
  const at_ms = (s_ms + shift * period) % period;
  const up_ms = at_ms < period / 2 ? at_ms : period - at_ms;
  return offset - amplitude + (4 * amplitude * up_ms) / period;
}
