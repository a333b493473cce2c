import type { Place } from '../../../../drivers/contract/explain.ts';
import { numberUnit, stemOf } from '../../file/keys.ts';
import { allSteps, type LanguageFile, topLists } from '../../file/nodes.ts';
import { conversion, unitNamed } from '../../units/unit.ts';
import { findSettable } from '../find-name.ts';
import type { SetTarget } from '../on-bench.ts';
import type { BenchNames } from '../reference.ts';

/** What the recoveries of a file set on a bench, and why one cannot be. */

type Keys = Readonly<Record<string, unknown>>;

/** Of a cell these are at rest in a suspension. */
const OUTPUT = /^cell\.(output|current|voltage|power|resistance|mode|voltageMax|voltageMin)Set_/;

/** Every role that a recovery sets, with its place. @throws LanguageError of one that cannot be */
export function recoveryTargets(
  file: LanguageFile,
  bench: BenchNames,
): readonly (readonly [place: Place, target: SetTarget])[] {
  const steps = topLists(file).flatMap(list => [...allSteps(list)]);
  const phases = file.phases.map(({ place, limits }) => ({ place, keys: { limits } as Keys }));
  return [{ place: [], keys: file.head }, ...phases, ...steps].flatMap(({ place, keys }) =>
    recoversIn(keys, place).flatMap(([at, recover]) => {
      mustEndLater(file, recover, at);
      return Object.entries((recover['set'] as Keys | undefined) ?? {}).map(
        ([name, raw]) =>
          [[...at, 'set', name], targetOf(file, bench, name, raw, [...at, 'set', name])] as const,
      );
    }),
  );
}

/** The recoveries of the limits behind `keys`, each with its place. */
export function recoversIn(keys: Keys, place: Place): (readonly [Place, Keys])[] {
  const limits = keys['limits'];
  if (!Array.isArray(limits)) return [];
  return limits.flatMap((limit: Keys, i) =>
    typeof limit['recover'] === 'object'
      ? [[[...place, 'limits', i, 'recover'], limit['recover'] as Keys] as const]
      : [],
  );
}

function targetOf(file: LanguageFile, bench: BenchNames, name: string, raw: unknown, at: Place): SetTarget {
  const found = findSettable(name, bench);
  if ('wrong' in found) throw file.errors.error(at, found.wrong);
  if (OUTPUT.test(found.role))
    throw file.errors.error(
      at,
      'is of the output: a cell rests while it is suspended, expected other roles only (a chamber, a pump)',
    );
  const value = typeof raw === 'object' && raw !== null ? (raw as Keys)['to'] : raw;
  const range = bench.ranges?.get(found.role);
  if (typeof value !== 'number' || range === undefined) return found;
  const to = (value * found.to.num) / found.to.den + found.to.plus;
  if (to >= range.min && to <= range.max) return found;
  throw file.errors.valueError(
    at,
    `sets ${found.role} to ${Number(to.toPrecision(6))}, expected ${range.min}..${range.max} (limits of the bench)`,
  );
}

/** A recovery that is over before it can have been long enough in range never goes on. */
function mustEndLater(file: LanguageFile, recover: Keys, at: Place): void {
  const [for_s, within_s] = ['for', 'within'].map(stem => {
    const key = Object.keys(recover).find(name => stemOf(name) === stem);
    const unit = key === undefined ? undefined : numberUnit(key);
    const second = unitNamed('s');
    const raw = key === undefined ? undefined : recover[key];
    if (unit === undefined || second === undefined || typeof raw !== 'number') return Number.NaN;
    const { num, den } = conversion(unit, second);
    return (raw * num) / den;
  });
  if (within_s <= for_s)
    throw file.errors.error(
      at,
      `ends after ${within_s} s and goes on after ${for_s} s back in range, expected within_ longer than for_`,
    );
}
