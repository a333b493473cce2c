import { dotted } from '../../../../drivers/contract/explain.ts';
import { cannotMeasure } from '../../../../drivers/contract/measure/impedance.ts';
import { stemOf } from '../../file/keys.ts';
import type { StepNode } from '../../file/nodes.ts';
import { beyondPeak, peaksOfStep, whatFits } from '../../run/measure/peaks.ts';
import { spectrumAsked } from '../../run/measure/spectrum-asked.ts';
import { constantAt } from '../constants.ts';
import { findSettable } from '../find-name.ts';
import type { Keys, Looking } from '../looking.ts';

/** What a step `eis` asks, held against the instrument and the limits of the bench in each round, as far as it is known. */

/**
 * Band and amplitude are those that the instrument can, wherever their values come from; the direct value with the amplitude
 * on it stays within what is under test, the set limits and the trips. A part of the direct current is no amplitude where
 * none flows: at open circuit, or right behind a rest.
 * @throws LanguageError at the key that is wrong
 */
export function refuseAmplitude(step: StepNode, looking: Looking): void {
  if (step.kind.key !== 'eis') return;
  const { keys, place } = step;
  const { file, on, known, standing, bench } = looking;
  const own = keys['eis'] as Keys;
  const at = [...place, 'eis'];
  const { dc = 'keep' } = own;
  const isNone = dc === 'open' || (dc === 'keep' && standing.of('current')?.every(value => value === 0));
  if ('amplitude_pct' in own && isNone === true)
    throw file.errors.error(
      [...at, 'amplitude_pct'],
      'is a part of the direct current, and none flows here, expected amplitude_mA or amplitude_mV',
    );
  const numberAt = (key: string): number => constantAt([...at, key], own[key], on, known);
  const asked = spectrumAsked(own, numberAt);
  const key = Object.keys(own).find(name => stemOf(name) === 'amplitude') ?? 'amplitude';
  const direct = isNone === true ? { of: 'current' as const, value: 0 } : directOf(step, looking);
  const amplitude =
    asked.isOfCurrent && direct?.of === 'current'
      ? (numberAt(key) / 100) * Math.abs(direct.value)
      : asked.amplitude;
  if (bench.impedance !== undefined) {
    const { id, can } = bench.impedance;
    const nothing = { ...asked, from_Hz: Number.NaN, to_Hz: Number.NaN, amplitude: Number.NaN };
    const { from_Hz, to_Hz } = asked;
    for (const [stem, part] of [
      ['amplitude', { amplitude }],
      ['from', { from_Hz }],
      ['to', { to_Hz }],
    ] as const) {
      const wrong = cannotMeasure(can, { ...nothing, ...part });
      const culprit = Object.keys(own).find(name => stemOf(name) === stem) ?? key;
      if (wrong !== undefined) throw file.errors.valueError([...at, culprit], `${id}: ${wrong}`);
    }
  }
  if (direct === undefined || direct.of !== asked.control) return;
  const tags = (keys['tags'] as readonly string[] | undefined) ?? [];
  const limits = peaksOfStep(bench.peaks ?? [], tags);
  const wrong = beyondPeak(limits, direct.of, direct.value, amplitude);
  if (wrong === undefined) return;
  const part_pct = asked.isOfCurrent ? numberAt(key) : undefined;
  const fits = whatFits(limits, direct.of, direct.value, { amplitude, part_pct });
  throw file.errors.valueError([...at, key], `${wrong}${fits}`);
}

/** The direct voltage (V) or current (A) that a spectrum is measured at; undefined where only the run tells. */
function directOf(
  { keys, place }: StepNode,
  { on, known, standing, bench }: Looking,
): { readonly of: 'voltage' | 'current'; readonly value: number } | undefined {
  const own = keys['eis'] as Keys;
  const { dc = 'keep' } = own;
  if (typeof dc === 'object' && dc !== null) {
    const [key, raw] = Object.entries(dc)[0] ?? [];
    if (key === undefined) return undefined;
    const at = [...place, 'eis', 'dc', key];
    const to = on.sets.get(dotted(at))?.to;
    const of = stemOf(key);
    if (to === undefined || (of !== 'voltage' && of !== 'current')) return undefined;
    return { of, value: (constantAt(at, raw, on, known) * to.num) / to.den + to.plus };
  }
  const held = standing.held();
  if (dc !== 'keep' || held === undefined) return undefined;
  const found = findSettable(`${bench.subjectKind}.${held.name}`, bench);
  if ('wrong' in found) return undefined;
  return { of: held.of, value: (held.value * found.to.num) / found.to.den + found.to.plus };
}
