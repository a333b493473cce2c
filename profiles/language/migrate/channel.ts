import type { OldCondition, OldStep } from './old-file.ts';
import type { NewStep } from './words.ts';

/**
 * The channel of a cycler over a method of version 1, which told it a mode by its number and set points, and then waited.
 * Version 2 says in each step what is driven, so the file is gone through with what stands at each place.
 */

/** Modes of a channel by their numbers, as the bench file names them. */
export type ModeNumbers = ReadonlyMap<number, 'rest' | 'cc' | 'cv' | 'cp' | 'cr'>;

const MODE = /^([a-z][A-Za-z0-9]*)\.modeSet_count$/;

/** Name of the thing under test whose channel is told its mode by a number; undefined: there is none in the file. */
export function channelOf(steps: readonly OldStep[]): string | undefined {
  for (const step of steps) {
    const roles = [...Object.keys(step.set ?? {}), ...Object.keys(step.hold?.set ?? {})];
    const found = roles.map(role => MODE.exec(role)?.[1]).find(name => name !== undefined);
    const inside = step.repeat === undefined ? undefined : channelOf(step.repeat.steps);
    if (found !== undefined || inside !== undefined) return found ?? inside;
  }
  return undefined;
}

/** What a channel stands at: by the last part of its set points. */
export class Channel {
  readonly name: string;
  readonly #modes: ModeNumbers;
  #at = new Map<string, number>();

  constructor(name: string, modes: ModeNumbers) {
    this.name = name;
    this.#modes = modes;
  }

  /** Set points of the channel, and the others. */
  take(sets: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    const others: Record<string, number> = {};
    for (const [role, value] of Object.entries(sets)) {
      if (this.has(role)) this.#at.set(role, value);
      else others[role] = value;
    }
    return others;
  }

  /** True of a set point of this channel's output. */
  has(role: string): boolean {
    return (
      role.startsWith(`${this.name}.`) &&
      /^\w+\.(current|voltage|power|resistance|voltageMax|voltageMin|mode|output)Set_\w+$/.test(role)
    );
  }

  /** All that stands there, to be compared. */
  standing(): string {
    return JSON.stringify([...this.#at].sort());
  }

  /** The mode number that stands there and that nobody names; undefined: all is known. */
  unknownMode(): number | undefined {
    const mode = this.#value('modeSet_count');
    return mode === undefined || this.#modes.has(mode) ? undefined : mode;
  }

  /** What is driven while a step waits for these conditions. */
  step(until: readonly OldCondition[]): NewStep {
    const number = this.#value('modeSet_count');
    const mode = number === undefined ? 'cc' : (this.#modes.get(number) ?? 'rest');
    if ((this.#value('outputSet_on') ?? 0) === 0 || mode === 'rest') return { rest: {} };
    if (mode === 'cc') return this.#current(until);
    const [stem, unit] = { cv: ['voltage', 'V'], cp: ['power', 'W'], cr: ['resistance', 'Ohm'] }[mode];
    return { [mode]: { [`${stem}_${unit}`]: this.#value(`${stem}Set_${unit}`) ?? 0 } };
  }

  /** A channel's constant current stays at its voltage limit and tapers there: that is cccv where the taper is waited for. */
  #current(until: readonly OldCondition[]): NewStep {
    const current_A = this.#value('currentSet_A') ?? 0;
    const limit_V = this.#value(current_A > 0 ? 'voltageMaxSet_V' : 'voltageMinSet_V');
    const tapers = until.some(({ role }) => role.startsWith(`${this.name}.current_`));
    if (current_A !== 0 && tapers && limit_V !== undefined)
      return { cccv: { current_A, voltage_V: limit_V } };
    return { cc: { current_A } };
  }

  #value(what: string): number | undefined {
    return this.#at.get(`${this.name}.${what}`);
  }
}
