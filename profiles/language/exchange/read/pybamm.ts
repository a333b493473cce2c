import { tidy } from '../plain-step.ts';
import type { ReadMethod, ReadStep } from './method-text.ts';
import {
  type Beside,
  type Duration,
  durationOf,
  type Electric,
  type Misread,
  saidTwice,
  sentenceOf,
  type Termination,
  terminationOf,
} from './pybamm-step.ts';
import { errorIn, type PyValue, readPython, type Stretch } from './python-text.ts';
import { VoltageCourse } from './voltage-course.ts';
import { withChamber } from './with-chamber.ts';

/**
 * Reads a PyBaMM experiment: sentences one a line, or Python with `pybamm.Experiment([...])`, lists, tuples (cycles),
 * `* n`, and the functions of `pybamm.step`. There discharge is positive; here charge is.
 */

type Keys = Readonly<Record<string, unknown>>;

const SILENT = ['tags', 'description', 'skip_ok', 'direction'];
const FUNCTIONS: Readonly<Record<string, Electric['unit']>> = {
  current: 'A',
  c_rate: 'C',
  voltage: 'V',
  power: 'W',
  resistance: 'Ohm',
};
/** After so long PyBaMM gives a step up that has no time of its own. */
const UNSAID_H = 24;

/** @throws LanguageError with line and column of what is none of these */
export function readPybamm(path: string, text: string, name: string): ReadMethod {
  return new Reader(path, text).method(name);
}

class Reader {
  readonly #path: string;
  readonly #text: string;
  readonly #course = new VoltageCourse();

  constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
  }

  method(name: string): ReadMethod {
    const first = this.#text.split('\n').find(line => line.trim() !== '' && !line.trim().startsWith('#'));
    const isLines = /^\s*(charge|discharge|rest|hold)\b/i.test(first ?? '');
    const { steps, period, temperature_degC } = isLines ? this.#lines() : this.#python();
    if (steps.length === 0) throw this.#error({ start: 0, end: 1 }, 'no step, expected an experiment');
    return {
      name,
      comments: ['Read from a PyBaMM experiment; charge is positive here.'],
      ...(period === undefined ? {} : { record: { [`every_${period.unit}`]: period.value } }),
      steps: withChamber(steps, temperature_degC, (at, what) => this.#error(at as Stretch, what)),
    };
  }

  #lines(): { steps: readonly ReadStep[]; period?: Duration; temperature_degC?: number } {
    let start = 0;
    const steps: ReadStep[] = [];
    for (const line of this.#text.split('\n')) {
      const text = line.replace(/#.*$/, '').trim();
      const from = start + line.search(/\S|$/);
      if (text !== '')
        steps.push(this.#sentence(text, { start: from, end: from + text.length }, { terminations: [] }));
      start += line.length + 1;
    }
    return { steps };
  }

  #python(): { steps: readonly ReadStep[]; period?: Duration; temperature_degC?: number } {
    const statements = readPython(this.#path, this.#text);
    const values = statements.map(({ value }) => value);
    const [experiment, another] = values.filter(value => value.is === 'call' && value.name === 'Experiment');
    if (another !== undefined) throw this.#error(another.at, 'a second experiment, expected one a file');
    const whole = experiment ?? values.at(-1);
    if (whole === undefined) return { steps: [] };
    if (whole.is !== 'call' || whole.name !== 'Experiment') return { steps: this.#nodes(whole) };
    const keywords = new Map(whole.keywords);
    const names = ['operating_conditions', 'period', 'temperature', 'termination'];
    for (const [i, argument] of whole.args.entries()) keywords.set(names[i] ?? '', argument);
    for (const [key, value] of keywords) {
      if (isNone(value)) keywords.delete(key);
      else if (key === 'termination')
        throw this.#error(
          value.at,
          'termination ends the whole experiment by a figure, which cannot be said here',
        );
      else if (!names.includes(key)) throw this.#error(value.at, `${key} is not known`);
    }
    const conditions = keywords.get('operating_conditions');
    if (conditions === undefined) throw this.#error(whole.at, 'no steps, expected a list of them');
    const [period, temperature] = [keywords.get('period'), keywords.get('temperature')];
    return {
      steps: this.#nodes(conditions),
      ...(period === undefined ? {} : { period: this.#duration(period) }),
      ...(temperature === undefined ? {} : { temperature_degC: this.#temperature(temperature) }),
    };
  }

  /** The steps of a list; a list of one cycle times n is a loop of its steps. */
  #nodes(value: PyValue): readonly ReadStep[] {
    if (value.is === 'joined') return value.parts.flatMap(part => this.#nodes(part));
    if (value.is === 'times') {
      const inside = this.#nodes(value.of);
      const [only] = inside;
      const isCycle = inside.length === 1 && only !== undefined && Object.keys(only.keys).length === 0;
      const steps = isCycle ? (only.steps ?? []) : inside;
      return value.times === 1 ? inside : [{ keys: { repeat: { times: value.times } }, steps }];
    }
    if (value.is === 'list') return value.items.flatMap(item => this.#item(item));
    return this.#item(value);
  }

  #item(value: PyValue): readonly ReadStep[] {
    if (value.is === 'text') return [this.#sentence(value.text, value.at, { terminations: [] })];
    if (value.is === 'call') return [this.#call(value)];
    if (value.is === 'tuple') {
      const steps = value.items.flatMap(item => this.#item(item));
      return steps.length < 2 ? steps : [{ keys: {}, steps }];
    }
    throw this.#error(value.at, 'is no step, expected a text, a cycle ("...", "...") or pybamm.step...');
  }

  #call(call: Extract<PyValue, { is: 'call' }>): ReadStep {
    const { name, args, keywords, at } = call;
    const beside = this.#beside(keywords);
    const [first, ...more] = args;
    if (more.length > 0) throw this.#error(more[0].at, 'expected names for all but the first value');
    if (name === 'string') {
      if (first?.is !== 'text') throw this.#error(at, 'expected a text');
      return this.#sentence(first.text, first.at, beside);
    }
    if (name === 'rest') {
      const duration = first === undefined ? beside.duration : this.#duration(first);
      return this.#step({ rest: {} }, 0, { ...beside, duration }, at);
    }
    const unit = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (unit === undefined)
      throw this.#error(at, `${name} is not known, expected pybamm.step.current or the like`);
    const given = first ?? keywords.get('value');
    if (given?.is !== 'number')
      throw this.#error(given?.at ?? at, 'is no number: loads that change with time are not read');
    // Discharge is positive there.
    const value = unit === 'V' || unit === 'Ohm' ? given.value : given.value === 0 ? 0 : -given.value;
    return this.#driven({ value, unit }, beside, at);
  }

  #beside(keywords: ReadonlyMap<string, PyValue>): Beside {
    let found: Beside = { terminations: [] };
    for (const [key, value] of keywords) {
      if (isNone(value) || SILENT.includes(key) || key === 'value') continue;
      if (key === 'duration') found = { ...found, duration: this.#duration(value) };
      else if (key === 'period') found = { ...found, period: this.#duration(value) };
      else if (key === 'temperature') found = { ...found, temperature_degC: this.#temperature(value) };
      else if (key === 'termination') found = { ...found, terminations: this.#terminations(value) };
      else throw this.#error(value.at, `${key} cannot be said here`);
    }
    return found;
  }

  #sentence(text: string, at: Stretch, beside: Beside): ReadStep {
    const sentence = this.#right(sentenceOf(text), at);
    const { word, value, duration, termination, period } = sentence;
    const twice = saidTwice(sentence, beside);
    if (twice !== undefined) throw this.#error(at, `${twice}, expected one of them`);
    const all: Beside = {
      duration: duration ?? beside.duration,
      period: period ?? beside.period,
      terminations: termination === undefined ? beside.terminations : [termination],
      temperature_degC: beside.temperature_degC,
    };
    if (value === undefined) return this.#step({ rest: {} }, 0, all, at);
    if (word === 'Hold' && value.unit !== 'V')
      throw this.#error(at, 'Hold is for a voltage, expected Charge or Discharge');
    if (word !== 'Hold' && value.unit === 'V') throw this.#error(at, 'expected Hold at a voltage');
    if (value.unit === 'Ohm' && word !== 'Discharge')
      throw this.#error(at, 'expected Discharge into a resistance');
    if (word !== 'Hold' && value.value < 0)
      throw this.#error(
        at,
        `${word} at a negative value, expected one above 0 (the word says the direction)`,
      );
    const isOut = word === 'Discharge' && value.unit !== 'Ohm';
    return this.#driven({ ...value, value: isOut ? -value.value : value.value }, all, at);
  }

  #driven({ value, unit }: Electric, beside: Beside, at: Stretch): ReadStep {
    const way = unit === 'V' ? 0 : unit === 'Ohm' ? -1 : Math.sign(value);
    if (unit === 'Ohm' && value <= 0) throw this.#error(at, 'expected a resistance above 0');
    if (unit === 'V') return this.#step({ cv: { voltage_V: value } }, way, beside, at);
    if (unit === 'W') return this.#step({ cp: { power_W: value } }, way, beside, at);
    if (unit === 'Ohm') return this.#step({ cr: { resistance_Ohm: value } }, way, beside, at);
    return this.#step({ cc: { [`current_${unit}`]: value } }, way, beside, at);
  }

  /** `way`: +1 charges. */
  #step(own: Keys, way: number, beside: Beside, at: Stretch): ReadStep {
    const { duration, terminations, period, temperature_degC } = beside;
    if (duration === undefined && terminations.length === 0)
      throw this.#error(at, 'has no end, expected a duration or a termination');
    const held_V = (own['cv'] as { readonly voltage_V: number } | undefined)?.voltage_V;
    const comment = this.#course.take({ ...beside, way: held_V === undefined ? way : 0, held_V });
    const until = terminations.map(end => this.#endText(end, way, at)).join(' or ');
    const current = { ...(own['cc'] as Keys | undefined) };
    const rate_C = Number(current['current_C'] ?? 0);
    const unsaid_h = rate_C === 0 ? UNSAID_H : tidy(2 / Math.abs(rate_C));
    const time =
      duration === undefined ? { within_h: unsaid_h } : { [`for_${duration.unit}`]: duration.value };
    return {
      keys: {
        ...own,
        ...(until === '' ? {} : { until }),
        ...time,
        ...(period === undefined ? {} : { record: { [`every_${period.unit}`]: period.value } }),
        ...(temperature_degC === undefined ? {} : { temperature_degC }),
        at,
      },
      ...(comment === undefined ? {} : { comment }),
    };
  }

  #endText({ value, unit, operator }: Termination, way: number, at: Stretch): string {
    if (unit !== 'V') {
      if (operator !== undefined)
        throw this.#error(at, 'a current with < or > cannot be said here, expected it without');
      return `abs(cell.current_${unit}) < ${value}`;
    }
    const sign = operator ?? (way > 0 ? '>' : way < 0 ? '<' : undefined);
    if (sign === undefined)
      throw this.#error(
        at,
        `${value} V has no direction for this step and would never end it there: expected < or > before it`,
      );
    return `cell.voltage_V ${sign} ${value}`;
  }

  #terminations(value: PyValue): readonly Termination[] {
    const all = value.is === 'list' ? value.items : [value];
    return all.map(one => {
      if (one.is !== 'text') throw this.#error(one.at, 'expected an end as text: "4.2 V"');
      return this.#right(terminationOf(one.text), one.at);
    });
  }

  #duration(value: PyValue): Duration {
    if (value.is === 'number' && value.value > 0) return { value: value.value, unit: 's' };
    if (value.is === 'text') return this.#right(durationOf(value.text), value.at);
    throw this.#error(value.at, 'expected a time: "10 minutes", or seconds');
  }

  /** A number is in K there. */
  #temperature(value: PyValue): number {
    const found = value.is === 'text' ? /^([-+]?[\d.]+)\s*(oC|K)$/.exec(value.text.trim()) : null;
    if (value.is !== 'number' && found === null)
      throw this.#error(value.at, 'expected a temperature: "25 oC", or K');
    const number = value.is === 'number' ? value.value : Number(found?.[1]);
    const degC = found?.[2] === 'oC' ? number : tidy(number - 273.15);
    // 25 for 25 oC is a slip that would send a chamber to where none goes.
    if (degC < COLDEST_DEGC)
      throw this.#error(
        value.at,
        `${number} is in K there, which is ${degC} degC, expected "${number} oC" or ${tidy(number + 273.15)}`,
      );
    return degC;
  }

  #right<T extends object>(found: T | Misread, at: Stretch): T {
    if ('wrong' in found) throw this.#error(at, found.wrong);
    return found;
  }

  #error(at: Stretch, what: string): Error {
    return errorIn(this.#path, this.#text, at, what);
  }
}

/** No chamber and no cell is colder. */
const COLDEST_DEGC = -150;

function isNone(value: PyValue): boolean {
  return value.is === 'word' && value.word === 'None';
}
