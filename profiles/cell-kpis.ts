import { type KpiValue, kpi } from './kpi.ts';
import { integrate, joinLimit_s } from './record-math.ts';
import type { CellFacts, RecordedRun } from './recorded-run.ts';

/** Figures of a battery cell: charge, energy, efficiency, cycles. Current is positive into the cell (charge). */

const CURRENT = 'cell.current_A';
const POWER = 'cell.power_W';
/** Below C/200 the cell rests. */
const REST_PER_H = 1 / 200;
/** A discharge that takes less than this part of the capacity is a pulse, not a cycle. */
const CYCLE_FRAC = 0.2;
/** An efficiency of less charge than this part of the capacity, either way, is one of the meter's zero. */
const EFFICIENCY_FRAC = 0.05;

/** All figures of a run with a cell: the whole run, then each phase. Null with the reason where there is no value. */
export function cellKpis(run: RecordedRun): KpiValue[] {
  const { subject } = run;
  if (subject.kind !== 'cell') throw new RangeError(`cell figures of the ${subject.kind} "${subject.name}"`);
  const end_s = run.phases.at(-1)?.end_s ?? 0;
  return [
    ...throughput(run, subject, run.phases[0]?.start_s ?? 0, end_s),
    ...cycles(run, subject),
    ...run.phases.flatMap(phase => throughput(run, subject, phase.start_s, phase.end_s, phase.name)),
  ];
}

function throughput(
  run: RecordedRun,
  cell: CellFacts,
  from_s: number,
  to_s: number,
  phase?: string,
): KpiValue[] {
  const life_h = run.timeFactor / 3600;
  const split = (role: string) => {
    const series = run.series(role);
    return {
      into: integrate(series, from_s, to_s, v => Math.max(v, 0)),
      out: integrate(series, from_s, to_s, v => Math.max(-v, 0)),
    };
  };
  const charge = split(CURRENT);
  const energy = split(POWER);
  const isSeen = charge.into.covered_s > 0;
  const least_Ah = EFFICIENCY_FRAC * cell.capacity_Ah;
  const hasBoth = Math.min(charge.into.sum, charge.out.sum) * life_h > least_Ah;
  const gap = `Gaps: ${(charge.into.gap_s * run.timeFactor).toFixed(0)} s.`;
  const common = { basis: 'default', ...(phase === undefined ? {} : { phase }) } as const;
  const u95 = (role: string, part: { sum: number; covered_s: number }): number => {
    const { reading_pct, abs } = run.accuracy(role);
    return ((Math.abs(part.sum) * reading_pct) / 100 + abs * part.covered_s) * life_h;
  };
  const figure = (
    id: string,
    role: string,
    part: { sum: number; covered_s: number },
    unit: string,
    text: string,
  ) =>
    kpi({
      ...common,
      id,
      value: isSeen ? part.sum * life_h : null,
      unit,
      u95: u95(role, part),
      definition: `${text} ${gap}`,
      missing: `no usable ${role}`,
    });
  return [
    figure(
      'charge-in',
      CURRENT,
      charge.into,
      'Ah',
      'Charge into the cell, integral of the positive current.',
    ),
    figure(
      'charge-out',
      CURRENT,
      charge.out,
      'Ah',
      'Charge out of the cell, integral of the negative current.',
    ),
    figure('energy-in', POWER, energy.into, 'Wh', 'Energy into the cell at its terminals.'),
    figure('energy-out', POWER, energy.out, 'Wh', 'Energy out of the cell at its terminals.'),
    kpi({
      ...common,
      id: 'energy-efficiency',
      value: hasBoth && energy.into.sum > 0 ? (100 * energy.out.sum) / energy.into.sum : null,
      unit: 'pct',
      definition:
        'Energy out over energy in; means something only over whole cycles that begin and end at the same state of charge.',
      missing: `the cell was not both charged and discharged by ${EFFICIENCY_FRAC * 100} % of its capacity here`,
    }),
  ];
}

/** Charge of each discharge (Ah) that took at least a fifth of the nominal capacity, in order. */
export function dischargesOf(run: RecordedRun, cell: CellFacts): number[] {
  const series = run.series(CURRENT);
  const { t_s, value } = series;
  const join_s = joinLimit_s(series);
  const rest_A = cell.capacity_Ah * REST_PER_H;
  const life_h = run.timeFactor / 3600;
  const found: number[] = [];
  let charge_Ah = 0;
  const close = (): void => {
    if (charge_Ah >= CYCLE_FRAC * cell.capacity_Ah) found.push(charge_Ah);
    charge_Ah = 0;
  };
  for (let i = 1; i < t_s.length; i++) {
    const current_A = value[i];
    // A rest inside a discharge belongs to it; only charging ends it.
    if (current_A > rest_A) close();
    else if (current_A < -rest_A) {
      const dt_s = t_s[i] - t_s[i - 1];
      // A silence is not bridged: charge that nobody saw does not count.
      if (dt_s <= join_s) charge_Ah -= current_A * dt_s * life_h;
    }
  }
  close();
  return found;
}

function cycles(run: RecordedRun, cell: CellFacts): KpiValue[] {
  const discharges = dischargesOf(run, cell);
  const first = discharges.at(0) ?? null;
  const last = discharges.at(-1) ?? null;
  const missing = `no discharge of at least ${CYCLE_FRAC * 100} % of the nominal capacity`;
  const { reading_pct } = run.accuracy(CURRENT);
  const u95 = (value: number | null) => ((value ?? 0) * reading_pct) / 100;
  return [
    kpi({
      id: 'discharges',
      value: discharges.length,
      unit: '1',
      definition: `Discharges that took at least ${CYCLE_FRAC * 100} % of the nominal capacity.`,
      basis: 'default',
    }),
    kpi({
      id: 'capacity-first',
      value: first,
      unit: 'Ah',
      u95: u95(first),
      definition: 'Charge of the first such discharge, to wherever the method ended it.',
      basis: 'default',
      missing,
    }),
    kpi({
      id: 'capacity-last',
      value: last,
      unit: 'Ah',
      u95: u95(last),
      definition:
        'Charge of the last such discharge; compare only if the run ended it by the same condition.',
      basis: 'default',
      missing,
    }),
    kpi({
      id: 'capacity-fade',
      value: first === null || last === null || discharges.length < 2 ? null : 100 * (1 - last / first),
      unit: 'pct',
      definition:
        'First to last such discharge: 1 - capacity-last / capacity-first. Reversible and irreversible together.',
      basis: 'default',
      missing: 'fewer than two such discharges',
    }),
  ];
}
