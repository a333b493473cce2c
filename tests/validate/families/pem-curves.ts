import type { FigureSpec, Line } from '../../../dashboards/report/figure.ts';
import { cellVoltage_V, saturationPressure_bar } from '../../../sim/plant/pem/cell.ts';
import {
  BENDER_N117_60,
  BENDER_N117_80,
  BERNT_N212_HIGH_80,
  BERNT_N212_LOW_80,
  type CellParameters,
  GINER_46_KW,
  IROX_N115,
  IRRU_AQUIVION,
  NREL_LIKE,
} from '../../../sim/plant/pem/parameters.ts';
import {
  BENDER_60,
  BENDER_80,
  BENDER_OTHER_PARTNER,
  BERNT_N212,
  FIELD_80,
  GINER_CURRENTS_A,
  GINER_V,
  IROX_N115_CURVES,
  IRRU_AQUIVION_CURVES,
  NREL_PEM,
  type Polarisation,
} from '../reference/pem.ts';
import { bias, colour, kelvin, largest, type Pair, pairsText, type Row, rms, row, span } from '../row.ts';

/** Voltage of a PEM cell at 1 bar total and wet on both sides, V, as the curves were measured. */
export function atOneBar_V(
  cell: CellParameters,
  temperature_degC: number,
  density_A_per_cm2: number,
): number {
  const dry_bar = 1 - saturationPressure_bar(kelvin(temperature_degC));
  return cellVoltage_V(cell, kelvin(temperature_degC), density_A_per_cm2, dry_bar, dry_bar);
}

function pairsOf(cell: CellParameters, curve: Polarisation): Pair[] {
  return curve.densities_A_per_cm2.map((i, k) => [
    atOneBar_V(cell, curve.temperature_degC, i),
    curve.voltages_V[k] ?? Number.NaN,
  ]);
}

function modelLine(cell: CellParameters, temperature_degC: number, high: number, k: number): Line {
  const x = span(0.01, high, 120);
  const y = x.map(i => atOneBar_V(cell, temperature_degC, i));
  return { label: `model, ${temperature_degC} °C`, colour: colour(k), x, y };
}

function pointsLine(curve: Polarisation, k: number, marks: 'full' | 'open'): Line {
  const [x, y] = [curve.densities_A_per_cm2, curve.voltages_V];
  return { label: curve.name, colour: colour(k), stroke: 'none', marks, x, y };
}

function roundRobin(): Row[] {
  return (
    [
      ['pem.bender-n117.60', BENDER_N117_60, BENDER_60, BENDER_OTHER_PARTNER[0]],
      ['pem.bender-n117.80', BENDER_N117_80, BENDER_80, BENDER_OTHER_PARTNER[1]],
    ] as const
  ).map(([id, cell, curve, other]) => {
    const pairs = pairsOf(cell, curve);
    const otherPairs = other === undefined ? [] : pairsOf(cell, other);
    return row({
      id,
      model: `PEM, ${cell.name}`,
      reference: curve.source,
      error: 1000 * largest(pairs),
      tolerance: 5,
      unit: 'mV',
      basis: 'measured, fitted',
      note:
        `largest of ${pairs.length} points; rms ${(1000 * rms(pairs)).toFixed(1)} mV. Another laboratory with the same ` +
        `kind of cell lies ${(1000 * rms(otherPairs)).toFixed(0)} mV rms away, which is how well such a curve is known.`,
    });
  });
}

/** One parameter set against the curves of several temperatures. */
function overTemperature(
  id: string,
  cell: CellParameters,
  curves: readonly Polarisation[],
  tolerance_mV: number,
  remark: string,
): Row {
  const each = curves.map(curve => ({ curve, pairs: pairsOf(cell, curve) }));
  const all = each.flatMap(({ pairs }) => pairs);
  const single = each.map(
    ({ curve, pairs }) =>
      `${curve.temperature_degC} °C ${(1000 * rms(pairs)).toFixed(1)} mV rms, bias ${(1000 * bias(pairs)).toFixed(1)} mV, ` +
      `computed (measured) V ${pairsText(pairs, 3)}`,
  );
  return row({
    id,
    model: `PEM, ${cell.name}`,
    reference: `${curves[0]?.source}; ${curves.map(curve => curve.temperature_degC).join(', ')} °C together`,
    error: 1000 * rms(all),
    tolerance: tolerance_mV,
    unit: 'mV rms',
    basis: 'measured, fitted',
    note: `${remark}one parameter set for all temperatures, ${all.length} points, largest ${(1000 * largest(all)).toFixed(1)} mV; ${single.join('; ')}`,
  });
}

function thinMembrane(): Row[] {
  return BERNT_N212.map(curve => {
    const cell = curve.iridium_mg_per_cm2 > 1 ? BERNT_N212_HIGH_80 : BERNT_N212_LOW_80;
    const pairs = pairsOf(cell, curve);
    return row({
      id: `pem.bernt-n212.${curve.iridium_mg_per_cm2}mg`,
      model: `PEM, ${cell.name}`,
      reference: curve.source,
      error: 1000 * rms(pairs),
      tolerance: 10,
      unit: 'mV rms',
      basis: 'measured, fitted',
      note: `largest ${(1000 * largest(pairs)).toFixed(1)} mV; computed (measured) V: ${pairsText(pairs, 3)}`,
    });
  });
}

/** The open model has no entropy in its reversible voltage; what is compared is the curve, not the physics behind. */
function otherModel(): Row {
  const pairs = NREL_PEM.curves.flatMap(({ temperature_degC, cell_V }) =>
    NREL_PEM.densities_A_per_cm2.map(
      (i, k): Pair => [atOneBar_V(NREL_LIKE, temperature_degC, i), cell_V[k] ?? Number.NaN],
    ),
  );
  return row({
    id: 'pem.nrel-like.shape',
    model: `PEM, ${NREL_LIKE.name}`,
    reference: 'PEM cell of the open model "electrolyzer" (NREL, 2023), 40 and 60 °C, 0.05..2 A/cm²',
    error: 1000 * rms(pairs),
    tolerance: 20,
    unit: 'mV rms',
    basis: 'model only',
    note:
      `our equations bent to that model, whose voltages lie some 0.4 V above measured cells at 2 A/cm²: for comparing shape ` +
      `and degradation, no tolerance is agreed; largest ${(1000 * largest(pairs)).toFixed(0)} mV; computed (theirs) V: ${pairsText(pairs, 3)}`,
  });
}

function field(): Row[] {
  const cells: readonly (readonly [string, CellParameters])[] = [
    ['N115, 125 µm', IROX_N115],
    ['N117, 175 µm', BENDER_N117_80],
    ['N212, 50 µm', BERNT_N212_HIGH_80],
  ];
  return cells.map(([membrane, cell]) => {
    const entry = FIELD_80.find(f => f.membrane === membrane);
    if (entry === undefined) throw new Error(`no field of ${membrane}`);
    const inside = entry.band_V.map(([i, p10, , , , p90]) => {
      const v = atOneBar_V(cell, 80, i);
      return { i, v, p10, p90, outside_V: Math.max(p10 - v, v - p90, 0) };
    });
    return row({
      id: `pem.field-80.${membrane.slice(0, 4).toLowerCase()}`,
      model: `PEM, ${cell.name}`,
      reference: `p10..p90 of ${entry.cells} published ${membrane} cells at 80 °C`,
      error: 1000 * Math.max(...inside.map(p => p.outside_V)),
      tolerance: 0,
      unit: 'mV outside',
      basis: 'measured, predicted',
      note: inside
        .map(p => `${p.i} A/cm²: ${p.v.toFixed(3)} V in ${p.p10.toFixed(3)}..${p.p90.toFixed(3)}`)
        .join('; '),
    });
  });
}

/** Voltage of the 46 kW cell with 30 bar at the cathode and 1 bar at the anode. */
function giner_V(temperature_degC: number, current_A: number): number {
  const vapour_bar = saturationPressure_bar(kelvin(temperature_degC));
  return cellVoltage_V(
    GINER_46_KW,
    kelvin(temperature_degC),
    current_A / 290,
    30 - vapour_bar,
    1 - vapour_bar,
  );
}

function giner(): Row[] {
  const pairs = GINER_V.flatMap(({ temperature_degC, cell_V }) =>
    GINER_CURRENTS_A.map((amps, k): Pair => [giner_V(temperature_degC, amps), cell_V[k] ?? Number.NaN]),
  );
  const stack_V = 60 * giner_V(55, 400);
  const heat_kW = (400 * (stack_V - 60 * 1.481)) / 1000;
  return [
    row({
      id: 'pem.giner-46kw.table',
      model: `PEM, ${GINER_46_KW.name}`,
      reference: 'the published parameters evaluated independently at 23, 45, 55 °C, 20..400 A',
      error: 1000 * largest(pairs),
      tolerance: 2,
      unit: 'mV',
      basis: 'published formula',
      note: `${pairs.length} points, 30 bar cathode; at 55 °C and 400 A ${stack_V.toFixed(1)} V, ${heat_kW.toFixed(2)} kW of heat (104.0 V, 6.06 kW)`,
    }),
  ];
}

/** Rows of the steady voltage of PEM cells. */
export function pemCurveRows(): Row[] {
  return [
    ...roundRobin(),
    overTemperature('pem.irox-n115.over-temperature', IROX_N115, IROX_N115_CURVES, 10, ''),
    overTemperature(
      'pem.irru-aquivion.over-temperature',
      IRRU_AQUIVION,
      IRRU_AQUIVION_CURVES,
      15,
      'no tolerance is agreed for this cell; ',
    ),
    ...thinMembrane(),
    ...field(),
    ...giner(),
    otherModel(),
  ];
}

/** Measured points with the model's curves through them. */
export function pemCurveFigures(): FigureSpec[] {
  const xLabel = 'current density, A/cm²';
  const yLabel = 'cell voltage, V';
  const figure = (title: string, lines: readonly Line[]): FigureSpec => ({
    title,
    xLabel,
    xKind: 'number',
    xFromZero: true,
    panels: [{ yLabel, height: 300, lines }],
  });
  const [other60, other80] = BENDER_OTHER_PARTNER;
  return [
    figure('PEM, round robin on Nafion 117: fitted', [
      modelLine(BENDER_N117_60, 60, 2, 0),
      pointsLine(BENDER_60, 0, 'full'),
      modelLine(BENDER_N117_80, 80, 2.6, 1),
      pointsLine(BENDER_80, 1, 'full'),
      ...(other60 === undefined ? [] : [pointsLine(other60, 0, 'open')]),
      ...(other80 === undefined ? [] : [pointsLine(other80, 1, 'open')]),
    ]),
    figure(
      'PEM, IrOx on Nafion 115: one parameter set over temperature',
      IROX_N115_CURVES.flatMap((curve, k) => [
        modelLine(IROX_N115, curve.temperature_degC, 3, k),
        pointsLine(curve, k, 'full'),
      ]),
    ),
    figure(
      'PEM, 46 kW stack at 30 bar: published parameters',
      GINER_V.flatMap(({ temperature_degC, cell_V }, k): Line[] => {
        const x = span(2, 420, 120);
        return [
          {
            label: `model, ${temperature_degC} °C`,
            colour: colour(k),
            x: x.map(amps => amps / 290),
            y: x.map(amps => giner_V(temperature_degC, amps)),
          },
          {
            label: `independent, ${temperature_degC} °C`,
            colour: colour(k),
            stroke: 'none',
            marks: 'full',
            x: GINER_CURRENTS_A.map(amps => amps / 290),
            y: cell_V,
          },
        ];
      }),
    ),
  ];
}
