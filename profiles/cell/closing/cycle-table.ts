import type { FigureTable } from '../../kpi.ts';
import { partsText } from '../capacity.ts';
import type { Cycle } from '../cycles.ts';

/** The table of cycles, a row each; `before`: so many are left out before the first. Times are run times, s. */
export function cycleTable(
  cycles: readonly Cycle[],
  before: number,
  u95: (kind: 'charge' | 'energy', cycle: Cycle) => number,
): FigureTable {
  const net = (half: Cycle['charge']): number => half.net_Ah;
  return {
    id: 'cycles',
    columns: [
      'cycle',
      'start_s',
      'end_s',
      'charge_Ah',
      'discharge_Ah',
      'charge_Wh',
      'discharge_Wh',
      'rate_C',
      'coulombicEfficiency_pct',
      'coulombicEfficiencyU95_pct',
      'energyEfficiency_pct',
      'energyEfficiencyU95_pct',
      'gap_s',
      'note',
    ],
    rows: cycles.map((c, i) => [
      before + i + 1,
      c.from_s,
      c.to_s,
      net(c.charge),
      net(c.discharge),
      c.charge.energy.into.value - c.charge.energy.out.value,
      c.discharge.energy.out.value - c.discharge.energy.into.value,
      c.discharge.parts.length === 0 && Number.isFinite(c.discharge.rate_C) ? c.discharge.rate_C : null,
      c.coulombic_pct,
      c.coulombic_pct === null ? null : u95('charge', c),
      c.energy_pct,
      c.energy_pct === null ? null : u95('energy', c),
      c.charge.charge.gap_s + c.discharge.charge.gap_s,
      [c.open, c.discharge.parts.length === 0 ? '' : `discharged ${partsText(c.discharge.parts)}`]
        .filter(Boolean)
        .join('; '),
    ]),
  };
}
