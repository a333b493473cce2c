import { dotted } from '../../../drivers/contract/explain.ts';
import { quantityText } from '../explain/words.ts';
import { isRole, stemOf, unitWord } from '../file/keys.ts';
import type { LanguageFile, StepNode } from '../file/nodes.ts';
import { splitName } from '../units/names.ts';
import { constantAt, type Known } from './constants.ts';
import type { Looking } from './looking.ts';
import type { OnBench } from './on-bench.ts';

/** The `min` and `max` of a parameter, and that a count is whole: what a value of it is held against, wherever it comes from. */

type Keys = Readonly<Record<string, unknown>>;

/** What rounding leaves of a whole number that was worked out. */
const HARDLY = 1e-6;

const NOTHING_KNOWN: Known = { values: new Map(), lists: new Map() };

/**
 * What a value breaks, as in `expected at least 0.5 barg`; undefined: it is within, or it or the border is known only in
 * the run. `on`: of the file that declares the parameter; `value` in the unit of its name.
 */
export function beyondBorders(
  name: string,
  value: number,
  { head }: LanguageFile,
  on: OnBench,
): string | undefined {
  if (isNoCount(name, value)) return 'expected a whole number';
  const parameter = (head['parameters'] as Keys | undefined)?.[name];
  if (typeof parameter !== 'object' || parameter === null || Array.isArray(parameter)) return undefined;
  const border = (key: 'min' | 'max'): number =>
    key in parameter
      ? constantAt(['parameters', name, key], (parameter as Keys)[key], on, NOTHING_KNOWN)
      : Number.NaN;
  const [least, most] = [border('min'), border('max')];
  if (value < least) return `expected at least ${quantityOf(name, least)}`;
  if (value > most) return `expected at most ${quantityOf(name, most)}`;
  return undefined;
}

/** What a list breaks whose parameter has an `order`, as in `expected falling values`; undefined: nothing, or nobody knows yet. */
export function outOfOrder(
  name: string,
  values: readonly number[],
  { head }: LanguageFile,
): string | undefined {
  const parameter = (head['parameters'] as Keys | undefined)?.[name];
  const order =
    typeof parameter === 'object' && parameter !== null ? (parameter as Keys)['order'] : undefined;
  const sign = order === 'rising' ? 1 : order === 'falling' ? -1 : 0;
  const at = values.findIndex((value, i) => i > 0 && sign * (value - values[i - 1]) <= 0);
  if (sign === 0 || at < 0) return undefined;
  return `${quantityOf(name, values[at])} comes after ${quantityOf(name, values[at - 1])}, expected ${order} values`;
}

/** True of a number that a name in `count` cannot have: half of a thing. What nobody knows (NaN) may be one. */
export function isNoCount(name: string, value: number): boolean {
  return unitWord(name) === 'count' && Math.abs(value - Math.round(value)) > HARDLY;
}

/** A state of charge is counted, so that no bench file limits it. @throws LanguageError of one beyond 0..100 % */
export function refuseCharge({ kind, keys, place }: StepNode, { file, on, known }: Looking): void {
  if (kind.key !== 'set') return;
  for (const [name, raw] of Object.entries(keys['set'] as Keys)) {
    const at = [...place, 'set', name];
    const soc_pct = splitName(name)?.stem === 'cell.soc' ? constantAt(at, raw, on, known) : Number.NaN;
    if (soc_pct < 0 || soc_pct > 100)
      throw file.errors.valueError(at, `a state of charge of ${soc_pct} %, expected 0..100 %`);
  }
}

/**
 * A cell rests as soon as no electrical step runs, so that no current goes on through a wait: an output that a `set` switches
 * on would be off again at once. @throws LanguageError at the one that does
 */
export function refuseBareOutput(step: StepNode, looking: Looking): void {
  refuseBareLoad(step, looking);
  const { kind, keys, place } = step;
  const { file, on, known, bench } = looking;
  if (kind.key !== 'set' || bench.subjectKind !== 'cell') return;
  for (const [name, raw] of Object.entries(keys['set'] as Keys)) {
    const at = [...place, 'set', name];
    if (on.sets.get(dotted(at))?.role !== 'cell.outputSet_on') continue;
    if (constantAt(at, raw, on, known) === 0 || raw === 'off') continue;
    const text =
      'a cell rests wherever no electrical step runs, so its output would be off again at once, expected cc, cv, cp, cr or cccv, which switch it on themselves';
    throw file.errors.error(at, text);
  }
}

/** What only an electrical step drives. */
const DRIVEN: Readonly<Record<string, string>> = {
  'cell.currentSet_A': 'cc',
  'cell.voltageSet_V': 'cv',
  'cell.powerSet_W': 'cp',
  'cell.resistanceSet_Ohm': 'cr',
};

/**
 * A set value of the output alone lets nothing flow: the cell rests. @throws LanguageError at one that a `set`, `ramp` or
 * `follow` names as a role
 */
function refuseBareLoad({ kind, keys, place }: StepNode, { file, on, known, bench }: Looking): void {
  if (bench.subjectKind !== 'cell' || !['set', 'ramp', 'follow'].includes(kind.key)) return;
  for (const [name, raw] of Object.entries(keys[kind.key] as Keys)) {
    const at = [...place, kind.key, name];
    const mode = isRole(name) ? DRIVEN[on.sets.get(dotted(at))?.role ?? ''] : undefined;
    if (mode === undefined || constantAt(at, raw, on, known) === 0) continue;
    const own = name.replace(/^cell\./, '').replace(/Set_/, '_');
    const instead =
      kind.key === 'set' || mode === 'cr' ? `${mode}: { ${own}: ... }` : `${kind.key}: { ${own}: ... }`;
    const text = `only moves a set value, and nothing flows: a cell rests wherever no electrical step runs, expected ${instead}`;
    throw file.errors.error(at, text);
  }
}

/**
 * A cell is not discharged to its highest voltage, nor charged to its lowest: the sign of the current is a slip, and the
 * step would be at its voltage at once. @throws LanguageError at the current
 */
export function refuseWrongWay({ kind, keys, place }: StepNode, { file, on, known, bench }: Looking): void {
  if (kind.key !== 'cccv' || bench.subjectKind !== 'cell') return;
  const own = keys['cccv'] as Keys;
  const find = (stem: string): readonly [key: string, value: number] | undefined => {
    const key = Object.keys(own).find(name => stemOf(name) === stem);
    return key === undefined ? undefined : [key, constantAt([...place, 'cccv', key], own[key], on, known)];
  };
  const [current, voltage] = [find('current'), find('voltage')];
  if (current === undefined || voltage === undefined || !voltage[0].endsWith('_V')) return;
  const { voltageMin_V = Number.NaN, voltageMax_V = Number.NaN } = bench.subject;
  const wrong =
    current[1] < 0 && voltage[1] >= voltageMax_V
      ? `a discharge to the highest voltage of the cell (${voltageMax_V} V)`
      : current[1] > 0 && voltage[1] <= voltageMin_V
        ? `a charge to the lowest voltage of the cell (${voltageMin_V} V)`
        : undefined;
  if (wrong === undefined) return;
  throw file.errors.error(
    [...place, 'cccv', current[0]],
    `${wrong}, expected the other sign (charging is positive)`,
  );
}

/** A value of a parameter, in the unit of its name, for people. */
export function quantityOf(name: string, value: number): string {
  return quantityText(value, unitWord(name));
}
