import { nearest, type Place } from '../../../drivers/contract/explain.ts';
import { STEP_KINDS } from '../steps/index.ts';
import type { OwnKeys, StepKind } from './define-step.ts';
import { isOwnName, isRole, numberUnit, STEM_UNITS, type Stem, stemOf, unitsOfStem } from './keys.ts';
import { Gathered } from './language-error.ts';
import type { StepNode } from './nodes.ts';
import { COMMON, FEW_COMMON, stepSchemaOf } from './schema.ts';
import { checkShape } from './shape.ts';
import type { Source } from './source.ts';

/** Reads the steps of a file: which kind each is, which keys it has, what stands inside. Not yet its expressions. */

type Keys = Readonly<Record<string, unknown>>;

const SCHEMAS = new Map(STEP_KINDS.map(kind => [kind.key, stepSchemaOf(kind)]));
const KIND_KEYS = STEP_KINDS.map(kind => kind.key);

/** What kinds of version 1 have become. */
const OLD_KINDS: Readonly<Record<string, string>> = {
  hold: 'wait: {} or cc: { } with for_s',
  waitUntil: 'wait: {} with until and within_s',
  sweep: 'each with cc inside',
  pressurise: 'ramp of cathode.pressure_barg with gate',
  depressurise: 'ramp of cathode.pressure_barg with gate',
};

/** The steps of a list. @throws LanguageError with all that are none */
export function readSteps(source: Source, raw: unknown, place: Place): readonly StepNode[] {
  if (!Array.isArray(raw)) throw source.valueError(place, 'found no list, expected a list of steps');
  const gathered = new Gathered();
  const steps = raw.flatMap((step, i) => gathered.part(() => readStep(source, step, [...place, i])) ?? []);
  gathered.mustBeNone();
  return steps;
}

function readStep(source: Source, raw: unknown, place: Place): StepNode {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw source.error(place, 'found no step, expected a block with a kind: { rest: {}, for_h: 1 }');
  }
  const keys: Keys = { ...raw };
  const kind = kindOf(source, keys, place);
  for (const key of Object.keys(keys)) refuseKey(source, kind, key, place, Object.keys(keys));
  const own = keys[kind.key];
  if (typeof kind.own === 'object') {
    const at = [...place, kind.key];
    if (typeof own !== 'object' || own === null || Array.isArray(own))
      throw source.valueError(at, `expected a block: ${kind.example}`);
    checkOwn(source, kind, { ...own }, at);
  }
  const schema = SCHEMAS.get(kind.key);
  if (schema !== undefined) checkShape(source, schema, keys, place);
  once(source, Object.keys(keys), place);
  const blocks = new Map<string, readonly StepNode[]>();
  const lanes: (readonly StepNode[])[] = [];
  const holdsSteps = (key: string): boolean => Array.isArray(keys[key]) && key !== 'with';
  if (kind.own === 'steps') blocks.set(kind.key, readSteps(source, keys[kind.key], [...place, kind.key]));
  if (kind.own === 'lanes') {
    (keys[kind.key] as readonly unknown[]).forEach((lane, i) => {
      lanes.push(readSteps(source, lane, [...place, kind.key, i]));
    });
  }
  for (const key of Object.keys(kind.beside ?? {})) {
    if (holdsSteps(key)) blocks.set(key, readSteps(source, keys[key], [...place, key]));
  }
  if (keys['evaluate'] !== undefined && blocks.size === 0 && lanes.length === 0)
    throw source.error(
      [...place, 'evaluate'],
      'is of a block, expected steps: around this step, with evaluate there',
    );
  const id = typeof keys['id'] === 'string' ? keys['id'] : undefined;
  return { kind, place, id, keys, blocks, lanes };
}

function kindOf(source: Source, keys: Keys, place: Place): StepKind {
  const found = STEP_KINDS.filter(kind => kind.key in keys);
  // `steps` beside repeat and each is theirs.
  const kinds = found.filter(
    kind => !found.some(other => other !== kind && kind.key in (other.beside ?? {})),
  );
  if (kinds.length === 1) return kinds[0];
  if (kinds.length > 1) {
    const both = kinds.map(kind => kind.key).join(' and ');
    throw source.error([...place, kinds[1].key], `${both} in one step, expected one kind`);
  }
  const first = Object.keys(keys)[0];
  if (first === undefined)
    throw source.error(place, `an empty step, expected one of ${KIND_KEYS.join(', ')}`);
  const old = Object.keys(keys).find(key => Object.hasOwn(OLD_KINDS, key));
  if (old !== undefined) {
    throw source.error(
      [...place, old],
      `is a kind of version 1, expected ${OLD_KINDS[old]} (or run migrate)`,
    );
  }
  const near = Object.keys(keys)
    .map(key => [key, nearest(key, KIND_KEYS, key.length < 4 ? 1 : 2)] as const)
    .find(([, meant]) => meant !== undefined);
  const hint = near === undefined ? '' : ` (did you mean ${near[1]}?)`;
  throw source.error(
    [...place, near?.[0] ?? first],
    `no kind of step${hint}, expected one of ${KIND_KEYS.join(', ')}`,
  );
}

function refuseKey(
  source: Source,
  kind: StepKind,
  key: string,
  place: Place,
  written: readonly string[],
): void {
  const common = Object.keys(COMMON).filter(k => kind.ends !== 'once' || FEW_COMMON.includes(k));
  const beside = Object.keys(kind.beside ?? {});
  const known = [kind.key, ...beside, ...common];
  if (known.includes(key)) return;
  const at = [...place, key];
  if (kind.ends === 'once' && key in COMMON)
    throw source.error(at, `${kind.key} ends at once and has no ${key}`);
  if (key === 'with')
    throw source.error(
      at,
      `parameters are given to a call, ${kind.key} takes none; with evaluate its figures are worked out with the defaults and the figures of the bench file: expected call in place of the steps, or the figure in the bench file`,
    );
  const own = typeof kind.own === 'object' ? kind.own : undefined;
  if (own !== undefined && isOwnKey(own, key)) {
    throw source.error(at, `belongs into the block: ${kind.key}: { ${key}: ... }`);
  }
  const wrongUnit = stemWithout(key, common);
  if (wrongUnit !== undefined) throw source.error(at, wrongUnit);
  const taken = written.filter(one => one !== key).map(one => stemOf(one) ?? one);
  const free = known.filter(one => !taken.includes(stemOf(one) ?? one));
  const near = nearest(key, free, Math.max(1, Math.floor(key.length / 3)));
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  throw source.error(at, `unknown key beside ${kind.key}${hint}`);
}

/** A stem that is known, with a unit that it does not have. */
function stemWithout(key: string, known: readonly string[]): string | undefined {
  const stem = Object.keys(STEM_UNITS).find(s => key === s || key.startsWith(`${s}_`));
  if (stem === undefined || !known.some(k => stemOf(k) === stem)) return undefined;
  const found = key === stem ? 'no unit' : `${key.slice(stem.length + 1)} is no unit of it`;
  return `${found}, expected one of ${unitsOfStem(stem)}`;
}

function isOwnKey(own: OwnKeys, key: string): boolean {
  const stem = stemOf(key);
  return Object.hasOwn(own.plain ?? {}, key) || (stem !== undefined && Object.hasOwn(own.stems ?? {}, stem));
}

/** Every stem once: for_s and for_min are two times. */
function once(source: Source, keys: readonly string[], place: Place): void {
  const stems = new Map<string, string>();
  for (const key of keys) {
    const stem = stemOf(key);
    if (stem === undefined || !Object.hasOwn(STEM_UNITS, stem)) continue;
    const other = stems.get(stem);
    if (other !== undefined) throw source.error([...place, key], `${other} and ${key}, expected one of them`);
    stems.set(stem, key);
  }
}

function checkOwn(source: Source, kind: StepKind, own: Keys, place: Place): void {
  const rules = kind.own as OwnKeys;
  const keys = Object.keys(own);
  const stems = Object.keys(rules.stems ?? {});
  once(source, keys, place);
  for (const key of keys) {
    const stem = stemOf(key);
    const at = [...place, key];
    if (Object.hasOwn(rules.plain ?? {}, key)) continue;
    if (stem !== undefined && stems.includes(stem)) {
      if (!STEM_UNITS[stem as Stem].some(unit => key === `${stem}_${unit}`)) {
        throw source.error(at, `expected one of ${unitsOfStem(stem)}`);
      }
      continue;
    }
    if (rules.names !== undefined) {
      if (!isOwnName(key))
        throw source.error(at, `"${key}" is no name with a unit, expected one like rate_C`);
      continue;
    }
    if (rules.roles !== undefined && isRole(key)) {
      if (rules.roles === 'voltage' && numberUnit(key)?.text !== 'V' && numberUnit(key)?.text !== 'mV')
        throw source.error(at, 'is no potential, expected a role in V');
      continue;
    }
    throw source.error(at, unknownOwn(kind, rules, key, stems));
  }
  const roles = keys.filter(key => rules.roles !== undefined && isRole(key));
  const mains = [...keys.filter(key => rules.oneOf?.some(stem => stem === stemOf(key))), ...roles];
  const isOne = rules.oneOf !== undefined || rules.roles === 'one';
  if (isOne && mains.length !== 1) {
    const stem = (rules.oneOf ?? []).map(of => `${of}_${STEM_UNITS[of][0]}`);
    const expected = [...stem, ...(rules.roles === undefined ? [] : ['a role'])].join(', ');
    const what = mains.length === 0 ? 'nothing to drive' : `${mains.join(' and ')} at once`;
    throw source.error(
      mains[1] === undefined ? place : [...place, mains[1]],
      `${what}, expected ${expected} or the like`,
    );
  }
  for (const stem of rules.needs ?? []) {
    if (!keys.some(key => stemOf(key) === stem))
      throw source.error(place, `no ${stem}, expected one of ${unitsOfStem(stem)}`);
  }
  if ((rules.roles === 'many' || rules.names !== undefined) && keys.length === 0)
    throw source.error(place, `nothing in it, expected ${kind.example}`);
}

function unknownOwn(kind: StepKind, rules: OwnKeys, key: string, stems: readonly string[]): string {
  const stem = stems.find(s => key === s || key.startsWith(`${s}_`));
  if (stem !== undefined) {
    const found = key === stem ? 'no unit' : `${key.slice(stem.length + 1)} is no unit of it`;
    return `${found}, expected one of ${unitsOfStem(stem)}`;
  }
  if (key in COMMON) return `belongs beside ${kind.key}, not into its block`;
  const known = [
    ...stems.flatMap(s => STEM_UNITS[s as Stem].map(unit => `${s}_${unit}`)),
    ...Object.keys(rules.plain ?? {}),
  ];
  const near = nearest(key, known, 2);
  const hint = near === undefined ? '' : ` (did you mean ${near}?)`;
  if (rules.roles !== undefined) {
    return `"${key}" is no role with a unit${hint}, expected one like chamber.temperature_degC`;
  }
  const expected =
    stems.length === 0 && known.length === 0
      ? `no key in ${kind.key}: {}`
      : `one of ${known.slice(0, 12).join(', ')}`;
  return `unknown key in ${kind.key}${hint}, expected ${expected}`;
}
