import type { Place } from '../../../drivers/contract/explain.ts';
import { splitName } from '../units/names.ts';
import { differenceOf, quotient, sameDimension, type Unit, unitNamed } from '../units/unit.ts';
import { COUNT, type Collector } from './collect.ts';
import type { OwnKeys } from './define-step.ts';
import { isRole, numberUnit, STEM_UNITS, stemOf } from './keys.ts';
import type { StepNode } from './nodes.ts';
import type { Source } from './source.ts';

/** The expressions of one step: of its own block, of what stands beside it, of its common keys. */

type Keys = Readonly<Record<string, unknown>>;

/** Stems of a block whose unit is that of the quantity it drives, or a part of it by time. */
const LIKE_MAIN = ['min', 'max', 'restart'];
const MUST_LAST = ['for', 'within', 'average', 'exact', 'every', 'before', 'after', 'in', 'pause', 'per'];

/** Checks the expressions of a step. @throws LanguageError */
export function collectStep(source: Source, into: Collector, step: StepNode): void {
  const { kind, keys, place } = step;
  const own = keys[kind.key];
  if (kind.own === 'condition') into.add([...place, kind.key], own, { kind: 'condition' });
  if (typeof kind.own === 'object') collectOwn(source, into, kind.own, own as Keys, [...place, kind.key]);
  if ('with' in keys) into.given([...place, 'with'], keys['with']);
  collectCommon(source, into, keys, place);
}

/** Common keys, which phases and the file have too: record and limits. */
export function collectCommon(source: Source, into: Collector, keys: Keys, place: Place): void {
  for (const key of ['until', 'gate']) {
    if (key in keys) into.add([...place, key], keys[key], { kind: 'condition' });
  }
  for (const key of ['exits', 'limits']) {
    const list = keys[key];
    if (!Array.isArray(list)) continue;
    for (const [i, entry] of list.entries())
      into.add([...place, key, i, 'when'], entry['when'], { kind: 'condition' });
    for (const [i, entry] of list.entries())
      if (typeof entry['recover'] === 'object')
        collectRecover(source, into, entry['recover'] as Keys, [...place, key, i, 'recover']);
  }
  times(source, into, keys, place);
  const record = keys['record'];
  if (typeof record !== 'object' || record === null) return;
  times(source, into, record as Keys, [...place, 'record']);
  for (const [role, by] of Object.entries((record as Keys)['change'] ?? {})) {
    const at = [...place, 'record', 'change', role];
    const unit = numberUnit(role);
    if (!isRole(role) || unit === undefined)
      throw source.error(at, `"${role}" is no role in numbers, expected one like cell.voltage_V`);
    if (typeof by === 'number' && !(by > 0))
      throw source.valueError(at, `found ${by}, expected more than 0: so much up or down`);
    into.add(at, by, { kind: 'quantity', unit: differenceOf(unit) });
  }
}

/** `recover` of a limit that suspends. */
function collectRecover(source: Source, into: Collector, keys: Keys, place: Place): void {
  if ('back' in keys) into.add([...place, 'back'], keys['back'], { kind: 'condition' });
  times(source, into, keys, place);
  for (const [name, raw] of Object.entries((keys['set'] as Keys | undefined) ?? {})) {
    const at = [...place, 'set', name];
    if (typeof raw !== 'object' || raw === null) {
      into.block([...place, 'set'], { [name]: raw }, 'roles');
      continue;
    }
    into.block([...place, 'set'], { [name]: 0 }, 'roles');
    into.named([...at, 'to'], name, (raw as Keys)['to']);
    for (const [key, by] of Object.entries(raw))
      if (stemOf(key) === 'per') rate(source, into, numberUnit(name), key, by, [...at, key]);
  }
}

function times(source: Source, into: Collector, keys: Keys, place: Place): void {
  for (const [key, raw] of Object.entries(keys)) {
    const stem = stemOf(key);
    if (stem === undefined || !Object.hasOwn(STEM_UNITS, stem)) continue;
    if (MUST_LAST.includes(stem) && typeof raw === 'number' && !(raw > 0))
      throw source.valueError([...place, key], `found ${raw}, expected more than 0`);
    into.named([...place, key], key, raw);
  }
}

/** Keys of a block that are above 0, beside those. */
const ABOVE_0 = ['rate', 'step', 'currentMax'];
/** Keys that count. */
const COUNTS: readonly string[] = ['times', 'points_per_decade', 'cycles'];

function collectOwn(source: Source, into: Collector, rules: OwnKeys, own: Keys, place: Place): void {
  const isMain = (key: string): boolean => {
    return isRole(key) || rules.oneOf?.some(stem => stem === stemOf(key)) === true;
  };
  const mainKey = Object.keys(own).find(isMain);
  const main = mainKey === undefined ? undefined : numberUnit(mainKey);
  for (const [key, raw] of Object.entries(own)) {
    const at = [...place, key];
    if (rules.names === 'lists') each(source, into, key, raw, at);
    else if (COUNTS.includes(key)) into.add(at, raw, COUNT);
    else if (key === 'while') into.add(at, raw, { kind: 'condition' });
    else if (key === 'standby' || key === 'restart') into.block(at, raw, 'roles');
    else if (key === 'dc') bias(source, into, raw, at);
    else if (key === 'pause_every') inMain(source, into, main, raw, at);
    else if (stemOf(key) === 'per' && Object.hasOwn(rules.stems ?? {}, 'per'))
      rate(source, into, main, key, raw, at);
    else if (Object.hasOwn(rules.plain ?? {}, key)) continue;
    else {
      const unit = numberUnit(key);
      const isLike = LIKE_MAIN.includes(stemOf(key) ?? '');
      if (isLike && unit !== undefined && main !== undefined && !sameDimension(unit, main))
        throw source.error(at, `is in ${unit.text}, expected the unit of ${mainKey}`);
      const isAbove0 = [...MUST_LAST, ...ABOVE_0].includes(stemOf(key) ?? '');
      if (isAbove0 && typeof raw === 'number' && !(raw > 0))
        throw source.valueError(at, `found ${raw}, expected more than 0`);
      into.named(at, key, raw);
    }
  }
}

function inMain(source: Source, into: Collector, main: Unit | undefined, raw: unknown, at: Place): void {
  if (main === undefined) throw source.error(at, 'there is nothing in numbers that it could be a part of');
  into.add(at, raw, { kind: 'quantity', unit: differenceOf(main) });
}

/** per_min: in the unit of the target by that time. */
function rate(
  source: Source,
  into: Collector,
  main: Unit | undefined,
  key: string,
  raw: unknown,
  at: Place,
): void {
  const time = numberUnit(key);
  if (main === undefined || time === undefined)
    throw source.error(at, 'a switch has no rate, expected a target in numbers');
  if (typeof raw === 'number' && !(raw > 0))
    throw source.valueError(at, `found ${raw}, expected more than 0`);
  const by = differenceOf(main);
  const unit = unitNamed(`${by.text}_per_${time.text}`) ?? quotient(by, time);
  into.add(at, raw, { kind: 'quantity', unit });
}

function bias(source: Source, into: Collector, raw: unknown, at: Place): void {
  if (typeof raw !== 'object' || raw === null) return;
  const keys = Object.keys(raw);
  const isBias = (key: string): boolean => ['current', 'voltage'].includes(stemOf(key) ?? '');
  if (keys.length !== 1 || !isBias(keys[0]))
    throw source.valueError(at, `found ${keys.join(' and ')}, expected one of current_A, voltage_V ...`);
  for (const [key, value] of Object.entries(raw)) into.named([...at, key], key, value);
}

function each(source: Source, into: Collector, key: string, raw: unknown, at: Place): void {
  const unit = splitName(key)?.unit;
  if (typeof raw === 'string') {
    if (typeof unit !== 'object') throw source.valueError(at, 'expected a list written out');
    into.add(at, raw, { kind: 'list', unit });
  } else if (Array.isArray(raw)) into.values(at, key, raw);
  else if (typeof raw === 'object' && raw !== null) range(source, into, key, raw as Keys, at);
}

function range(source: Source, into: Collector, key: string, raw: Keys, at: Place): void {
  const unit = numberUnit(key);
  if (unit === undefined) throw source.error(at, 'a switch has no range, expected a list');
  into.add([...at, 'from'], raw['from'], { kind: 'quantity', unit });
  into.add([...at, 'to'], raw['to'], { kind: 'quantity', unit });
  into.add([...at, 'by'], raw['by'], { kind: 'quantity', unit: differenceOf(unit) });
  const { from, to, by } = raw;
  if (typeof by === 'number' && by === 0)
    throw source.valueError([...at, 'by'], 'found 0, the range has no end');
  if (typeof from === 'number' && typeof to === 'number' && typeof by === 'number' && (to - from) * by < 0)
    throw source.valueError([...at, 'by'], `found ${by}, which leads away from ${to}`);
}
