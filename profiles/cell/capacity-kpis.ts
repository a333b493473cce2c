import { type KpiValue, kpi } from '../kpi.ts';
import type { CellFacts, RecordedRun } from '../recorded-run.ts';
import { told } from '../told.ts';
import type { Amounts } from './amounts.ts';
import { alikeGroups, type Capacity, CYCLE_FRAC, partsText, whyUnlike, windowNote } from './capacity.ts';
import type { Moved } from './halves.ts';
import type { Ledger } from './ledger.ts';
import { partsOf, ratioU95 } from './ratio-u95.ts';
import { movedText } from './standing/moved-zero.ts';

/** Capacities of a run as figures. */

/** The record behind the capacities, and its account. */
interface Account {
  readonly run: RecordedRun;
  readonly ledger: Ledger;
}

/** Capacities and their fade, like with like; null with the reason where there is none. */
export function capacityKpis(account: Account, cell: CellFacts, capacities: readonly Capacity[]): KpiValue[] {
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
      u95: c === undefined ? 0 : netU95(c.half.charge),
      definition:
        `Net charge of the ${which} whole discharge${isCompared ? ' of those that can be compared (same rate, voltages, end of the charge before, temperature)' : ''}.` +
        (c === undefined
          ? ''
          : ` At ${c.half.rate_C.toPrecision(3)}C${temperatureOf(c.half)}.${windowNote(c, cell)}${residualNote(c)}${left}${zeroNote(account.ledger, c.half, cell)}`),
      basis: 'default',
      missing: none,
    });
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
    ...residuals(whole),
    ...fades({ ...account, cell }, chosen, { missing: fewer, left, id: 'capacity-fade', isCompared }),
    ...groups
      .filter(group => group !== chosen && group.length > 1)
      .flatMap(group =>
        fades({ ...account, cell }, group, {
          missing: '',
          left: '',
          id: `capacity-fade-at-${namesOf(groups).get(group)}`,
          isCompared: true,
        }),
      ),
  ];
}

/** What a zero that moved may make of a charge, in words; nothing where a counter of the instrument was read. */
function zeroNote({ zero }: Ledger, { charge }: Moved, cell: CellFacts): string {
  const { flow_h } = charge.out;
  return flow_h === 0
    ? ''
    : movedText(zero, cell, 'current', range_A => `up to ${(range_A * flow_h).toPrecision(2)} Ah`);
}

/** At which temperature, in words; empty where none was recorded. */
function temperatureOf({ temperature_degC }: Moved): string {
  return Number.isNaN(temperature_degC) ? '' : ` and ${temperature_degC.toFixed(1)} degC`;
}

/** What a discharge gave at other rates after its own end, in words; begins with a space. */
function residualNote({ residual }: Capacity): string {
  return residual.length === 0 ? '' : ` Not with it what followed: ${partsText(residual)}.`;
}

/** What discharges gave at other rates after they had got to the lower voltage: no part of their capacity. */
function residuals(whole: readonly Capacity[]): KpiValue[] {
  const [first, ...others] = whole.filter(({ residual }) => residual.length > 0);
  if (first === undefined) return [];
  const more =
    others.length === 0 ? '' : ` The first of ${others.length + 1} (of all of them: table "cycles").`;
  return [
    kpi({
      id: 'capacity-residual',
      value: first.residual.reduce((sum, part) => sum + part.net_Ah, 0),
      unit: 'Ah',
      u95: first.residual.reduce((sum, part) => sum + netU95(part.charge), 0),
      definition: `Net charge after a discharge at ${first.half.rate_C.toPrecision(3)}C had got to the lower voltage: ${partsText(first.residual)}, beside its ${told(first.half.net_Ah, 'Ah', 4)}.${more}`,
      basis: 'default',
    }),
  ];
}

/** Of charge out less charge in, Ah; what did not flow at all adds nothing. */
function netU95({ into, out }: Amounts): number {
  return Math.hypot(out.u95, into.value === 0 ? 0 : into.u95);
}

/** A name for each group by rate and voltage; by temperature, too, where these are the same. */
function namesOf(groups: readonly Capacity[][]): Map<readonly Capacity[], string> {
  const names = new Map<readonly Capacity[], string>();
  for (const group of groups) {
    const name = rateName(group[0]);
    const { temperature_degC } = group[0].half;
    const isAlone = groups.every(other => other === group || rateName(other[0]) !== name);
    names.set(
      group,
      isAlone || Number.isNaN(temperature_degC) ? name : `${name}-${temperature_degC.toFixed(0)}degC`,
    );
  }
  return names;
}

function rateName({ half }: Capacity): string {
  return `${half.rate_C.toPrecision(2)}C-to-${Number.isNaN(half.turn_V) ? 'the-end' : `${half.turn_V.toFixed(2)}V`}`;
}

function fades(
  { run, ledger, cell }: Account & { readonly cell: CellFacts },
  group: readonly Capacity[],
  { missing, left, id, isCompared }: { missing: string; left: string; id: string; isCompared: boolean },
): KpiValue[] {
  const [first, last] = [group.at(0)?.half, group.at(-1)?.half];
  const ratio = (last?.net_Ah ?? 0) / (first?.net_Ah ?? 1);
  const parts = [first, last].flatMap((half, i) =>
    half === undefined
      ? []
      : partsOf(half.charge, half, half.net_Ah, half.net_Ah, (i === 0 ? -1 : 1) * 100 * ratio),
  );
  const u95 = ratioU95(run, ledger, 'charge', parts);
  const temperatures =
    first === undefined || last === undefined || Number.isNaN(first.temperature_degC + last.temperature_degC)
      ? 'no temperature was recorded'
      : `at ${first.temperature_degC.toFixed(1)} and ${last.temperature_degC.toFixed(1)} degC`;
  const { flow_h = 0 } = last?.charge.out ?? {};
  const moved =
    flow_h === 0
      ? ''
      : movedText(
          ledger.zero,
          cell,
          'current',
          range_A => `up to ${((100 * range_A * flow_h) / (last?.net_Ah ?? 1)).toPrecision(2)} pct`,
        );
  const hours = (((last?.from_s ?? 0) - (first?.from_s ?? 0)) * run.timeFactor) / 3600;
  return [
    kpi({
      id,
      value: isCompared ? 100 * (1 - ratio) : null,
      unit: 'pct',
      u95,
      definition: isCompared
        ? `1 - last/first of ${group.length} whole discharges at ${first?.rate_C.toPrecision(3)}C between the same voltages, ${hours.toFixed(1)} h apart. Reversible and irreversible together; not temperature-corrected: ${temperatures}.${left}${moved}`
        : 'First against last whole discharge at the same rate between the same voltages.',
      basis: 'default',
      missing,
    }),
  ];
}
