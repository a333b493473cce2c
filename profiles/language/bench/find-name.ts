import { nearest } from '../../../drivers/contract/explain.ts';
import { ANY_FITS, type Fits } from '../expression/instead.ts';
import { type DeclaredNames, SCOPE_NAMES } from '../file/names-of-file.ts';
import { splitName, unitText } from '../units/names.ts';
import { type MissingFigure, type Resolved, resolveRelative } from '../units/relative.ts';
import { type Conversion, conversion, isPlace, sameDimension, type Unit, unitNamed } from '../units/unit.ts';
import type { BenchNames, Reference } from './reference.ts';

/**
 * Finds what a name of a method is on a bench. Any unit of the quantity may be asked for: one that can be converted, and
 * one relative to the subject, where the bench file has the figure for it.
 */

/** Why a name means nothing on this bench. */
export interface Wrong {
  readonly wrong: string;
}

const SAME: Conversion = { num: 1, den: 1, plus: 0 };
/** What parts of a run count, each in one unit. */
export const COUNTED: Readonly<Record<string, string>> = {
  time: 's',
  charge: 'Ah',
  chargeIn: 'Ah',
  chargeOut: 'Ah',
  energy: 'Wh',
  energyIn: 'Wh',
  energyOut: 'Wh',
  h2: 'mol',
};

/** What a name is. `ids`: of the steps of the file; `fits`: what a message may propose in its place. */
export function findName(
  name: string,
  bench: BenchNames,
  declared: DeclaredNames,
  ids: readonly string[],
  fits: Fits = ANY_FITS,
): Reference | Wrong {
  const derived = within(name, declared.derived, bench);
  if (isFound(derived)) return { from: 'own name', name: derived.name, to: derived.to };
  const dot = name.indexOf('.');
  const first = dot < 0 ? '' : name.slice(0, dot);
  const rest = name.slice(dot + 1);
  if (dot < 0) return own(name, declared, bench, fits);
  if (first === 'subject') return figure(name, rest, bench.subject, bench);
  if (first === 'bench') return figure(name, rest, bench.bench, bench);
  if (SCOPE_NAMES.some(scope => scope === first)) return counted(name, first, rest, bench);
  if (ids.includes(first)) {
    // Which of the two is meant nobody can tell; the reading would never be seen.
    if (isMeasured(name, bench))
      return {
        wrong: `"${name}" is a role of the bench, but a step has the id ${first}: expected another id`,
      };
    return { from: 'step', id: first, name: rest };
  }
  const columns = declared.data.get(first);
  if (columns !== undefined) {
    const found = among(rest, columns, bench);
    if ('wrong' in found) {
      if (found.isMissingFigure === true) return { wrong: `"${name}": ${found.wrong}` };
      const known = columns.map(column => `${first}.${column}`);
      const fitting = known.filter(other => fits(name, other));
      const hint = hintOf(nearest(name, fitting, Math.max(2, Math.ceil(rest.length / 2))));
      return { wrong: `"${name}" is no column of ${first}${hint}, expected one of ${known.join(', ')}` };
    }
    return { from: 'data', data: first, column: found.name, to: found.to };
  }
  const found = within(name, [...bench.measured.keys()], bench);
  if (found === undefined) return missing(name, bench, declared, ids, fits);
  if (!isFound(found)) return found;
  return {
    from: 'role',
    role: found.name,
    isArray: bench.measured.get(found.name)?.isArray === true,
    to: found.to,
  };
}

/** Whether the bench measures what a name says, in whatever unit. */
export function isMeasured(name: string, bench: BenchNames): boolean {
  return isFound(within(name, [...bench.measured.keys()], bench));
}

/** Why no function of an array takes a role of one value, with the array that may be meant; undefined: one cell is all cells. */
export function oneValue(name: string, bench: BenchNames): string | undefined {
  const isOneCell = bench.subjectKind === 'cell' || bench.subject['cells_count'] === 1;
  if (isOneCell && name.startsWith('cell.')) return undefined;
  const quantity = (of: string): string | undefined => splitName(of)?.stem.split('.').at(-1);
  const arrays = [...bench.measured].flatMap(([role, { isArray }]) => (isArray ? [role] : []));
  const kin = arrays.filter(role => isAlike(role, name) && quantity(role) === quantity(name));
  return `one value${hintOf(nearest(name, kin) ?? kin[0])}`;
}

/** The role of the bench that is set for a name of a method, and how its values are turned into that role's unit. */
export function findSettable(
  name: string,
  bench: BenchNames,
): { readonly role: string; readonly to: Conversion } | Wrong {
  const split = splitName(name);
  if (split === undefined) return { wrong: `"${name}" has no unit` };
  const asked = `${split.stem}Set_${unitText(split.unit)}`;
  for (const candidate of [asked, name]) {
    const found = among(candidate, bench.settable, bench);
    if ('wrong' in found) {
      if (found.isMissingFigure) return { wrong: found.wrong };
      continue;
    }
    const { num, den, plus } = found.to;
    // From the method's unit into the role's, so the other way round.
    return { role: found.name, to: { num: den, den: num, plus: plus === 0 ? 0 : (-plus * den) / num } };
  }
  const known = bench.settable.map(role => role.replace(/Set_/, '_')).filter(other => isAlike(other, name));
  const near = nearest(name, known);
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  return { wrong: `nothing on this bench sets "${name}"${hint}` };
}

/** True of names that measure the same: one may stand in the place of the other. */
function isAlike(a: string, b: string): boolean {
  const [one, other] = [splitName(a)?.unit, splitName(b)?.unit];
  return typeof one === 'object' && typeof other === 'object' ? isSame(one, other) : one === other;
}

/** A name that nothing has: roles, columns of the data, ids of steps and own names are looked through for what was meant. */
function missing(
  name: string,
  bench: BenchNames,
  declared: DeclaredNames,
  ids: readonly string[],
  fits: Fits,
): Wrong {
  const stem = splitName(name)?.stem;
  const [first, rest] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)];
  const none = `the bench has no "${name}"`;
  if (declared.own.has(rest) && fits(name, rest)) return { wrong: `${none}${hintOf(rest)}` };
  const columns = [...declared.data].flatMap(([data, own]) => own.map(column => `${data}.${column}`));
  const all = [...bench.measured.keys(), ...columns].filter(other => fits(name, other));
  const kin = all.find(other => other !== name && stem !== undefined && splitName(other)?.stem === stem);
  if (kin !== undefined) return { wrong: `${none}${hintOf(kin)}` };
  const id = nearest(first, ids, Math.ceil(first.length / 3));
  if (id !== undefined) return { wrong: `no step has the id ${first} and ${none}${hintOf(`${id}.${rest}`)}` };
  return { wrong: `${none}${hintOf(nearest(name, all))}` };
}

function hintOf(near: string | undefined): string {
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

interface Found {
  readonly name: string;
  readonly to: Conversion;
}

interface NoFigure extends Wrong {
  readonly isMissingFigure: true;
}

const isFound = (found: Found | NoFigure | undefined): found is Found =>
  found !== undefined && !('wrong' in found);

/** As `within`, with what may be meant where there is none. */
function among(
  name: string,
  known: readonly string[],
  bench: BenchNames,
): Found | (Wrong & { readonly isMissingFigure?: boolean }) {
  const found = within(name, known, bench);
  if (found !== undefined) return found;
  const near = kinOf(name, known)[0] ?? nearest(name, known);
  return { wrong: `the bench has no "${name}"${hintOf(near)}` };
}

/** Names of a list that measure the same quantity as the one asked for. */
function kinOf(name: string, known: readonly string[]): readonly string[] {
  const stem = splitName(name)?.stem;
  return stem === undefined ? [] : known.filter(other => splitName(other)?.stem === stem);
}

/** The name of a list that measures the same as the one asked for, and how its values are turned into that unit. */
function within(name: string, known: readonly string[], bench: BenchNames): Found | NoFigure | undefined {
  if (known.includes(name)) return { name, to: SAME };
  const split = splitName(name);
  const kin = kinOf(name, known);
  if (split !== undefined && typeof split.unit === 'object') {
    for (const other of kin) {
      const unit = splitName(other)?.unit;
      if (typeof unit === 'object' && isSame(unit, split.unit))
        return { name: other, to: conversion(unit, split.unit) };
    }
    const quantity = split.stem.slice(split.stem.lastIndexOf('.') + 1).replace(/Set$/, '');
    const relative = resolveRelative(quantity, split.unit, bench.subject);
    if (relative !== undefined) {
      const found = relativeTo(relative, kin);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function relativeTo(
  relative: Resolved | MissingFigure,
  kin: readonly string[],
): Found | NoFigure | undefined {
  if (kin.length === 0) return undefined;
  if ('missing' in relative) {
    return {
      wrong: `the bench file has no ${relative.missing}, which this unit needs`,
      isMissingFigure: true,
    };
  }
  const plain = unitNamed(relative.unit);
  for (const other of kin) {
    const unit = splitName(other)?.unit;
    if (plain === undefined || typeof unit !== 'object' || !isSame(unit, plain)) continue;
    const { num, den } = conversion(unit, plain);
    return { name: other, to: { num, den: den * relative.factor, plus: 0 } };
  }
  return undefined;
}

function isSame(a: Unit, b: Unit): boolean {
  return sameDimension(a, b) && isPlace(a) === isPlace(b);
}

function own(name: string, declared: DeclaredNames, bench: BenchNames, fits: Fits): Reference | Wrong {
  const found = among(name, [...declared.own.keys()], bench);
  if (!('wrong' in found)) return { from: 'own name', name: found.name, to: found.to };
  if (found.isMissingFigure === true) return { wrong: found.wrong };
  const near = nearest(
    name,
    [...declared.own.keys()].filter(other => fits(name, other)),
  );
  return { wrong: `"${name}" is no name of this file${hintOf(near)}` };
}

function figure(
  name: string,
  rest: string,
  figures: Readonly<Record<string, number>>,
  bench: BenchNames,
): Reference | Wrong {
  const found = among(rest, Object.keys(figures), bench);
  if ('wrong' in found) return { wrong: `the bench file has no ${name}, which this method needs` };
  const { num, den, plus } = found.to;
  return { from: 'figure of the bench', name, value: (figures[found.name] * num) / den + plus };
}

function counted(name: string, part: string, rest: string, bench: BenchNames): Reference | Wrong {
  if (name === 'round.count') return { from: 'part of the run', part, counted: 'count', to: SAME };
  const stem = splitName(rest)?.stem ?? '';
  const unit = Object.hasOwn(COUNTED, stem) ? COUNTED[stem] : undefined;
  if (unit === undefined) return { wrong: `${part} does not count "${rest}"` };
  const found = among(rest, [`${stem}_${unit}`], bench);
  if ('wrong' in found) return { wrong: found.wrong };
  return { from: 'part of the run', part, counted: stem, to: found.to };
}
