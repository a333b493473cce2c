import { moreThanAllText, turnedU95_pct } from '../../../cell/cycles.ts';
import { type Figure, kpi } from '../../../kpi.ts';
import type { RecordedPart, RecordedRun, RecordedStep } from '../../../recorded-run.ts';
import { defineEvaluation, stepsOf } from '../evaluation.ts';
import { accountOf, type CellAccount, type ChargeAt, chargeOf, energyOf, ratio_pct } from './account.ts';

const FIGURES = [
  { id: 'capacity', unit: 'Ah', doc: 'charge that the discharge gave' },
  { id: 'discharge-energy', unit: 'Wh', doc: 'energy that the discharge gave' },
  {
    id: 'coulombic-efficiency',
    unit: 'pct',
    doc: 'charge out over charge in: the discharge with the charge before it where that began empty, else with the charge after it',
  },
] as const;

/** A charge of less than this part of what the discharge after it gave was on top of a cell that was nearly full. */
const LEAST_FRAC = 0.7;

/**
 * Why the discharge of a check is not to be compared with one after a charge from empty; empty if it is: a charge on top
 * of a cell that was nearly full, and had rested, leaves it fuller. A check of one's own may have no charge before it.
 */
export function whyOnTop(account: CellAccount, part: RecordedPart, down: RecordedStep): string {
  const before = [...stepsOf(account.run, part, 'fill'), ...stepsOf(account.run, part, 'again')]
    .filter(step => step.end_s <= down.start_s + 1e-6)
    .reduce<RecordedStep | undefined>((a, b) => (a === undefined || b.end_s > a.end_s ? b : a), undefined);
  if (before === undefined) return '';
  const [into, out] = [chargeOf(account, before, 'into').value, chargeOf(account, down, 'out').value];
  return into >= LEAST_FRAC * out
    ? ''
    : `the charge before the discharge put ${into.toFixed(3)} Ah on top of a cell that was nearly full, which leaves it fuller than a charge from empty`;
}

/** The last step under an id that ended by its condition before a time, s. */
function endedBefore(
  run: RecordedRun,
  part: RecordedPart,
  id: string,
  t_s: number,
): RecordedStep | undefined {
  return stepsOf(run, part, id).findLast(step => step.ended === 'condition' && step.end_s <= t_s + 1e-6);
}

/**
 * Charge out over charge in, as everywhere: what was put in before the discharge. Only a charge that began empty tells that;
 * where there is none, the charge after it, which does not show what was lost from one full state to the next.
 */
function efficiency(account: CellAccount, part: RecordedPart, down: RecordedStep): Partial<Figure> {
  const { run } = account;
  const again = endedBefore(run, part, 'again', down.start_s);
  const empty = again === undefined ? undefined : endedBefore(run, part, 'empty', again.start_s);
  if (again !== undefined && empty !== undefined) {
    const { value, u95 } = ratio_pct(account, at(down, 'out'), at(again, 'into'), [empty, down]);
    return {
      value,
      u95,
      definition: `${OUT_OVER_IN} of the discharge and the charge before it, from empty to empty; by the account of the whole record.${moreThanAllText(value, u95)}`,
    };
  }
  const up = stepsOf(run, part, 'up').at(-1);
  if (up?.ended !== 'condition') return { missing: 'the charge after it did not come to its end' };
  const onTop = whyOnTop(account, part, down);
  if (onTop !== '') return { missing: onTop };
  const full = endedBefore(run, part, 'fill', down.start_s);
  const ends = full === undefined ? [up] : [full, up];
  const { value, u95 } = ratio_pct(account, at(down, 'out'), at(up, 'into'), ends);
  return {
    value,
    u95: Math.hypot(u95, turnedU95_pct(value)),
    definition: `${OUT_OVER_IN} of the discharge and the charge after it, from full to full, as the charge before it did not begin empty: what the cell lost from one full state to the next is in its u95 only; by the account of the whole record.`,
  };
}

const OUT_OVER_IN = 'charge out over charge in';
const at = (step: RecordedStep, way: 'into' | 'out'): ChargeAt => ({ step, way });

/** Capacity by one full discharge between two full charges. */
export const capacityCheck = defineEvaluation({
  method: 'capacity-check',
  ids: ['down'],
  figures: FIGURES,
  evaluate(run, part) {
    const down: RecordedStep | undefined = stepsOf(run, part, 'down').at(-1);
    const isWhole = down?.ended === 'condition';
    const figure = (i: number, rest: Partial<Figure>): Figure => ({
      id: FIGURES[i].id,
      unit: FIGURES[i].unit,
      definition: `${FIGURES[i].doc}; by the account of the whole record.`,
      basis: 'default',
      value: null,
      missing: 'the discharge did not come to its end voltage',
      ...rest,
    });
    const account = accountOf(run);
    if (account === undefined || down === undefined || !isWhole)
      return FIGURES.map((_, i) => kpi(figure(i, {})));
    const charge = chargeOf(account, down, 'out');
    return [
      kpi(figure(0, { value: charge.value, u95: charge.u95 })),
      kpi(figure(1, energyOf(account, down, 'out'))),
      kpi(figure(2, efficiency(account, part, down))),
    ];
  },
});
