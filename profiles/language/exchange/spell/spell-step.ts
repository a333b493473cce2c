import type { Place } from '../../../../drivers/contract/explain.ts';
import { isRole, stemOf } from '../../file/keys.ts';
import type { StepNode } from '../../file/nodes.ts';
import type { At, Ledger } from '../ledger.ts';
import type { Amount, PlainBound, PlainEis, PlainEnd, PlainExit, PlainStep } from '../plain-step.ts';
import { secondsUnder } from './records.ts';
import { endOf, testsOf } from './tests-of.ts';
import { type Known, lastStem, type Worth } from './worth.ts';

/** One step of a method with its values worked out. */

type Keys = Readonly<Record<string, unknown>>;

/** The parameter that holds the bound which a foreign file did not have; readers write it, writers leave it out. */
export const ADDED_BOUND = 'atMost_h';

/** What stands around a step. */
export interface Around {
  readonly worth: Worth;
  readonly known: Known;
  readonly ledger: Ledger;
}

const ROW_KINDS = ['cccv', 'cp', 'cr', 'eis'] as const;
const WORDS: Readonly<Record<string, string>> = {
  cccv: 'cccv in one step',
  cp: 'constant power',
  cr: 'constant resistance',
  eis: 'an impedance spectrum',
};
/** Keys that neither the cell nor the record notices, so that nothing is lost without them. */
const SILENT = ['id', 'name', 'tags', 'resume', 'skippable'];
/** Keys of what is made of the readings, not of what the cell sees. */
const FIGURES: Readonly<Record<string, string>> = {
  exact: 'is left out: how exact a time is kept is up to the cycler',
  average: 'is left out: the readings are there, the mean of the last part is not made',
  evaluate: 'is left out: no figures are made there',
};

/** A step that drives the cell, or rests. @throws LanguageError of what the other language cannot say */
export function spellStep(step: StepNode, around: Around): PlainStep {
  const { worth, known, ledger } = around;
  const { kind, keys, place } = step;
  const { file } = worth;
  const at: At = { file, place: [...place, kind.key] };
  const row = ROW_KINDS.find(key => key === kind.key);
  if (row !== undefined) {
    const instead = row === 'cccv' ? 'cc and then cv, each with the whole time as its limit' : '';
    ledger.row(row, at, WORDS[row], instead);
  }
  refuseOthers(step, around);
  const plainKind = kind.key === 'wait' ? 'rest' : kind.key;
  const own = kind.key === 'eis' ? { eis: eisOf(step, around) } : ownOf(step, around);
  const ends =
    'until' in keys ? untilOf(step, around, Math.sign('current' in own ? (own.current?.value ?? 0) : 0)) : [];
  const bound = boundOf(step, around);
  return {
    kind: plainKind as PlainStep['kind'],
    at,
    ...(step.id === undefined ? {} : { id: step.id }),
    ...(typeof keys['name'] === 'string' ? { name: keys['name'] } : {}),
    ...own,
    ends,
    ...(bound === undefined ? {} : { bound }),
    exits: exitsOf(step, known, around),
  };
}

/** Common keys that nobody else has. @throws LanguageError of the first */
export function refuseOthers({ keys, place, kind }: StepNode, { worth, ledger }: Around): void {
  const { file } = worth;
  for (const key of Object.keys(keys)) {
    const at = { file, place: [...place, key] };
    const stem = stemOf(key) ?? key;
    if (Object.hasOwn(FIGURES, stem)) ledger.differ(at, FIGURES[stem]);
    if (key === 'gate') ledger.row('logic', at, 'a gate');
    if (key === 'limits')
      throw ledger.refused(at, 'limits of one step are not known elsewhere, expected those of the file');
    if (SILENT.includes(key) || key === kind.key) continue;
  }
}

function ownOf(step: StepNode, around: Around): Partial<PlainStep> {
  const { worth, known, ledger } = around;
  const found: { current?: Amount; voltage_V?: number; power_W?: number; resistance_Ohm?: number } = {};
  const own = step.keys[step.kind.key] as Keys;
  for (const [key, raw] of Object.entries(own)) {
    const place: Place = [...step.place, step.kind.key, key];
    const at = { file: worth.file, place };
    if (isRole(key)) throw ledger.refused(at, 'the potential of one electrode is not known elsewhere');
    if (stemOf(key) === 'per') ledger.row('logic', at, 'an approach at a rate');
    const value = worth.number(place, raw, known);
    const stem = lastStem(key);
    if (stem === 'current') found.current = worth.amount(place, key, value, 'A');
    if (stem === 'voltage') found.voltage_V = worth.amount(place, key, value, 'V').value;
    if (stem === 'power') found.power_W = worth.amount(place, key, value, 'W').value;
    if (stem === 'resistance') found.resistance_Ohm = worth.amount(place, key, value, 'Ohm').value;
  }
  return found;
}

function eisOf(step: StepNode, { worth, known, ledger }: Around): PlainEis {
  const own = step.keys['eis'] as Keys;
  const at = (key: string): Place => [...step.place, 'eis', key];
  const dc = own['dc'] ?? 'keep';
  if (dc !== 'keep')
    throw ledger.refused({ file: worth.file, place: at('dc') }, 'only dc: keep is known elsewhere');
  const find = (stem: string): string => Object.keys(own).find(key => stemOf(key) === stem) ?? '';
  const value = (stem: string, plain: string): Amount => {
    const key = find(stem);
    return worth.amount(at(key), key, worth.number(at(key), own[key], known), plain);
  };
  const amplitudeKey = find('amplitude');
  if (amplitudeKey.endsWith('_pct'))
    throw ledger.refused(
      { file: worth.file, place: at(amplitudeKey) },
      'a part of the direct current is not known elsewhere, expected amplitude_mV or amplitude_mA',
    );
  return {
    amplitude: value('amplitude', amplitudeKey.endsWith('V') ? 'V' : 'A'),
    from_Hz: value('from', 'Hz').value,
    to_Hz: value('to', 'Hz').value,
    ...(typeof own['points_per_decade'] === 'number' ? { pointsPerDecade: own['points_per_decade'] } : {}),
    ...(typeof own['cycles'] === 'number' ? { cycles: own['cycles'] } : {}),
  };
}

/** `way`: +1 where the step charges, -1 where it discharges, 0 where it does not say. */
function untilOf(step: StepNode, { worth, known, ledger }: Around, way: number): readonly PlainEnd[] {
  const at = { file: worth.file, place: [...step.place, 'until'] };
  const tests = testsOf(worth, at.place, known);
  // Elsewhere current and charge are compared by their size: said of what flows the other way it would be another end.
  const turned = tests.find(({ side }) => side * way < 0);
  if (turned !== undefined)
    throw ledger.refused(at, `compares with a ${turned.quantity} of the other sign than that of the step`);
  const ends = tests.map(test => endOf(test, at));
  if (ends.some(end => end.quantity === 'charge')) ledger.row('until on charge', at, 'an end by charge');
  if (ends.length > 1) ledger.row('several ends', at, 'several ends with or');
  const isCccv = step.kind.key === 'cccv';
  if (isCccv && ends.some(end => end.quantity !== 'current'))
    throw ledger.refused(at, 'a cccv ends elsewhere by its current, expected abs(cell.current_A) < ...');
  return ends;
}

/**
 * The bound that PyBaMM puts on a step that has only `until`: it fails where that passes, as `within_` does. 24 h, or
 * twice the time that the rate needs for the capacity.
 */
function isUnsaid(stem: string | undefined, s: number, step: StepNode, around: Around): boolean {
  const { worth, known, ledger } = around;
  if (ledger.format !== 'pybamm' || stem !== 'within' || !('until' in step.keys)) return false;
  const own = step.keys[step.kind.key] as Keys;
  if (step.kind.key !== 'cc' || own['current_C'] === undefined) return s === 24 * 3600;
  const rate_C = worth.number([...step.place, 'cc', 'current_C'], own['current_C'], known);
  return Math.abs(s * Math.abs(rate_C) - 7200) < 1e-6;
}

function boundOf(step: StepNode, around: Around): PlainBound | undefined {
  const { worth, known, ledger } = around;
  const { keys, place, kind } = step;
  const key = Object.keys(keys).find(k => ['for', 'within'].includes(stemOf(k) ?? ''));
  if (key === undefined) return undefined;
  const at = { file: worth.file, place: [...place, key] };
  const s = secondsUnder(worth, at.place, key, worth.number(at.place, keys[key], known));
  const otherwise = String(keys['otherwise'] ?? 'stop');
  const isAdded = keys[key] === ADDED_BOUND || isUnsaid(stemOf(key), s, step, around);
  const isDeadline = stemOf(key) === 'within' && otherwise !== 'next' && !isAdded;
  if (isDeadline && kind.key !== 'eis') {
    ledger.row('deadline', at, 'a deadline', `a normal end after ${s} s, after which the test goes on`);
    if (otherwise !== 'stop' && otherwise !== 'finish')
      ledger.row('exits', { ...at, place: [...place, 'otherwise'] }, `otherwise: ${otherwise}`);
  }
  if (isDeadline && kind.key === 'eis') ledger.differ(at, 'is left out: a spectrum has no deadline there');
  return { s, isDeadline, isAdded, otherwise, at };
}

function exitsOf({ keys, place }: StepNode, known: Known, { worth, ledger }: Around): readonly PlainExit[] {
  if (!Array.isArray(keys['exits'])) return [];
  const { file } = worth;
  ledger.row('exits', { file, place: [...place, 'exits'] }, 'a way out (exits)');
  return keys['exits'].map((exit, i) => {
    const at = { file, place: [...place, 'exits', i, 'when'] };
    const ends = testsOf(worth, at.place, known).map(test => endOf(test, at));
    return { ends, target: String(exit.then), at: { file, place: [...place, 'exits', i, 'then'] } };
  });
}
