import { tidy } from '../plain-step.ts';

/**
 * The sentences of PyBaMM (pybamm-team/PyBaMM, `experiment/step/steps.py`, `base_step.py`), read as strictly as there:
 * `Charge at 1 C for 1 hour or until 4.2 V (10 second period)`. Pure.
 */

/** A value in A, C, V, W or Ohm. */
export interface Electric {
  readonly value: number;
  readonly unit: 'A' | 'C' | 'V' | 'W' | 'Ohm';
}

/** A time as it is written. */
export interface Duration {
  readonly value: number;
  readonly unit: 's' | 'min' | 'h';
}

/** An end: `4.2 V`, `C/50`, `< 2.5 V`. */
export interface Termination extends Electric {
  readonly operator: '<' | '>' | undefined;
}

/** A sentence taken apart. */
export interface Sentence {
  readonly word: 'Charge' | 'Discharge' | 'Hold' | 'Rest';
  readonly value: Electric | undefined;
  readonly duration: Duration | undefined;
  readonly termination: Termination | undefined;
  readonly period: Duration | undefined;
}

/** Why a text is none of these. */
export interface Misread {
  readonly wrong: string;
}

const EXAMPLE = 'expected a step like "Discharge at C/3 for 2 hours or until 2.5 V"';
const UNITS = ['A', 'C', 'V', 'W', 'Ohm'] as const;
const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;

/** Takes a sentence apart. */
export function sentenceOf(text: string): Sentence | Misread {
  if (text.includes('oC'))
    return { wrong: 'a temperature stands beside the text there: temperature="25 oC"' };
  const found = /^(.*?)(?: \((.+) period\))?$/.exec(text.trim());
  const period = found?.[2] === undefined ? undefined : durationOf(found[2]);
  if (period !== undefined && 'wrong' in period) return period;
  const [before, ...ends] = (found?.[1] ?? '').split(' until ');
  if (ends.length > 1) return { wrong: `until stands twice, ${EXAMPLE}` };
  const termination = ends[0] === undefined ? undefined : terminationOf(ends[0]);
  if (termination !== undefined && 'wrong' in termination) return termination;
  const [what, ...times] = (ends.length > 0 ? before.replace(/ or$/, '') : before).split(' for ');
  if (times.length > 1) return { wrong: `for stands twice, ${EXAMPLE}` };
  const duration = times[0] === undefined ? undefined : durationOf(times[0]);
  if (duration !== undefined && 'wrong' in duration) return duration;
  if (duration === undefined && termination === undefined)
    return { wrong: `no end (for, until), ${EXAMPLE}` };
  const rest = { duration, termination, period };
  if (what.trim() === 'Rest') return { word: 'Rest', value: undefined, ...rest };
  const parts = /^(Charge|Discharge|Hold) at (.+)$/.exec(what.trim());
  if (parts === null) return { wrong: `"${what.trim()}" is no instruction, ${EXAMPLE}` };
  const value = electricOf(parts[2]);
  if ('wrong' in value) return value;
  return { word: parts[1] as Sentence['word'], value, ...rest };
}

/** `C/20`, `0.5 C`, `200mA`, `4.1V`. */
export function electricOf(text: string): Electric | Misread {
  const trimmed = text.trim();
  const part = new RegExp(`^C/(${NUMBER})$`).exec(trimmed);
  if (part !== null) {
    const below = Number(part[1]);
    return below > 0 ? { value: 1 / below, unit: 'C' } : { wrong: `"${trimmed}" is no rate` };
  }
  const found = new RegExp(`^(${NUMBER})\\s*(m?)(${UNITS.join('|')})$`).exec(trimmed);
  if (found === null)
    return { wrong: `"${trimmed}" is no value, expected one in A, C, V, W or Ohm (or mA ...)` };
  const value = Number(found[1]);
  const unit = found[3] as Electric['unit'];
  return { value: found[2] === 'm' ? tidy(value / 1000) : value, unit };
}

/** `4.2 V`, `> 4.2 V`, `C/50`. */
export function terminationOf(text: string): Termination | Misread {
  const trimmed = text.trim();
  const operator = trimmed.startsWith('<') ? '<' : trimmed.startsWith('>') ? '>' : undefined;
  const value = electricOf(operator === undefined ? trimmed : trimmed.slice(1));
  if ('wrong' in value) return value;
  if (value.unit === 'W' || value.unit === 'Ohm')
    return { wrong: `"${trimmed}": a step ends by V, A or C there` };
  return { ...value, operator };
}

const TIMES: Readonly<Record<string, Duration['unit']>> = {
  second: 's',
  seconds: 's',
  s: 's',
  sec: 's',
  minute: 'min',
  minutes: 'min',
  m: 'min',
  min: 'min',
  hour: 'h',
  hours: 'h',
  h: 'h',
  hr: 'h',
};

/** `10 minutes`, `0.5h`. */
export function durationOf(text: string): Duration | Misread {
  const found = new RegExp(`^(${NUMBER})\\s*([a-z]+)$`).exec(text.trim());
  const unit = found === null || !Object.hasOwn(TIMES, found[2]) ? undefined : TIMES[found[2]];
  const value = Number(found?.[1]);
  if (unit === undefined || !(value > 0))
    return { wrong: `"${text.trim()}" is no time, expected seconds, minutes or hours` };
  return { value, unit };
}

/** What stands beside the value or the text of a step. */
export interface Beside {
  readonly duration?: Duration | undefined;
  readonly terminations: readonly Termination[];
  readonly period?: Duration | undefined;
  readonly temperature_degC?: number | undefined;
}

/** What a text says one way and the words beside it another; undefined: nothing. */
export function saidTwice(said: Sentence, beside: Beside): string | undefined {
  const times = [said.duration, beside.duration, said.period, beside.period];
  const [time, other, period, rhythm] = times.map(one =>
    one === undefined ? '' : `${one.value} ${one.unit}`,
  );
  if (!areAlike(said.duration, beside.duration)) return `says ${time}, and duration= beside it ${other}`;
  if (!areAlike(said.period, beside.period))
    return `says a period of ${period}, and period= beside it ${rhythm}`;
  const { termination } = said;
  if (termination === undefined || beside.terminations.length === 0) return undefined;
  const [own, ...others] = [termination, ...beside.terminations].map(endText);
  if (others.every(one => one === own)) return undefined;
  return `says until ${own}, and termination= beside it until ${others.join(' or ')}`;
}

const SECONDS = { s: 1, min: 60, h: 3600 };

function areAlike(a: Duration | undefined, b: Duration | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  return tidy(a.value * SECONDS[a.unit]) === tidy(b.value * SECONDS[b.unit]);
}

const endText = ({ operator, value, unit }: Termination): string =>
  `${operator === undefined ? '' : `${operator} `}${value} ${unit}`;
