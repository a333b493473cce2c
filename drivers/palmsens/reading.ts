import { QUALITY, type Quality } from '../contract/frame.ts';
import { type ScriptValue, STATUS } from '../protocol/method-script/package.ts';
import { type Model, rangeOf } from './models.ts';

/** What a package says of the cell, and how far it may be believed. */

/** A value with its quality. */
export interface Judged {
  readonly value: number;
  readonly quality: Quality;
  /** Why it is not good; empty where it is. */
  readonly why: string;
}

/** Types that are measured; of the others only the set value is known. */
const MEASURED: readonly string[] = ['ab', 'ba', 'cc', 'cd', 'dc'];

/**
 * A variable with its quality. Overload, underload and the warning of an overload make it bad; late timing, a status that is
 * not said, or a value that is set rather than measured, uncertain. So is a current with underload: it is nearer to zero than
 * its range resolves, which is true of every cell at rest under a potentiostat, and a limit may be judged by it.
 */
export function judge({ type, value, status, range }: ScriptValue, model: Model): Judged {
  const bad = (why: string): Judged => ({ value, quality: QUALITY.bad, why });
  const uncertain = (why: string): Judged => ({ value, quality: QUALITY.uncertain, why });
  if (Number.isNaN(value)) return bad('the instrument says nan');
  if (!MEASURED.includes(type)) return uncertain('what is set, not what is measured');
  if (status === undefined) {
    // A frequency is what the instrument makes, and comes without a status.
    return type === 'dc' ? { value, quality: QUALITY.good, why: '' } : uncertain('status not said');
  }
  const nominal_A = range === undefined ? undefined : rangeOf(model, range);
  const where = type === 'ba' && nominal_A !== undefined ? ` of the range of ${nominal_A} A` : '';
  if ((status & STATUS.overload) !== 0) return bad(`overload${where}`);
  if ((status & STATUS.overloadWarning) !== 0) return bad(`near overload${where}`);
  if ((status & STATUS.underload) !== 0)
    return type === 'ba' ? uncertain(`underload${where}`) : bad('underload');
  if ((status & STATUS.timing) !== 0) return uncertain('timing not met');
  return { value, quality: QUALITY.good, why: '' };
}

/** A reading of the cell while it is held. */
export interface Reading {
  readonly t_s: number;
  /** What is set, V or A, as the instrument says it. */
  readonly set: number;
  readonly voltage: Judged;
  readonly current: Judged;
}

/** A package of set value, potential, current; undefined for any other. */
export function readingOf(values: readonly ScriptValue[], t_s: number, model: Model): Reading | undefined {
  const [set, voltage, current] = values;
  if (values.length !== 3 || !/^d[ab]$/.test(set.type)) return undefined;
  if (!['ab', 'da'].includes(voltage.type) || !['ba', 'db'].includes(current.type)) return undefined;
  return { t_s, set: set.value, voltage: judge(voltage, model), current: judge(current, model) };
}

/** The worst of several qualities. */
export const worst = (judged: readonly Judged[]): Quality =>
  judged.reduce<Quality>((most, { quality }) => (quality > most ? quality : most), QUALITY.good);
