import { z } from 'zod';
import type { LanguageEnv } from '../env.ts';
import type { Output, OutputMode, OutputValues } from '../output.ts';

/**
 * Whether what flows and stands at the output is what its step asks for. Instruments say that a set point is applied and
 * then give something else: their output has tripped, a lead is off, another of their limits holds them.
 */

/** What is shown is away beyond this part of what is asked ... */
const AWAY_FRAC = 0.03;
/** ... and this part of the range that the bench allows: below it a meter has its own errors. */
const AWAY_OF_RANGE = 1e-3;
/** ... and twice what its meter declares. */
const AWAY_OF_METER = 2;
/** A meter may be off by so many times that part of the range, if half of what is asked is there. */
const COARSE = 7.5;
const HALF = 0.5;
/** Another meter than the channel's own may show a voltage so far aside: this part of it and this much, V. */
const ASIDE_FRAC = 0.011;
const ASIDE_V = 1e-3;
/** Away for so long and in so many readings is lasting, s: an output takes its time to come up. */
const LASTS_S = 5;
const LASTS_READINGS = 3;

/** Ends of a step by itself. */
export const OWN_ENDS: ReadonlySet<string> = new Set(['time', 'deadline', 'until']);

/** What an output is asked for and does not give: `role` in its unit, since `from_s` of the run, for `away_s` so far. */
export interface Short {
  readonly role: string;
  readonly asked: number;
  /** The value that was furthest from it. */
  readonly shown: number;
  readonly from_s: number;
  readonly away_s: number;
}

/** All that it remembers; `open_s`: begin of a stretch that is not over, of so many readings. */
export const shortState = z.strictObject({
  seen_s: z.number(),
  open_s: z.number().nullable(),
  readings: z.number(),
  total_s: z.number(),
  first_s: z.number().nullable(),
  shown: z.number().nullable(),
  /** What was asked when it was shown. */
  asked: z.number().nullable().default(null),
  driven: z.number(),
  wasThere: z.boolean(),
});
/** See `shortState`. */
export type ShortState = z.infer<typeof shortState>;

/** A quantity that is driven, and how far from it a reading may be; NaN: nobody knows now. */
interface Driven {
  readonly role: string;
  readonly asked: (env: LanguageEnv) => number;
  readonly near: (asked: number) => number;
  readonly shown: (env: LanguageEnv) => number;
}

/** Of one step. */
export class Shortfall {
  readonly #driven: readonly Driven[];
  readonly #current: string;
  /** A voltage is come to with the current that there is: until then it is under way. */
  readonly #isWay: boolean;
  readonly state: ShortState;

  constructor(env: LanguageEnv, output: Output, mode: OutputMode, values: OutputValues, saved?: ShortState) {
    this.#driven = drivenBy(env, output, mode, values);
    this.#current = `${output.subject}.current_A`;
    this.#isWay = mode === 'cv';
    this.state = {
      ...(saved ?? {
        seen_s: -1,
        open_s: null,
        readings: 0,
        total_s: 0,
        first_s: null,
        shown: null,
        asked: null,
        driven: 0,
        wasThere: false,
      }),
    };
    // A record of before has not kept it.
    const { state } = this;
    if (state.shown !== null) state.asked ??= this.#driven[state.driven]?.asked(env) ?? null;
  }

  /** One look; only readings from after `since_s` are of the step. What it has found, once a stretch has become lasting. */
  look(env: LanguageEnv, since_s: number): Short | undefined {
    const { state } = this;
    const arrived_s = env.arrived_s(this.#current);
    if (!(arrived_s > since_s) || !(arrived_s > state.seen_s)) return undefined;
    // Of two that are driven one holds the other: it is short where neither is there.
    let nearest = -1;
    let least = Infinity;
    for (let i = 0; i < this.#driven.length; i++) {
      const { near, shown } = this.#driven[i];
      const asked = this.#driven[i].asked(env);
      const off = Math.abs(shown(env) - asked) / near(asked);
      if (!(off < least)) continue;
      least = off;
      nearest = i;
    }
    if (nearest < 0) return undefined;
    return least <= 1 ? this.#isThere(arrived_s) : this.#isAway(env, arrived_s, nearest);
  }

  #isThere(arrived_s: number): undefined {
    const { state } = this;
    const { open_s } = state;
    if (this.#isLasting && !this.#isUnderWay && open_s !== null) state.total_s += arrived_s - open_s;
    if (this.#isUnderWay) state.shown = null;
    state.seen_s = arrived_s;
    state.open_s = null;
    state.readings = 0;
    state.wasThere = true;
  }

  #isAway(env: LanguageEnv, arrived_s: number, driven: number): Short | undefined {
    const { state } = this;
    const wasLasting = this.#isLasting;
    state.open_s ??= arrived_s;
    state.seen_s = arrived_s;
    state.readings++;
    const asked = this.#driven[driven].asked(env);
    const value = this.#driven[driven].shown(env);
    const isFurther =
      state.shown === null ||
      state.asked === null ||
      Math.abs(value - asked) > Math.abs(state.shown - state.asked);
    if (this.#isUnderWay || isFurther) {
      state.shown = value;
      state.asked = asked;
      state.driven = driven;
    }
    if (this.#isUnderWay || wasLasting || !this.#isLasting) return undefined;
    state.first_s ??= state.open_s;
    return this.#found();
  }

  /** A voltage that has not been there yet. */
  get #isUnderWay(): boolean {
    return this.#isWay && !this.state.wasThere;
  }

  get #isLasting(): boolean {
    const { open_s, seen_s, readings } = this.state;
    return open_s !== null && seen_s - open_s >= LASTS_S && readings >= LASTS_READINGS;
  }

  /**
   * The step is over: what it was short of in all; undefined: of nothing. A voltage that it has not come to counts where
   * time or its own condition ended it, not where the method said that something else may come first.
   */
  all(by: string): Short | undefined {
    if (this.#isUnderWay && !OWN_ENDS.has(by)) return undefined;
    return this.state.first_s === null && !this.#isLasting ? undefined : this.#found();
  }

  /** What was away before a hold is not away over it. */
  anew(): void {
    const { state } = this;
    if (this.#isLasting && !this.#isUnderWay && state.open_s !== null)
      state.total_s += state.seen_s - state.open_s;
    state.open_s = null;
    state.readings = 0;
  }

  #found(): Short | undefined {
    const { open_s, seen_s, total_s, first_s, shown, asked, driven } = this.state;
    const { role } = this.#driven[driven];
    const from_s = first_s ?? open_s;
    if (from_s === null || shown === null || asked === null) return undefined;
    const open = open_s !== null && this.#isLasting ? seen_s - open_s : 0;
    return { role, asked, shown, from_s, away_s: total_s + open };
  }
}

/** Writes it down, once it is lasting or, in all, at the end of the step. */
export function tellShort(env: LanguageEnv, t_s: number, step: string, found: Short, isOver: boolean): void {
  const { role, asked, shown, away_s } = found;
  const unit = role.slice(role.lastIndexOf('_') + 1);
  const [is, wanted] = [shown, asked].map(value => `${Number(value.toPrecision(4))} ${unit}`);
  const text = `${step}: ${role} is ${is} where ${wanted} is asked, for ${away_s.toFixed(0)} s${isOver ? ' in all' : ''}`;
  env.note(t_s, { kind: 'short', data: { step, ...found, isOver } }, text);
}

function drivenBy(
  env: LanguageEnv,
  output: Output,
  mode: OutputMode,
  values: OutputValues,
): readonly Driven[] {
  const { subject, roles } = output;
  const [current, voltage, power] = ['current_A', 'voltage_V', 'power_W'].map(what => `${subject}.${what}`);
  const floorOf = (role: string | undefined): number => {
    const { min, max } = role === undefined ? { min: 0, max: 0 } : output.range(role);
    return Number.isFinite(max - min) ? AWAY_OF_RANGE * (max - min) : 0;
  };
  const nearIn = (role: string, floor: number): Driven['near'] => {
    const { reading_pct = 0, abs = 0 } = env.accuracy?.(role) ?? {};
    // A small current beside a wide range: what falls short of half of it is told, less may be the meter.
    const coarse = COARSE * floor;
    return asked => {
      const ofMeter = AWAY_OF_METER * ((reading_pct / 100) * Math.abs(asked) + abs);
      const own = AWAY_FRAC * Math.abs(asked) + Math.max(floor, ofMeter);
      return Math.max(own, asked === 0 ? coarse : Math.min(coarse, HALF * Math.abs(asked)));
    };
  };
  const one = (
    role: string,
    asked: number | undefined,
    floor: number,
    shown: Driven['shown'] = bench => bench.value(role),
  ): Driven[] =>
    asked === undefined ? [] : [{ role, asked: () => asked, near: nearIn(role, floor), shown }];
  const ofCurrent = one(current, mode === 'rest' ? 0 : values.current, floorOf(roles.current));
  const asked_V = values.voltage ?? Number.NaN;
  const near_V = ASIDE_FRAC * Math.abs(values.voltage ?? 0) + ASIDE_V + floorOf(roles.voltage);
  const ofVoltage: Driven[] =
    values.voltage === undefined
      ? []
      : [{ role: voltage, asked: () => asked_V, near: () => near_V, shown: bench => bench.value(voltage) }];
  switch (mode) {
    case 'rest':
    case 'cc':
      return ofCurrent;
    case 'cv':
      return ofVoltage;
    case 'cccv':
      return [...ofCurrent, ...ofVoltage];
    case 'cp':
      return one(power, values.power, floorOf(roles.power), bench => {
        const shown_W = bench.value(power);
        return Number.isNaN(shown_W) ? bench.value(current) * bench.value(voltage) : shown_W;
      });
    case 'cr': {
      // No meter shows a resistance: what flows into it at the voltage that stands there is asked for.
      const resistance_Ohm = values.resistance ?? Number.NaN;
      const asked: Driven['asked'] = bench => -bench.value(voltage) / resistance_Ohm;
      const near = nearIn(current, floorOf(roles.current));
      return [{ role: current, asked, near, shown: bench => bench.value(current) }];
    }
  }
}
