import { dirname } from 'node:path';
import { z } from 'zod';
import { nearest, type Place, valueAt } from '../../../drivers/contract/explain.ts';
import { checkYaml, type FileError, type YamlFile } from '../../../drivers/contract/yaml-file.ts';
import { splitName } from '../../../profiles/language/units/names.ts';
import { GRAVITY } from '../../../profiles/steps/recovery.ts';
import { roleNames } from '../../kinds/interlocks/condition.ts';
import { type InterlockSpec, interlockSchema } from '../../kinds/interlocks/index.ts';
import { type MatrixFigure, type MatrixRow, readMatrix } from './matrix-file.ts';
import {
  MATRIX_PREFIX,
  type MatrixChange,
  type MatrixOnBench,
  type MatrixUsed,
  matrixSchema,
} from './matrix-use.ts';

/**
 * The interlocks of a bench file with the rows of its matrix behind them. A row counts where the bench has what it looks at
 * and no interlock of its own is as strict; what is not watched is named, never left out in silence.
 */

type Raw = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, unknown>>;

/** Why a lab wants a row laxer than the matrix. */
export interface Laxer {
  readonly place: string;
  readonly line: number;
  readonly check: 'laxer-than-matrix';
  readonly reason: string;
}

/** A bench file as it is read on from here. */
export interface WithMatrix {
  readonly yaml: YamlFile<unknown>;
  readonly matrix?: MatrixOnBench;
  readonly laxer: readonly Laxer[];
}

const used = z.looseObject({ matrix: matrixSchema.optional() });
const CHANGED = ['role', 'limit', 'rearm', 'delay_s', 'reaction', 'recover', 'armed'] as const;

/** @throws FileError of a row that nobody knows, or that is laxer without a reason */
export function withMatrix(yaml: YamlFile<unknown>): WithMatrix {
  const raw = yaml.value;
  if (typeof raw !== 'object' || raw === null || !('matrix' in raw)) return { yaml, laxer: [] };
  const said = checkYaml(yaml, used).value.matrix;
  if (said === undefined) return { yaml, laxer: [] };
  const { use, change } = typeof said === 'string' ? { use: said, change: {} } : said;
  const file = readMatrix(use, dirname(yaml.path));
  const bench = raw as Raw;
  const own = Array.isArray(bench['interlocks']) ? (bench['interlocks'] as unknown[]) : [];
  const specs = own.flatMap(one => interlockSchema.safeParse(one).data ?? []);
  const taken = specs.findIndex(({ id }) => id.startsWith(MATRIX_PREFIX));
  if (taken >= 0)
    throw yaml.error(
      ['interlocks', taken, 'id'],
      `${MATRIX_PREFIX} begins the rows of the matrix, expected another name`,
    );
  const unknown = Object.keys(change).find(id => file.rows.every(row => row.id !== id));
  if (unknown !== undefined) {
    const near = nearest(
      unknown,
      file.rows.map(({ id }) => id),
    );
    const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
    throw yaml.error(['matrix', 'change', unknown], `${file.path} has no row of this name${hint}`);
  }
  const rows: MatrixUsed[] = [];
  const added: Row[] = [];
  const laxer: Laxer[] = [];
  for (const row of file.rows) {
    const { id, basis, source } = row;
    const { is, why, spec } = rowOn(bench, row, change[id], specs);
    rows.push({ id, is, why, basis, source });
    if (spec === undefined) continue;
    added.push(spec);
    const reason = reasonFor(yaml, bench, row, change[id], spec);
    if (reason !== undefined) laxer.push(reason);
  }
  return {
    yaml: behind(yaml, bench, own, added),
    matrix: { path: file.path, file: file.file, rows },
    laxer,
  };
}

interface OnBench extends Pick<MatrixUsed, 'is' | 'why'> {
  readonly spec?: Row;
}

const notWatched = (why: string): OnBench => ({ is: 'not watched', why });

function rowOn(
  bench: Raw,
  row: MatrixRow,
  change: MatrixChange | undefined,
  own: readonly InterlockSpec[],
): OnBench {
  if (row.instead !== undefined) return notWatched(row.instead);
  if (typeof change === 'object' && 'off' in change) return notWatched(`off: ${change.off}`);
  if (row.off !== undefined && change === undefined) return notWatched(`off unless asked for: ${row.off}`);
  const spec = figuresOf(bench, row, typeof change === 'object' ? change : {});
  if (typeof spec === 'string') return notWatched(spec);
  const missing =
    rolesOf(spec).find(name => !isMeasured(bench, name)) ??
    namesOf(spec).find(name => !isNameMeasured(bench, name));
  if (missing !== undefined) return notWatched(`no sensor for ${missing}`);
  if (change === undefined) {
    const stricter = own.find(one => isAsStrict(one, spec));
    if (stricter !== undefined)
      return { is: 'own', why: `${stricter.id} of the bench is as strict or stricter` };
    return { is: 'watched', why: '', spec };
  }
  return { is: 'changed', why: whatIsOther(change), spec };
}

/** The row as an interlock; in words what the bench file lacks for it. */
function figuresOf(bench: Raw, row: MatrixRow, change: Readonly<Record<string, unknown>>): Row | string {
  const { source: _source, off: _off, instead: _instead, ...rest } = row;
  const spec: Record<string, unknown> = { ...rest, id: `${MATRIX_PREFIX}${row.id}` };
  for (const key of ['limit', 'rearm', 'within'] as const) {
    const written = row[key];
    if (written === undefined || change[key] !== undefined) continue;
    const value = figureOf(bench, written);
    if (typeof value === 'string') return value;
    spec[key] = value;
  }
  for (const key of CHANGED) if (change[key] !== undefined) spec[key] = change[key];
  // What comes back beyond a limit that was moved is no hysteresis.
  if (change['limit'] !== undefined && change['rearm'] === undefined) delete spec['rearm'];
  return spec;
}

function figureOf(bench: Raw, figure: MatrixFigure): number | string {
  if (typeof figure === 'number') return figure;
  const { of, times, plus, most = Infinity, without } = figure;
  const found = valueAt(bench, of.split('.'));
  if (typeof found === 'number') return Math.min(most, Number((found * times + plus).toPrecision(9)));
  return without ?? `the bench file has no ${of}`;
}

function rolesOf(spec: Row): string[] {
  return ['role', 'minus', 'over'].flatMap(key => (typeof spec[key] === 'string' ? [spec[key]] : []));
}

function isMeasured(bench: Raw, role: string): boolean {
  return knownRoles(bench).includes(role);
}

/** Roles in the conditions of a row, as they are written; figures of the bench are looked for with its other names. */
function namesOf(spec: Row): readonly string[] {
  const written = [spec['when'], spec['clear']].flatMap(text => (typeof text === 'string' ? [text] : []));
  const names = written.flatMap(roleNames);
  return names.filter(name => !/^(subject|bench)\./.test(name));
}

/** A name in any unit of what is measured, of an array without its []. */
function isNameMeasured(bench: Raw, name: string): boolean {
  const stem = splitName(name)?.stem;
  return knownRoles(bench).some(role => splitName(role.replace('[]', ''))?.stem === stem);
}

function knownRoles(bench: Raw): readonly string[] {
  return ['roles', 'derived'].flatMap(key => Object.keys((bench[key] ?? {}) as object));
}

/** An interlock of the bench that acts no later than the row does, and no less. */
function isAsStrict(own: InterlockSpec, row: Row): boolean {
  const other = own as unknown as Row;
  if (['kind', 'role', 'minus', 'over', 'trips', 'when', 'clear'].some(key => other[key] !== row[key]))
    return false;
  const reaction = row['reaction'] as InterlockSpec['reaction'];
  if (GRAVITY[own.reaction] < GRAVITY[reaction]) return false;
  if (own.armed !== 'always' && own.armed !== row['armed']) return false;
  if (own.delay_s > Number(row['delay_s'] ?? 0)) return false;
  if (own.kind === 'expression') return true;
  const [a, b] = [Number(other['limit']), Number(row['limit'])];
  return row['trips'] === '<' ? a >= b : a <= b;
}

function whatIsOther(change: MatrixChange): string {
  if (typeof change === 'string') return 'on';
  const parts = Object.entries(change).filter(([key]) => key !== 'accepted');
  return parts.map(([key, value]) => `${key} ${typeof value === 'object' ? '...' : value}`).join(', ');
}

/** The reason for a row that is laxer than its matrix; undefined: it is not. @throws FileError where none is given */
function reasonFor(
  yaml: YamlFile<unknown>,
  bench: Raw,
  row: MatrixRow,
  change: MatrixChange | undefined,
  spec: Row,
): Laxer | undefined {
  if (typeof change !== 'object' || 'off' in change) return undefined;
  const plain = figuresOf(bench, row, {});
  const what = typeof plain === 'string' ? undefined : laxerIn(plain, spec);
  const at: Place = ['matrix', 'change', row.id];
  if (what === undefined) {
    if (change.accepted === undefined) return undefined;
    throw yaml.error(
      [...at, 'accepted'],
      'accepts nothing: it is no laxer than the matrix, expected no such key',
    );
  }
  if (change.accepted === undefined)
    throw yaml.error(at, `${what}, laxer than the matrix: expected accepted: "<reason>" beside it`);
  return {
    place: at.join('.'),
    line: yaml.lineOf(at),
    check: 'laxer-than-matrix',
    reason: change.accepted,
  };
}

function laxerIn(plain: Row, spec: Row): string | undefined {
  const [was, is] = [plain, spec].map(one => Number(one['limit']));
  if (plain['trips'] === '<' ? is < was : is > was) return `limit ${is} in place of ${was}`;
  const [wasFor, isFor] = [plain, spec].map(one => Number(one['delay_s'] ?? 0));
  if (isFor > wasFor) return `delay_s ${isFor} in place of ${wasFor}`;
  const [before, now] = [plain, spec].map(one => one['reaction'] as InterlockSpec['reaction']);
  if (GRAVITY[now] < GRAVITY[before]) return `${now} in place of ${before}`;
  const [armed, armedNow] = [plain, spec].map(one => one['armed'] ?? 'always');
  return armedNow !== armed && armedNow !== 'always' ? `armed: ${String(armedNow)}` : undefined;
}

/** The file with the rows behind its own interlocks; what is wrong with one of them is told at the line of the matrix. */
function behind(
  yaml: YamlFile<unknown>,
  bench: Raw,
  own: readonly unknown[],
  added: readonly Row[],
): YamlFile<unknown> {
  const isAdded = (place: Place): boolean => place[0] === 'interlocks' && Number(place[1]) >= own.length;
  const idAt = (place: Place): string => String(added[Number(place[1]) - own.length]['id']);
  const ofRow = (place: Place, text: string): FileError =>
    yaml.error(['matrix'], `${idAt(place)}: ${text} (its row may be changed, or off with a reason)`);
  return {
    path: yaml.path,
    // The reasons for rows are judged here; further checks would find nothing that they answer.
    value: { ...bench, matrix: withoutReasons(bench['matrix']), interlocks: [...own, ...added] },
    lineOf: place => yaml.lineOf(isAdded(place) ? ['matrix'] : place),
    error: (place, text) => (isAdded(place) ? ofRow(place, text) : yaml.error(place, text)),
    errorInside: (place, at, text) =>
      isAdded(place) ? ofRow(place, text) : yaml.errorInside(place, at, text),
  };
}

function withoutReasons(matrix: unknown): unknown {
  if (typeof matrix !== 'object' || matrix === null) return matrix;
  const { change = {}, ...rest } = matrix as { readonly change?: Raw };
  const rows = Object.entries(change).map(([id, one]) => {
    if (typeof one !== 'object' || one === null) return [id, one];
    const { accepted: _accepted, ...kept } = one as Raw;
    return [id, kept];
  });
  return { ...rest, change: Object.fromEntries(rows) };
}
