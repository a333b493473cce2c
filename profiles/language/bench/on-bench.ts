import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { checkExpression } from '../expression/check.ts';
import { ANY_FITS, type Fits, fitsIn } from '../expression/instead.ts';
import { ExpressionError } from '../expression/problem.ts';
import { Slots, type Tree } from '../expression/tree.ts';
import { type Names, unitOfName } from '../expression/typed.ts';
import { isRole, stemOf, unitWord } from '../file/keys.ts';
import { Gathered } from '../file/language-error.ts';
import { type DeclaredNames, declaredNames } from '../file/names-of-file.ts';
import { allSteps, type FileExpression, type LanguageFile, type StepNode, topLists } from '../file/nodes.ts';
import { noUnit } from '../units/names.ts';
import type { Conversion } from '../units/unit.ts';
import { findName, findSettable, isMeasured, oneValue, type Wrong } from './find-name.ts';
import { currentBeside, heldPotential } from './held-potential.ts';
import type { BenchNames, Reference } from './reference.ts';
import { recoveryTargets } from './refused/recovery.ts';
import { refuseRoleIds } from './refused/role-ids.ts';

/** A file on a bench: every name resolved, every role that is set found, before anything starts. */

/** An expression as JSON: its tree, and what stands in each of its slots. */
export interface ResolvedExpression {
  readonly tree: Tree;
  readonly slots: readonly Reference[];
  /** As it is written, for people. */
  readonly text: string;
}

/** A role that a step sets. */
export interface SetTarget {
  readonly role: string;
  readonly to: Conversion;
  /** Of a potential that software holds by this role; then `role` is the potential. */
  readonly heldBy?: string;
  /** How often software corrects it, s. */
  readonly each_s?: number;
  /** Of a `cccv` on a channel that is told its mode: which of its own ends stands in for the voltage, charging and discharging. */
  readonly ends?: { readonly charge: string; readonly discharge: string };
  /** What is driven without a current, on a channel that is told its mode or by software: the most that the bench lets flow, A. */
  readonly most_A?: MostCurrent;
  /** The set point of the current, and between which values it comes to stand, where no current is said. */
  readonly beside?: { readonly role: string; readonly low: number; readonly high: number };
  /** Of a power, in W, on a supply that only sets a current: what stands on the bench is rated at. */
  readonly byCurrent?: { readonly nominal_A: number; readonly nominal_V: number };
}

/** The most that may flow, sizes in A; absent: it does not flow that way. */
export interface MostCurrent {
  readonly charge?: number;
  readonly discharge?: number;
}

/** What a file is on a bench, keyed by place in the file (`dotted`). All JSON. */
export interface OnBench {
  readonly expressions: ReadonlyMap<string, ResolvedExpression>;
  /** Targets of set, ramp and follow. */
  readonly sets: ReadonlyMap<string, SetTarget>;
  /** Names behind `record: { change }`: the role, and how a difference of the name is turned into its unit. */
  readonly changes: ReadonlyMap<string, SetTarget>;
  /** Roles that are read, and roles that are set, each once, sorted. */
  readonly reads: readonly string[];
  readonly settings: readonly string[];
}

/** Steps that hold a voltage, or the potential of one electrode in its place. */
const isOfVoltage = ({ kind }: StepNode): boolean => kind.key === 'cv' || kind.key === 'cccv';

/** State of charge is counted by the engine, not set on an instrument. */
export const COUNTED_ROLES: readonly string[] = ['cell.soc_pct'];
const STATE_OF_CHARGE: Reference = { from: 'state of charge' };

/** Resolves a file. @throws LanguageError with the place of the first name that the bench does not have */
export function onBench(file: LanguageFile, bench: BenchNames): OnBench {
  const declared = declaredNames(file);
  const ids = topLists(file).flatMap(list => [...allSteps(list)].flatMap(step => step.id ?? []));
  refuseRoleIds(file, name => isMeasured(name, bench));
  const expressions = new Map<string, ResolvedExpression>();
  const plain = namesOn(bench, declared, ids);
  const gathered = new Gathered();
  const resolve = (key: string, { place, text, syntax, expected }: FileExpression): void => {
    const slots = new Slots();
    try {
      const { tree } = checkExpression(text, syntax, expected, {
        names: namesOn(bench, declared, ids, fitsIn(text, expected, plain)),
        slots,
      });
      const found = slots.names.map(name =>
        COUNTED_ROLES.includes(name) ? STATE_OF_CHARGE : findName(name, bench, declared, ids),
      );
      // The checker has refused what is wrong.
      expressions.set(key, { tree, slots: found.flatMap(one => ('wrong' in one ? [] : [one])), text });
    } catch (error) {
      if (error instanceof ExpressionError) throw file.errors.expressionError(place, error);
      throw error;
    }
  };
  for (const [key, expression] of file.expressions) gathered.part(() => resolve(key, expression));
  gathered.mustBeNone();
  for (const name of declared.derived) {
    const isTaken = bench.measured.has(name) || bench.settable.includes(name);
    if (isTaken) throw file.errors.error(['derived', name], 'is a role of this bench, expected another name');
  }
  const sets = new Map<string, SetTarget>();
  for (const step of topLists(file).flatMap(list => [...allSteps(list)])) {
    if (bench.subjectKind === 'vessel' && drivesOutput(step)) {
      const text = 'drives the output of a supply, but what stands on this bench is a vessel, which has none';
      throw file.errors.error([...step.place, step.kind.key], text);
    }
    for (const [place, role] of rolesSet(step, bench.subjectKind)) {
      if (COUNTED_ROLES.includes(role)) continue;
      const held = isOfVoltage(step) && isRole(role) ? heldPotential(role, bench) : undefined;
      if (held !== undefined) {
        if ('wrong' in held) throw file.errors.error(place, held.wrong);
        sets.set(dotted(place), { ...held, ...mostOf(step, held.role, bench) });
        continue;
      }
      const found = findSettable(role, bench);
      const target = 'wrong' in found && step.kind.key === 'follow' ? byCurrent(role, bench) : undefined;
      if ('wrong' in found && target === undefined) throw file.errors.error(place, found.wrong);
      const set = target ?? (found as SetTarget);
      const ends = step.kind.key === 'cccv' ? endsOf(role, bench) : mostOf(step, set.role, bench);
      sets.set(dotted(place), { ...set, ...ends });
    }
  }
  for (const [place, target] of recoveryTargets(file, bench)) sets.set(dotted(place), target);
  const read = [...expressions.values()].flatMap(({ slots }) =>
    slots.flatMap(s => (s.from === 'role' ? [s.role] : [])),
  );
  return {
    expressions,
    sets,
    changes: changesOf(file, name => findName(name, bench, declared, ids)),
    reads: [...new Set(read)].sort(),
    settings: [...new Set([...sets.values()].map(({ role, heldBy }) => heldBy ?? role))].sort(),
  };
}

/** Every role behind `record: { change }` of steps, phases and the file. @throws LanguageError of one that is not measured */
function changesOf(file: LanguageFile, find: (name: string) => Reference | Wrong): Map<string, SetTarget> {
  const steps = topLists(file).flatMap(list => [...allSteps(list)]);
  const phases = file.phases.map(({ place, record }) => ({ place, keys: { record } }));
  const found = new Map<string, SetTarget>();
  for (const { place, keys } of [{ place: [], keys: file.head }, ...phases, ...steps]) {
    const record = keys['record'] as Readonly<Record<string, unknown>> | undefined;
    for (const name of Object.keys(record?.['change'] ?? {})) {
      const one = find(name);
      const at = [...place, 'record', 'change', name];
      if ('wrong' in one) throw file.errors.error(at, one.wrong);
      if (one.from !== 'role') throw file.errors.error(at, `"${name}" is no role that is measured`);
      // A difference: from the unit of the name into that of the role.
      found.set(name, { role: one.role, to: { num: one.to.den, den: one.to.num, plus: 0 } });
    }
  }
  return found;
}

/** The names of a bench for the checker: arrays are known as such. */
export function namesOn(
  bench: BenchNames,
  declared: DeclaredNames,
  ids: readonly string[],
  fits: Fits = ANY_FITS,
): Names {
  return {
    find(name) {
      const unit = unitOfName(name);
      if (unit === undefined) return { wrong: noUnit(name) };
      if (COUNTED_ROLES.includes(name)) return { unit, noArray: 'one value' };
      const found = findName(name, bench, declared, ids, fits);
      if ('wrong' in found) return found;
      const isList = found.from === 'own name' && declared.own.get(found.name) === true;
      if (found.from === 'role') {
        const why = found.isArray ? undefined : oneValue(name, bench);
        return { unit, isArray: found.isArray, ...(why === undefined ? {} : { noArray: why }) };
      }
      const noArray = isList ? 'a list of this file, whose values stand one after the other' : 'one value';
      return { unit, isArray: isList, noArray };
    },
  };
}

const ELECTRICAL = ['current', 'voltage', 'power', 'resistance'];
const DRIVEN = ['current', 'voltage', 'power'];
const SETTING_KINDS = ['set', 'ramp', 'follow'];

/** True of steps that need a supply; a ramp or a profile of another role does not. */
function drivesOutput({ kind, keys }: StepNode): boolean {
  if (kind.key !== 'ramp' && kind.key !== 'follow') return kind.isElectrical === true;
  return Object.keys(keys[kind.key] ?? {}).some(key => DRIVEN.includes(stemOf(key) ?? ''));
}

/** Roles that a step sets, by the names of the method, with their places: those of its block, and of the supply. */
function rolesSet(step: StepNode, subject: string): readonly (readonly [Place, string])[] {
  const { kind, keys, place } = step;
  if (typeof kind.own !== 'object') return [];
  if (kind.key === 'eis') return biasOf(step, subject);
  if (kind.key === 'voltammetry') return potentialsOf(step, subject);
  const own = { ...(keys[kind.key] as Readonly<Record<string, unknown>>) };
  const at = [...place, kind.key];
  const found: (readonly [Place, string])[] = [];
  for (const key of Object.keys(own)) {
    if (isRole(key) && (SETTING_KINDS.includes(kind.key) || kind.isElectrical === true))
      found.push([[...at, key], key]);
    else if (ELECTRICAL.includes(stemOf(key) ?? '') && Object.hasOwn(kind.own.stems ?? {}, stemOf(key) ?? ''))
      found.push([[...at, key], `${subject}.${key}`]);
  }
  if (kind.key !== 'follow') return found;
  const inside = ['standby', 'restart'].flatMap(key =>
    Object.keys(own[key] ?? {}).map(role => [[...at, key, role], role] as const),
  );
  return [...found, ...bounds(own, at, subject), ...inside];
}

function mostOf(
  { kind }: StepNode,
  set: string,
  { settable, ranges }: BenchNames,
): Pick<SetTarget, 'most_A' | 'beside'> {
  const role = 'cell.currentSet_A';
  const range = settable.includes('cell.modeSet_count') ? ranges?.get(role) : undefined;
  if (range === undefined) return {};
  if (set === 'cell.powerSet_W')
    return { most_A: { charge: Math.max(0, range.max), discharge: sizeOf(range) } };
  if (set === 'cell.resistanceSet_Ohm') return { most_A: { discharge: sizeOf(range) } };
  const most = kind.key === 'cv' ? currentBeside(range) : undefined;
  if (most === undefined) return {};
  const most_A = Math.abs(most);
  return {
    most_A: { charge: most_A, discharge: most_A },
    beside: { role, low: Math.max(range.min, -most_A), high: Math.min(range.max, most_A) },
  };
}

/** What a range lets flow out. */
const sizeOf = ({ min }: { readonly min: number }): number => Math.max(0, -min);

/** A channel that is told its mode has no voltage beside its current, but ends of its own: see `ofChannel` in run/output.ts. */
function endsOf(role: string, { subjectKind, settable }: BenchNames): Pick<SetTarget, 'ends'> {
  const [mode, charge, discharge] = ['modeSet_count', 'voltageMaxSet_V', 'voltageMinSet_V'].map(
    name => `${subjectKind}.${name}`,
  );
  const isChannel = [mode, charge, discharge].every(name => settable.includes(name));
  return isChannel && stemOf(role) === `${subjectKind}.voltage` ? { ends: { charge, discharge } } : {};
}

/** The bias that a spectrum is measured at, where it has one of its own. */
function biasOf({ keys, place }: StepNode, subject: string): readonly (readonly [Place, string])[] {
  const dc = (keys['eis'] as Readonly<Record<string, unknown>>)['dc'];
  if (typeof dc !== 'object' || dc === null) return [];
  return Object.keys(dc).map(key => [[...place, 'eis', 'dc', key], `${subject}.${key}`] as const);
}

/** The potentials that a sweep goes through. */
function potentialsOf({ keys, place }: StepNode, subject: string): readonly (readonly [Place, string])[] {
  return Object.keys(keys['voltammetry'] as object)
    .filter(key => SWEPT.includes(stemOf(key) ?? ''))
    .map(key => [[...place, 'voltammetry', key], `${subject}.voltage_${unitWord(key)}`] as const);
}
const SWEPT = ['begin', 'end', 'vertex1', 'vertex2'];

/** Where a follow step goes off, comes back and is cut: in the unit of the quantity that it follows. */
function bounds(
  own: Readonly<Record<string, unknown>>,
  at: Place,
  subject: string,
): readonly (readonly [Place, string])[] {
  const followed = Object.keys(own)
    .map(stemOf)
    .find(stem => ELECTRICAL.includes(stem ?? ''));
  if (followed === undefined) return [];
  return Object.keys(own)
    .filter(key => ['min', 'restart', 'max'].includes(stemOf(key) ?? ''))
    .map(key => [[...at, key], `${subject}.${followed}_${unitWord(key)}`]);
}

/** A power that is followed on a bench that sets a current and no power; undefined: it is no such. */
function byCurrent(role: string, bench: BenchNames): SetTarget | undefined {
  const current = `${bench.subjectKind}.currentSet_A`;
  const power = `${bench.subjectKind}.powerSet_W`;
  const { currentNominal_A: nominal_A, powerNominal_W } = bench.subject;
  if (stemOf(role) !== `${bench.subjectKind}.power` || bench.settable.includes(power)) return undefined;
  if (!bench.settable.includes(current) || nominal_A === undefined || powerNominal_W === undefined)
    return undefined;
  const found = findSettable(role, { ...bench, settable: [power] });
  if ('wrong' in found) return undefined;
  return { role: current, to: found.to, byCurrent: { nominal_A, nominal_V: powerNominal_W / nominal_A } };
}
