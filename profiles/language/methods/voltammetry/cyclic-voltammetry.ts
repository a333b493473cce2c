import { type Figure, type KpiValue, kpi } from '../../../kpi.ts';
import type { RecordedPart, RecordedRun, RecordedVoltammogram } from '../../../recorded-run.ts';
import { declaredAt } from '../../../uncertainty/repeatability.ts';
import { branchesOf, type Peak, peakOf } from '../../../voltammetry/peaks.ts';
import { splitName } from '../../units/names.ts';
import { numberName } from '../cell/account.ts';
import { defineEvaluation, type FigureOf } from '../evaluation.ts';
import { wholeIn, whyNone } from '../measured-whole.ts';

/** Peaks of voltammograms, each named after its scan rate. */

const FIGURES: readonly FigureOf[] = [
  {
    id: 'anodic-peak-potential',
    unit: 'V',
    doc: 'potential of the most prominent maximum of the current in the last sweep upwards; one figure a scan rate',
  },
  {
    id: 'anodic-peak-current',
    unit: 'mA',
    doc: 'current there, from zero (no line is drawn under the peak); one figure a scan rate',
  },
  {
    id: 'cathodic-peak-potential',
    unit: 'V',
    doc: 'potential of the most prominent minimum of the current in the last sweep downwards; one figure a scan rate',
  },
  { id: 'cathodic-peak-current', unit: 'mA', doc: 'current there, from zero; one figure a scan rate' },
  {
    id: 'peak-separation',
    unit: 'mV',
    doc: 'anodic minus cathodic peak potential; one figure a scan rate',
  },
  {
    id: 'half-wave-potential',
    unit: 'V',
    doc: 'mean of anodic and cathodic peak potential; one figure a scan rate',
  },
];

type Found = ReturnType<typeof peakOf>;
const isPeak = (found: Found): found is Peak => !('missing' in found);

/** Cyclic voltammetry of a cell. */
export const cyclicVoltammetry = defineEvaluation({
  method: 'cyclic-voltammetry',
  figures: FIGURES,
  without: (run, part) => whyNone(run.voltammograms, part, 'no voltammogram was swept to its end'),
  evaluate: (run, part) => voltammogramsOf(run, part).flatMap(([curve, suffix]) => figuresOf(curve, suffix)),
});

/** Those of a part that were swept to their end, with the name of the scan rate. */
function voltammogramsOf(
  run: RecordedRun,
  part: RecordedPart,
): readonly (readonly [curve: RecordedVoltammogram, suffix: string])[] {
  const all = wholeIn(run.voltammograms, part);
  const seen = new Map<string, number>();
  return all.map((curve, i) => {
    const level = Object.entries(curve.levels).at(-1);
    const unit = level === undefined ? undefined : splitName(level[0])?.unit;
    const name =
      level === undefined
        ? all.length === 1
          ? ''
          : `-${i + 1}`
        : `-at-${numberName(level[1], typeof unit === 'object' ? unit.text : '')}`;
    const again = seen.get(name) ?? 0;
    seen.set(name, again + 1);
    return [curve, again === 0 ? name : `${name}-${again + 1}`] as const;
  });
}

function figuresOf(curve: RecordedVoltammogram, suffix: string): readonly KpiValue[] {
  const { voltage, current } = curve.accuracy;
  const branches = branchesOf(curve);
  const last = (isRising: boolean): Found => {
    const branch = branches.findLast(one => one.isRising === isRising);
    if (branch !== undefined) return peakOf(branch);
    return { missing: `the potential was never swept ${isRising ? 'upwards' : 'downwards'}` };
  };
  const [anodic, cathodic] = [last(true), last(false)];
  const { basis } = voltage;
  const given = ({ id, unit, doc }: FigureOf, found: Partial<Figure>): KpiValue => {
    const isOfSet = curve.voltageIs === 'set' && /V$/.test(unit);
    const definition = `${doc}.${isOfSet ? ' The potential is that which was set: it was not measured.' : ''}`;
    return kpi({ id: `${id}${suffix}`, unit, definition, basis, value: null, ...found });
  };
  const potential = (found: Found): Partial<Figure> =>
    isPeak(found)
      ? {
          value: found.voltage_V,
          u95: Math.hypot(found.voltageU95_V, declaredAt(voltage, found.voltage_V)),
        }
      : found;
  const height = (found: Found): Partial<Figure> =>
    isPeak(found)
      ? {
          value: 1000 * found.current_A,
          u95: 1000 * Math.hypot(found.currentU95_A, declaredAt(current, found.current_A)),
          basis: current.basis,
        }
      : found;
  return [
    given(FIGURES[0], potential(anodic)),
    given(FIGURES[1], height(anodic)),
    given(FIGURES[2], potential(cathodic)),
    given(FIGURES[3], height(cathodic)),
    given(FIGURES[4], separation(anodic, cathodic, voltage.reading_pct / 100)),
    given(FIGURES[5], halfWave(anodic, cathodic, curve)),
  ];
}

/** One voltmeter: what is fixed of it cancels, but its gain on the difference. */
function separation(anodic: Found, cathodic: Found, gain_frac: number): Partial<Figure> {
  if (!isPeak(anodic)) return anodic;
  if (!isPeak(cathodic)) return cathodic;
  const apart_V = anodic.voltage_V - cathodic.voltage_V;
  return {
    value: 1000 * apart_V,
    u95: 1000 * Math.hypot(anodic.voltageU95_V, cathodic.voltageU95_V, gain_frac * apart_V),
  };
}

function halfWave(anodic: Found, cathodic: Found, { accuracy }: RecordedVoltammogram): Partial<Figure> {
  if (!isPeak(anodic)) return anodic;
  if (!isPeak(cathodic)) return cathodic;
  const middle_V = (anodic.voltage_V + cathodic.voltage_V) / 2;
  const told_V = Math.hypot(anodic.voltageU95_V, cathodic.voltageU95_V) / 2;
  return { value: middle_V, u95: Math.hypot(told_V, declaredAt(accuracy.voltage, middle_V)) };
}
