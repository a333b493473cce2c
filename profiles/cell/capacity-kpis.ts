import { type KpiValue, kpi } from '../kpi.ts';
import type { CellFacts, RecordedRun } from '../recorded-run.ts';
import type { Amount, Amounts } from './amounts.ts';
import { alikeGroups, type Capacity, CYCLE_FRAC, whyUnlike, windowNote } from './capacity.ts';

/** Capacities of a run as figures. */

/** Capacities and their fade, like with like; null with the reason where there is none. */
export function capacityKpis(run: RecordedRun, cell: CellFacts, capacities: readonly Capacity[]): KpiValue[] {
  const groups = alikeGroups(capacities);
  // The first discharge sets what is compared; where nothing is like it, the most frequent kind does.
  const byCount = groups.toSorted((a, b) => b.length - a.length);
  const chosen = (groups[0]?.length ?? 0) > 1 ? groups[0] : (byCount[0] ?? []);
  const whole = capacities.filter(c => c.incomplete === '');
  const isCompared = chosen.length > 1;
  const [first, last] = isCompared ? [chosen[0], chosen.at(-1)] : [whole.at(0), whole.at(-1)];
  const none =
    capacities.length === 0
      ? `no discharge of at least ${CYCLE_FRAC * 100} % of the nominal capacity`
      : `no whole discharge: ${capacities[0].incomplete}`;
  const skipped = capacities.filter(c => c.incomplete !== '');
  const left =
    skipped.length === 0 ? '' : ` Left out as incomplete: ${skipped.length} (${skipped[0].incomplete}).`;
  const capacity = (id: string, which: string, c: Capacity | undefined): KpiValue =>
    kpi({
      id,
      value: c?.half.net_Ah ?? null,
      unit: 'Ah',
      u95: c === undefined ? 0 : Math.hypot(c.half.charge.out.u95, c.half.charge.into.u95),
      definition:
        `Net charge of the ${which} whole discharge${isCompared ? ' of those that can be compared (same rate, same voltages)' : ''}.` +
        (c === undefined ? '' : ` At ${c.half.rate_C.toPrecision(3)}C.${windowNote(c, cell)}${left}`),
      basis: 'default',
      missing: none,
    });
  const isNext = (group: readonly Capacity[]): boolean => {
    const [a, b] = [group.at(0), group.at(-1)];
    return a !== undefined && b !== undefined && capacities.indexOf(b) === capacities.indexOf(a) + 1;
  };
  const fewer =
    whole.length < 2 || first === undefined || last === undefined
      ? `fewer than two whole discharges.${left}`.replace(/\.$/, '')
      : `no two whole discharges are alike: ${whyUnlike(first, last)}`;
  return [
    kpi({
      id: 'discharges',
      value: capacities.length,
      unit: '1',
      definition: `Discharges that took at least ${CYCLE_FRAC * 100} % of the nominal capacity, by net charge.`,
      basis: 'default',
    }),
    capacity('capacity-first', 'first', first),
    capacity('capacity-last', 'last', last),
    ...fades(run, chosen, isCompared, { missing: fewer, left, id: 'capacity-fade', isNext: isNext(chosen) }),
    ...groups
      .filter(group => group !== chosen && group.length > 1)
      .flatMap(group =>
        fades(run, group, true, {
          missing: '',
          left: '',
          id: `capacity-fade-at-${rateName(group[0])}`,
          isNext: isNext(group),
        }),
      ),
  ];
}

function rateName({ half }: Capacity): string {
  return `${half.rate_C.toPrecision(2)}C-to-${Number.isNaN(half.turn_V) ? 'the-end' : `${half.turn_V.toFixed(2)}V`}`;
}

/** How a fade is named, and what is said of it. `isNext`: no discharge lies between the two that are compared. */
interface FadeWords {
  readonly missing: string;
  readonly left: string;
  readonly id: string;
  readonly isNext: boolean;
}

function fades(
  run: RecordedRun,
  group: readonly Capacity[],
  isCompared: boolean,
  { missing, left, id, isNext }: FadeWords,
): KpiValue[] {
  const [first, last] = [group.at(0)?.half, group.at(-1)?.half];
  const ratio = (last?.net_Ah ?? 0) / (first?.net_Ah ?? 1);
  const relative = (of: (amount: Amount) => number): number =>
    Math.hypot(...[first, last].map(half => (half === undefined ? 0 : of(half.charge.out) / half.net_Ah)));
  const both = (of: (amounts: Amounts) => number): number =>
    [first, last].reduce((sum, half) => sum + (half === undefined ? 0 : of(half.charge) / half.net_Ah), 0);
  // The zero takes as much from both, and so it is their difference in time that counts.
  const zero = Math.abs(
    (first === undefined ? 0 : first.charge.out.zero / first.net_Ah) -
      (last === undefined ? 0 : last.charge.out.zero / last.net_Ah),
  );
  // Two discharges that follow each other share a reading of the counter, which counts in both.
  const shared = isNext ? Math.sqrt(1.5) : 1;
  const u95 =
    100 *
    ratio *
    (Math.hypot(
      relative(a => a.scatter),
      zero,
      shared * relative(a => a.digit),
    ) +
      both(a => a.unseen));
  const hours = (((last?.from_s ?? 0) - (first?.from_s ?? 0)) * run.timeFactor) / 3600;
  return [
    kpi({
      id,
      value: isCompared ? 100 * (1 - ratio) : null,
      unit: 'pct',
      u95,
      definition: isCompared
        ? `1 - last/first of ${group.length} whole discharges at ${first?.rate_C.toPrecision(3)}C between the same voltages, ${hours.toFixed(1)} h apart. Reversible and irreversible together; not temperature-corrected.${left}`
        : 'First against last whole discharge at the same rate between the same voltages.',
      basis: 'default',
      missing,
    }),
  ];
}
