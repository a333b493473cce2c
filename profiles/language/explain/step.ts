import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import type { MostCurrent } from '../bench/on-bench.ts';
import type { Context, PlannedList, PlannedStep } from '../bench/plan.ts';
import { numberUnit, stemOf, unitWord } from '../file/keys.ts';
import { differenceOf } from '../units/unit.ts';
import { conditionWords, spokenOf, targetWords } from './spoken.ts';
import { type ExplainedTimes, timesOf } from './times.ts';
import { valueText } from './values.ts';
import { nameWords, quantityText } from './words.ts';

/** One step in plain words. */

/** A condition with where it leads, in words and as it is written. */
export interface ExplainedWay {
  readonly when: string;
  readonly written: string;
  readonly leads: string;
}

/** A step in words; `text` is its whole sentence. */
export interface ExplainedStep {
  /** As in a table of contents: `2.1.3`. */
  readonly number: string;
  readonly kind: string;
  readonly id?: string;
  readonly text: string;
  readonly does: string;
  readonly until?: string;
  readonly limits: readonly ExplainedWay[];
  readonly times?: ExplainedTimes;
  readonly inside: readonly ExplainedList[];
}

/** Steps inside a step; `what` is empty where there is only one list. */
export interface ExplainedList {
  readonly what: string;
  readonly steps: readonly ExplainedStep[];
}

type Keys = Readonly<Record<string, unknown>>;

/** Steps of a list, numbered behind `before`: `2.1.`. `from`: the number of the first. */
export function explainSteps(
  steps: readonly PlannedStep[],
  before: string,
  from = 1,
): readonly ExplainedStep[] {
  return steps.map((planned, i) => explainStep(planned, `${before}${from + i}`));
}

function explainStep(planned: PlannedStep, number: string): ExplainedStep {
  const { step, visits } = planned;
  const { kind, keys, id } = step;
  const does = kind.says(spokenOf(planned));
  const until =
    typeof keys['until'] === 'string'
      ? conditionWords(planned, [...step.place, 'until'], keys['until'])
      : undefined;
  const times = timesOf(kind, visits);
  const name = typeof keys['name'] === 'string' ? keys['name'] : id;
  const label = name === undefined ? kind.key : `${name} (${kind.key})`;
  const sentence = [`${does}${endsText(planned, until)}`, ...rulesText(planned)].join('; ');
  const never = visits.length === 0 ? '. Never gone through' : '';
  return {
    number,
    kind: kind.key,
    ...(id === undefined ? {} : { id }),
    text: `${number} ${label}: ${sentence}${times === undefined ? never : `. ${times.text}`}`,
    does,
    ...(until === undefined ? {} : { until }),
    limits: waysOf(planned, 'limits'),
    ...(times === undefined ? {} : { times }),
    inside: insideOf(planned.inside, number, kind.key === 'together'),
  };
}

/** Lists of one step count on, those of together each from 1. */
function insideOf(
  lists: readonly PlannedList[],
  number: string,
  isSideBySide: boolean,
): readonly ExplainedList[] {
  const filled = lists.filter(list => list.steps.length > 0);
  let from = 1;
  return filled.map(({ what, steps }, i) => {
    const before = isSideBySide ? `${number}.${i + 1}.` : `${number}.`;
    const explained = explainSteps(steps, before, isSideBySide ? 1 : from);
    from += steps.length;
    return { what: filled.length === 1 && what !== 'then' ? '' : what, steps: explained };
  });
}

/** Time behind a stem of the step, as `3 h (1.5 / rate_C)`; undefined where it has none. */
function timeText(planned: Context, stem: string, keys: Keys, around: Place): string | undefined {
  const key = Object.keys(keys).find(k => stemOf(k) === stem);
  return key === undefined ? undefined : valueText(planned, [...around, key], keys[key]);
}

function endsText(planned: PlannedStep, until: string | undefined): string {
  const { keys, place } = planned.step;
  const [lasts, within] = ['for', 'within'].map(stem => timeText(planned, stem, keys, place));
  const normal =
    until === undefined
      ? lasts === undefined
        ? ''
        : ` for ${lasts}`
      : ` until ${until}${lasts === undefined ? '' : `, or for ${lasts}`}`;
  const otherwise = targetWords(typeof keys['otherwise'] === 'string' ? keys['otherwise'] : 'stop');
  return `${normal}${within === undefined ? '' : `; within ${within}, otherwise ${otherwise}`}`;
}

/** What else stands beside a step, each as a part of its sentence. */
function rulesText(planned: PlannedStep): readonly string[] {
  const { keys, place } = planned.step;
  const [average, exact] = ['average', 'exact'].map(stem => timeText(planned, stem, keys, place));
  const gate = keys['gate'];
  const said: (string | undefined)[] = [
    softwareText(planned),
    ...waysOf(planned, 'exits').map(({ when, leads }) => `where ${when}: ${leads}`),
    gate === undefined
      ? undefined
      : `${gateWords(planned.step)} while not ${conditionWords(planned, [...place, 'gate'], gate)}`,
    ...waysOf(planned, 'limits').map(({ when, leads }) => `limit: ${leads} where ${when}`),
    average === undefined ? undefined : pointText(average, keys),
    exact === undefined ? undefined : `its duration exact to ${exact}`,
    recordText(planned, keys, place),
    keys['evaluate'] === undefined ? undefined : `figures of ${keys['evaluate']} from its points`,
    keys['resume'] === undefined ? undefined : `after a cut: ${keys['resume']}`,
    keys['skippable'] === undefined ? undefined : `may be skipped: ${keys['skippable']}`,
    Array.isArray(keys['tags']) ? `arms what is tagged ${keys['tags'].join(', ')}` : undefined,
  ];
  return said.filter(text => text !== undefined);
}

/** What a shut gate means: a step that drives the output of a cell lets it rest. */
function gateWords({ kind }: PlannedStep['step']): string {
  if (['eis', 'voltammetry'].includes(kind.key))
    return 'nothing is measured (a cell rests; what was begun begins again)';
  return DRIVES.includes(kind.key) ? 'all stands still (a cell rests)' : 'all stands still';
}

const DRIVES: readonly string[] = ['cc', 'cv', 'cp', 'cr', 'cccv'];

/** A potential that no instrument is told: software holds it by the current. What drives without a current: what the bench allows. */
function softwareText({ step: { kind, keys, place }, on }: PlannedStep): string | undefined {
  for (const key of Object.keys({ ...(keys[kind.key] as Keys | undefined) })) {
    const { heldBy, each_s, most_A } = on.sets.get(dotted([...place, kind.key, key])) ?? {};
    const most = most_A === undefined ? undefined : mostText(most_A);
    if (heldBy === undefined && most !== undefined) return most;
    if (heldBy === undefined) continue;
    const rate = each_s === undefined ? '' : `, corrected each ${quantityText(each_s, 's')}`;
    const held = `held by software through ${nameWords(heldBy.replace('Set_', '_'))}${rate}`;
    return most === undefined ? held : `${held}, ${most}; stops where that does not bring it there`;
  }
  return undefined;
}

function mostText({ charge, discharge }: MostCurrent): string {
  const size = (value = 0): string => quantityText(value, 'A');
  const ways =
    charge === undefined
      ? size(discharge)
      : charge === discharge
        ? `${size(charge)} either way`
        : `${size(charge)} to charge and ${size(discharge)} to discharge`;
  return `with no more than ${ways} (limits of cell.currentSet_A)`;
}

/** What ends a step early leaves no mean over a time that it did not have. */
function pointText(average: string, keys: Keys): string {
  const mayEnd = 'until' in keys || 'exits' in keys;
  return `the last ${average} becomes a point${mayEnd ? ' (of less where it ends before, then its means have no value)' : ''}`;
}

/** Which rows are kept, of a step, a phase or the file. */
export function recordText(planned: Context, keys: Keys, around: Place): string | undefined {
  const record = keys['record'];
  if (typeof record !== 'object' || record === null) return undefined;
  const own = record as Keys;
  const at = [...around, 'record'];
  const [every, before, after] = ['every', 'before', 'after'].map(stem => timeText(planned, stem, own, at));
  const changes = Object.entries({ ...(own['change'] as Keys | undefined) }).map(([role, by]) => {
    const unit = numberUnit(role);
    const words = valueText(
      planned,
      [...at, 'change', role],
      by,
      unit === undefined ? '' : differenceOf(unit).text,
    );
    return `a row where ${nameWords(role)} has changed by ${words}`;
  });
  const parts = [
    every === undefined ? undefined : `one row in ${every}`,
    ...changes,
    before === undefined ? undefined : `every reading ${before} before`,
    after === undefined ? undefined : `every reading ${after} after`,
  ];
  return `kept: ${parts.filter(part => part !== undefined).join(', ')}`;
}

function waysOf(planned: PlannedStep, key: 'exits' | 'limits'): readonly ExplainedWay[] {
  const { keys, place } = planned.step;
  return waysIn(planned, keys[key], [...place, key]);
}

/** Exits or limits of a list, in words. */
export function waysIn(planned: Context, list: unknown, at: Place): readonly ExplainedWay[] {
  if (!Array.isArray(list)) return [];
  return list.map((entry: Keys, i) => ({
    when: conditionWords(planned, [...at, i, 'when'], entry['when']),
    written: String(entry['when']),
    leads: at.at(-1) === 'limits' ? leadsOf(planned, entry, [...at, i]) : targetWords(String(entry['then'])),
  }));
}

/** What a limit leads to; of one that suspends what is done meanwhile, until when, how often. */
function leadsOf(planned: Context, entry: Keys, at: Place): string {
  const recover = entry['recover'] as Keys | undefined;
  if (recover === undefined) return String(entry['then']);
  const place = [...at, 'recover'];
  const timed = (stem: string): string => {
    const key = Object.keys(recover).find(name => stemOf(name) === stem) ?? '';
    return valueText(planned, [...place, key], recover[key]);
  };
  const sets = Object.entries({ ...(recover['set'] as Keys | undefined) }).map(([role, raw]) => {
    const isBlock = typeof raw === 'object' && raw !== null;
    const where: Place = [...place, 'set', role, ...(isBlock ? ['to'] : [])];
    const own = isBlock ? (raw as Keys)['to'] : raw;
    return `${nameWords(role)} to ${valueText(planned, where, own, isBlock ? unitWord(role) : undefined)}`;
  });
  const back =
    'back' in recover ? conditionWords(planned, [...place, 'back'], recover['back']) : 'it is back';
  const meanwhile = sets.length === 0 ? 'set points stay, a cell rests' : sets.join(', ');
  return `suspend (${meanwhile}; goes on by itself once ${back} for ${timed('for')}, trips after ${timed('within')} without; at most ${String(recover['at_most'])} times)`;
}
