import type { FigureSpec, Line } from '../../../dashboards/report/figure.ts';
import { protonicPoint, protonicState, VOLLESTAD_2019 } from '../../../sim/plant/pcec/cell.ts';
import { CERAMIC_TABLE } from '../reference/ceramic.ts';
import { colour, kelvin, largest, type Pair, pairsText, type Row, row, span } from '../row.ts';

interface CeramicPoint {
  readonly total_A_per_cm2: number;
  readonly voltage_V: number;
  readonly faradaic_1: number;
}

function at(temperature_degC: number, pressure_bar: number, protonic_A_per_cm2: number): CeramicPoint {
  const point = protonicPoint(VOLLESTAD_2019, kelvin(temperature_degC), pressure_bar);
  const state = protonicState(VOLLESTAD_2019, point, protonic_A_per_cm2);
  const total_A_per_cm2 = protonic_A_per_cm2 + state.leakage_A_per_cm2;
  return {
    total_A_per_cm2,
    voltage_V: state.voltage_V,
    faradaic_1: protonic_A_per_cm2 / total_A_per_cm2,
  };
}

/** Voltage and faradaic efficiency of the proton-ceramic cell, condition by condition. */
export function ceramicRows(): Row[] {
  return CERAMIC_TABLE.flatMap(({ temperature_degC, pressure_bar, points }) => {
    const told = {
      model: `proton-ceramic cell, ${temperature_degC} °C, ${pressure_bar} bar`,
      reference: 'independent solver of the membrane model of Vøllestad et al. 2019',
      basis: 'model only',
    } as const;
    const id = `pcec.${temperature_degC}C.${pressure_bar}bar`;
    const computed = points.map(([protonic]) => at(temperature_degC, pressure_bar, protonic));
    const voltages = points.map(([, , v], k): Pair => [computed[k]?.voltage_V ?? Number.NaN, v]);
    const faradaic = points.map(
      ([, , , fe], k): Pair => [100 * (computed[k]?.faradaic_1 ?? Number.NaN), 100 * fe],
    );
    const loads = points.map(([protonic]) => protonic).join(', ');
    return [
      row({
        ...told,
        id: `${id}.voltage`,
        error: 1000 * largest(voltages),
        tolerance: 5,
        unit: 'mV',
        note: `protonic current ${loads} A/cm²; computed (reference) V: ${pairsText(voltages, 3)}`,
      }),
      row({
        ...told,
        id: `${id}.faradaic`,
        error: largest(faradaic),
        tolerance: 2,
        unit: '% FE',
        note: `protonic current ${loads} A/cm²; computed (reference) %: ${pairsText(faradaic, 1)}`,
      }),
    ];
  });
}

/** Faradaic efficiency and voltage over the total current. */
export function ceramicFigure(): FigureSpec {
  const lines = (value: (point: CeramicPoint) => number, index: 2 | 3): Line[] =>
    CERAMIC_TABLE.flatMap(({ temperature_degC, pressure_bar, points }, k): Line[] => {
      const what = `${temperature_degC} °C, ${pressure_bar} bar`;
      const model = span(0.01, 1, 120)
        .map(protonic => at(temperature_degC, pressure_bar, protonic))
        .filter(point => point.total_A_per_cm2 < 1.2);
      const shown = points.filter(([, total]) => total < 1.2);
      return [
        {
          label: what,
          colour: colour(k),
          ...(k > 3 ? { stroke: 'dashed' as const } : {}),
          x: model.map(point => point.total_A_per_cm2),
          y: model.map(value),
        },
        {
          label: `independent solver, ${what}`,
          colour: colour(k),
          stroke: 'none',
          marks: k > 3 ? 'open' : 'full',
          x: shown.map(([, total]) => total),
          y: shown.map(point => (index === 2 ? point[2] : 100 * point[3])),
        },
      ];
    });
  return {
    title: 'Proton-ceramic cell: faradaic efficiency and voltage (model only)',
    xLabel: 'total current density, A/cm²',
    xKind: 'number',
    xFromZero: true,
    panels: [
      { yLabel: 'faradaic efficiency, %', height: 220, lines: lines(p => 100 * p.faradaic_1, 3) },
      { yLabel: 'cell voltage, V', height: 220, lines: lines(p => p.voltage_V, 2) },
    ],
  };
}
