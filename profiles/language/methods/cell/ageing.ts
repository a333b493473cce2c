import { chargeBetween } from '../../../cell/amounts.ts';
import type { RecordedPart, RecordedRun, RecordedStep } from '../../../recorded-run.ts';
import { defineEvaluation, numberOf, stepsOf } from '../evaluation.ts';
import { accountOf, type CellAccount, chargeOf, figureOf, ratio_pct } from './account.ts';
import { whyOnTop } from './capacity-check.ts';

/** Ageing by cycles and by storage: the last capacity check against the first. */

const RETENTION = {
  id: 'retention',
  unit: 'pct',
  doc: 'capacity of the last check over that of the first; reversible and irreversible together',
};
const CYCLES = {
  id: 'equivalent-cycles',
  unit: '1',
  doc: 'charge taken out from the first check to the last over the nominal capacity',
};
const ROUND = {
  id: 'round-of-end',
  unit: '1',
  doc: 'cycles at the first check below the share that ends it',
};

/** Cycle life: retention, equivalent cycles, when it ended. */
export const cycleLife = defineEvaluation({
  method: 'cycle-life',
  bearsThinning: true,
  figures: [RETENTION, CYCLES, ROUND],
  evaluate(run, part) {
    const account = accountOf(run);
    const { checks, unlike } = checksOf(account, part);
    const [first, last] = [checks.at(0), checks.at(-1)];
    if (account === undefined || first === undefined || last === undefined || checks.length < 2)
      return [RETENTION, CYCLES, ROUND].map(of => figureOf(of, { missing: FEW }));
    const { out } = chargeBetween(run, account.ledger, first.end_s, last.start_s);
    const { capacity_Ah } = account.cell;
    const cyclesGiven = { value: out.value / capacity_Ah, u95: out.u95 / capacity_Ah };
    const kept = checks.map(step => ratio_pct(account, { step, way: 'out' }, { step: first, way: 'out' }));
    const least_pct = numberOf(part, 'endOfLife_pct');
    const at = kept.findIndex(({ value }) => value < least_pct);
    const every = numberOf(part, 'every_count');
    // One check to either side where that check is nearer to the limit than it is known.
    const isClear = at > 0 && Math.abs(kept[at].value - least_pct) > kept[at].u95;
    if (unlike !== '')
      return [
        figureOf(RETENTION, { missing: unlike }),
        figureOf(CYCLES, cyclesGiven),
        figureOf(ROUND, { missing: unlike }),
      ];
    return [
      figureOf(RETENTION, { ...kept[kept.length - 1] }),
      figureOf(CYCLES, cyclesGiven),
      figureOf(ROUND, {
        value: at < 0 ? null : at * every,
        u95: isClear ? every : 2 * every,
        missing: 'no check came below it',
      }),
    ];
  },
});

const LOSS = {
  id: 'self-discharge',
  unit: 'pct/month',
  doc: 'charge in store that a month (30 d) took, of what was stored: before less after over all the time between, settling at the temperature of the checks with it; mean of the periods',
};
const MONTH_S = 30 * 86_400;
/**
 * Nobody knows how fast a cell loses at the temperature of the checks: as fast as in store, or slower or faster by up to so
 * much for 10 K of difference (chosen here: 90 kJ/mol).
 */
const MOST_IN_10_K = 3;

/** Calendar ageing: retention and self-discharge. */
export const calendar = defineEvaluation({
  method: 'calendar',
  figures: [RETENTION, LOSS],
  evaluate(run, part) {
    const account = accountOf(run);
    const { checks, unlike } = checksOf(account, part);
    const [first, last] = [checks.at(0), checks.at(-1)];
    const [outs, stores, lefts] = ['out', 'store', 'left'].map(id => stepsOf(run, part, id));
    if (account === undefined || first === undefined || last === undefined || checks.length < 2)
      return [RETENTION, LOSS].map(of => figureOf(of, { missing: FEW }));
    const colder_K = numberOf(part, 'check_degC') - numberOf(part, 'storage_degC');
    const losses = lefts.flatMap((left, i) => {
      const [out, check] = [outs[i], checks[i]];
      if (out === undefined || check === undefined || left.ended !== 'condition') return [];
      const [a, b, full] = [out, left, check].map(step => chargeOf(account, step, 'out'));
      const stored_Ah = full.value - a.value;
      const both = ratio_pct(account, { step: left, way: 'out' }, { step: check, way: 'out' });
      const taken = ratio_pct(account, { step: out, way: 'out' }, { step: check, way: 'out' });
      const u95 = (Math.hypot(both.u95, taken.u95) * full.value) / stored_Ah;
      const perMonth = monthsBetween(run, out, left, stores[i], colder_K);
      const lost_pct = 100 * (1 - b.value / stored_Ah);
      return [
        {
          value: perMonth.value * lost_pct,
          // How fast it was while it settled is no chance: all of it stands beside what the meters leave.
          u95: perMonth.value * u95 + perMonth.half * Math.abs(lost_pct),
        },
      ];
    });
    const mean = losses.reduce((sum, { value }) => sum + value, 0) / losses.length;
    const u95 = losses.reduce((sum, loss) => sum + loss.u95, 0) / losses.length;
    return [
      figureOf(RETENTION, {
        ...(unlike === '' ? ratio_pct(account, { step: last, way: 'out' }, { step: first, way: 'out' }) : {}),
        missing: unlike,
      }),
      figureOf(LOSS, {
        value: losses.length === 0 ? null : mean,
        u95,
        missing: 'no period has a discharge after it',
      }),
    ];
  },
});

/**
 * What a loss between two discharges is multiplied by to be one a month at the temperature of the store, and half of the
 * range that it may have: the loss came about in all of the time between, a part of which stood at the other temperature.
 */
function monthsBetween(
  { timeFactor }: RecordedRun,
  out: RecordedStep,
  left: RecordedStep,
  store: RecordedStep | undefined,
  colder_K: number,
): { readonly value: number; readonly half: number } {
  const all_s = (left.start_s - out.end_s) * timeFactor;
  const beside_s = all_s - ((store?.end_s ?? 0) - (store?.start_s ?? 0)) * timeFactor;
  const perMonth = [1, MOST_IN_10_K ** (colder_K / 10)].map(
    speed => MONTH_S / (all_s + (speed - 1) * beside_s),
  );
  return { value: (perMonth[0] + perMonth[1]) / 2, half: Math.abs(perMonth[0] - perMonth[1]) / 2 };
}

const FEW = 'there are no two capacity checks that came to their end';

/** The discharges of the capacity checks of a part that came to their end, and why not all may be compared. */
function checksOf(account: CellAccount | undefined, part: RecordedPart): Checks {
  if (account === undefined) return { checks: [], unlike: '' };
  const { run } = account;
  const found = (run.parts ?? [])
    .filter(
      p => p.method === 'capacity-check' && p.start_s >= part.start_s - 1e-6 && p.end_s <= part.end_s + 1e-6,
    )
    .flatMap(p => stepsOf(run, p, 'down').map(down => ({ down, within: p })))
    .filter(({ down }) => down.ended === 'condition');
  const onTop = found.map(({ down, within }) => whyOnTop(account, within, down));
  const isMixed = onTop.some(why => why === '') && onTop.some(why => why !== '');
  const unlike = isMixed ? `not all checks began alike: ${onTop.find(why => why !== '')}` : '';
  return { checks: found.map(({ down }) => down), unlike };
}

interface Checks {
  readonly checks: readonly RecordedStep[];
  /** Empty where all began alike. */
  readonly unlike: string;
}
