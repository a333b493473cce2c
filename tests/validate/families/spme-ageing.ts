import type { FigureSpec } from '../../../dashboards/report/figure.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { discharge, holdVoltage, rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import type { SeiGrowth } from '../../../sim/plant/spme/sei.ts';
import { startLithium_Ah } from '../../../sim/plant/spme/windows.ts';
import { SEI_CALENDAR, SEI_CYCLES, SEI_REACTION, SEI_SOLVENT } from '../reference/chen2020.ts';
import { largest_pct, type Pair, pairsText, type Row, row } from '../row.ts';

const NOMINAL_A = CHEN2020.nominal_Ah;
const MODEL = 'SPMe, Chen2020 with growing film (SEI)';
const PYBAMM = 'PyBaMM, same equations and parameter set';
const FRESH_AH = 5.1532;

interface CycledCell {
  readonly growth: SeiGrowth;
  readonly capacity_Ah: readonly number[];
  readonly lithiumLoss_pct: number;
  readonly hours: number;
}

/** 100 cycles of 1C discharge, C/3 charge and hold to C/50, in steps of 10 s. */
function cycled(growth: SeiGrowth): CycledCell {
  const model = spme(CHEN2020, { soc_frac: 1, sei: growth });
  const capacity_Ah: number[] = [];
  for (let cycle = 1; cycle <= 100; cycle++) {
    discharge(model, NOMINAL_A, CHEN2020.lower_V, 10);
    runCurrent(model, NOMINAL_A / 3, CHEN2020.upper_V, 20_000, 10);
    holdVoltage(model, CHEN2020.upper_V, NOMINAL_A / 50, 10);
    capacity_Ah.push(model.state.capacity_Ah);
  }
  const lithiumLoss_pct = (100 * model.state.irreversibleLoss_Ah) / startLithium_Ah(CHEN2020);
  return { growth, capacity_Ah, lithiumLoss_pct, hours: model.state.time_s / 3600 };
}

function cycleRows(
  { growth, capacity_Ah, lithiumLoss_pct, hours }: CycledCell,
  reference: typeof SEI_SOLVENT | typeof SEI_REACTION,
): Row[] {
  const remaining = SEI_CYCLES.map(
    (cycle, k): Pair => [capacity_Ah[cycle - 1] ?? Number.NaN, reference.capacity_Ah[k] ?? Number.NaN],
  );
  const told = {
    model: `${MODEL}, ${growth} limited, 100 cycles of 1C / C/3 with hold to C/50`,
    reference: PYBAMM,
    tolerance: 2,
    unit: '%',
    basis: 'reference code, predicted',
  } as const;
  const lost_Ah = remaining.map(([c, e]): Pair => [FRESH_AH - c, FRESH_AH - e]);
  return [
    row({
      ...told,
      id: `spme.sei.${growth}.lithium`,
      error: Math.abs(100 * (lithiumLoss_pct / reference.lithiumLoss_pct - 1)),
      note: `loss of cyclable lithium ${lithiumLoss_pct.toFixed(4)} % (${reference.lithiumLoss_pct} %) in ${hours.toFixed(0)} h (440 h; where the reference ends its hold is not stated, C/20 would give 422 h)`,
    }),
    row({
      ...told,
      id: `spme.sei.${growth}.capacity`,
      error: largest_pct(remaining),
      note:
        `at cycles ${SEI_CYCLES.join(', ')}, computed (reference) Ah: ${pairsText(remaining, 4)}; of what is lost: ` +
        `${pairsText(lost_Ah, 4)} Ah`,
    }),
  ];
}

function calendar(): Row {
  const model = spme(CHEN2020, { soc_frac: 0.98, sei: 'solvent-diffusion' });
  const pairs = SEI_CALENDAR.map(([hours, lost_Ah]): Pair => {
    rest(model, hours * 3600 - model.state.time_s, 600);
    return [model.state.irreversibleLoss_Ah, lost_Ah];
  });
  return row({
    id: 'spme.sei.calendar',
    model: `${MODEL}, stored at SOC 0.98, 25 °C`,
    reference: PYBAMM,
    error: largest_pct(pairs),
    tolerance: 2,
    unit: '%',
    basis: 'reference code, predicted',
    note: `after ${SEI_CALENDAR.map(([h]) => h).join(', ')} h, computed (reference) Ah lost: ${pairsText(pairs, 6)}`,
  });
}

/** Rows and picture of the film's growth. */
export function spmeAgeingSection(): { readonly rows: Row[]; readonly figure: FigureSpec } {
  const cells = [
    { cell: cycled('solvent-diffusion'), reference: SEI_SOLVENT },
    { cell: cycled('reaction'), reference: SEI_REACTION },
  ];
  return {
    rows: [...cells.flatMap(({ cell, reference }) => cycleRows(cell, reference)), calendar()],
    figure: {
      title: 'SPMe, Chen2020: capacity over 100 cycles with growing film (predicted)',
      xLabel: 'cycle',
      xKind: 'number',
      panels: [
        {
          yLabel: 'capacity, Ah',
          height: 220,
          lines: cells.flatMap(({ cell, reference }, k) => [
            {
              label: `model, ${cell.growth} limited`,
              colour: `c${k}`,
              x: cell.capacity_Ah.map((_, at) => at + 1),
              y: cell.capacity_Ah,
            },
            {
              label: `PyBaMM, ${cell.growth} limited`,
              colour: `c${k}`,
              stroke: 'none' as const,
              marks: 'full' as const,
              x: SEI_CYCLES,
              y: reference.capacity_Ah,
            },
          ]),
        },
      ],
    },
  };
}
