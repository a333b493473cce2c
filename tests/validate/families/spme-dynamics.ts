import type { FigureSpec } from '../../../dashboards/report/figure.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { discharge, holdVoltage, rest, runCurrent } from '../../../sim/plant/cell/battery-runs.ts';
import { FINE_MESH } from '../../../sim/plant/spme/mesh.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { CCCV, IMPEDANCE, IMPEDANCE_DFN, THERMAL_RISES } from '../reference/chen2020.ts';
import { largest, largest_pct, type Pair, pairsText, type Row, row } from '../row.ts';
import {
  cellSpectrum,
  cellStepResponse,
  decades,
  impedanceError_pct,
  impedanceOfStep,
} from '../step-response.ts';

const NOMINAL_A = CHEN2020.nominal_Ah;
const MODEL = 'SPMe, Chen2020 (LG M50, 5 Ah)';
const PYBAMM = 'PyBaMM, same equations and parameter set';

const QUARTERS = [0.25, 0.5, 0.75, 1] as const;

function thermal(): { readonly rows: Row[]; readonly figure: FigureSpec } {
  const runs = THERMAL_RISES.map(({ rate_1_per_h, rise_K, dfn_K }) => {
    const model = spme(CHEN2020, { isLumped: true, mesh: FINE_MESH, withMixingHeat: false });
    const rises: number[] = [0];
    while (model.state.voltage_V > CHEN2020.lower_V) {
      model.prepare(1);
      model.take(-rate_1_per_h * NOMINAL_A);
      rises.push(model.state.temperature_degC - 25);
    }
    const end_s = rises.length - 1;
    const pairs = QUARTERS.map(
      (part, k): Pair => [rises[Math.round(part * end_s)] ?? Number.NaN, rise_K[k] ?? Number.NaN],
    );
    return { rate_1_per_h, rises, end_s, pairs, dfn_K };
  });
  return {
    rows: runs.map(({ rate_1_per_h, end_s, pairs, dfn_K }) =>
      row({
        id: `spme.chen2020.heat-${rate_1_per_h}C`,
        model: `${MODEL}, rise of temperature in a ${rate_1_per_h}C discharge, 10 W/(m² K)`,
        reference: PYBAMM,
        error: largest(pairs),
        tolerance: 0.2,
        unit: 'K',
        basis: 'reference code, predicted',
        note:
          `at 25, 50, 75, 100 % of ${end_s} s, computed (reference) K: ${pairsText(pairs, 2)}; the porous-electrode model ` +
          `gives ${dfn_K.join(', ')} K`,
      }),
    ),
    figure: {
      title: 'SPMe, Chen2020: warming during discharge (predicted)',
      xLabel: 'time',
      xKind: 'time',
      panels: [
        {
          yLabel: 'rise, K',
          height: 220,
          fromZero: true,
          lines: runs.flatMap(({ rate_1_per_h, rises, end_s, pairs }, k) => [
            { label: `model, ${rate_1_per_h}C`, colour: `c${k}`, x: rises.map((_, t) => t), y: rises },
            {
              label: `PyBaMM, ${rate_1_per_h}C`,
              colour: `c${k}`,
              stroke: 'none' as const,
              marks: 'full' as const,
              x: QUARTERS.map(part => part * end_s),
              y: pairs.map(([, reference]) => reference),
            },
          ]),
        },
      ],
    },
  };
}

function chargeAndHold(): Row[] {
  const model = spme(CHEN2020, { soc_frac: 1, mesh: FINE_MESH });
  const out = discharge(model, NOMINAL_A, CHEN2020.lower_V, 1);
  rest(model, 3600, 1);
  const rested_V = model.state.voltage_V;
  const cc = runCurrent(model, NOMINAL_A / 2, CHEN2020.upper_V, 20_000, 1);
  const cv = holdVoltage(model, CHEN2020.upper_V, NOMINAL_A / 50, 1);
  rest(model, 3600, 10);
  const compared: readonly (readonly [string, number, number, string, number])[] = [
    ['discharge-time', out.duration_s, CCCV.discharge_s, 's', 1],
    ['discharge-charge', out.charge_Ah, CCCV.discharge_Ah, 'Ah', 4],
    ['rest-voltage', rested_V, CCCV.rest_V, 'V', 4],
    ['cc-time', cc.duration_s, CCCV.cc_s, 's', 1],
    ['cc-charge', cc.charge_Ah, CCCV.cc_Ah, 'Ah', 4],
    ['cv-time', cv.duration_s, CCCV.cv_s, 's', 1],
    ['cv-charge', cv.charge_Ah, CCCV.cv_Ah, 'Ah', 4],
    ['end-voltage', model.state.voltage_V, CCCV.end_V, 'V', 4],
  ];
  return compared.map(([name, computed, reference, unit, digits]) =>
    row({
      id: `spme.chen2020.cccv.${name}`,
      model: `${MODEL}, 1C discharge from full, 1 h rest, 0.5C to 4.2 V, held to C/50, rest`,
      reference: PYBAMM,
      error: Math.abs(100 * (computed / reference - 1)),
      tolerance: 0.5,
      unit: '%',
      basis: 'reference code, predicted',
      note: `${computed.toFixed(digits)} ${unit} (${reference} ${unit})`,
    }),
  );
}

function impedance(): { readonly row: Row; readonly figure: FigureSpec } {
  const model = spme(CHEN2020, { soc_frac: 0.5, mesh: FINE_MESH });
  const computed = cellSpectrum(
    model,
    IMPEDANCE.map(([f]) => f),
  );
  const errors = IMPEDANCE.map(([, re, im], k) =>
    impedanceError_pct(computed[k] ?? { re_Ohm: Number.NaN, im_Ohm: Number.NaN }, {
      re_Ohm: re / 1000,
      im_Ohm: im / 1000,
    }),
  );
  const curve = cellSpectrum(model, decades(1e-3, 1e4, 20));
  return {
    row: row({
      id: 'spme.chen2020.impedance',
      model: `${MODEL}, spectrum at SOC 0.5, 1 mHz..10 kHz`,
      reference: `${PYBAMM}, with double layers`,
      error: Math.max(...errors),
      tolerance: 2,
      unit: '%',
      basis: 'reference code, predicted',
      note:
        'distance in the complex plane over the size of the impedance; ' +
        IMPEDANCE.map(
          ([f, re, im], k) =>
            `${f} Hz ${(1000 * (computed[k]?.re_Ohm ?? Number.NaN)).toFixed(3)}${(1000 * (computed[k]?.im_Ohm ?? Number.NaN)).toFixed(3)}j (${re}${im}j) mΩ`,
        ).join(', '),
    }),
    figure: {
      title: 'SPMe, Chen2020: impedance at SOC 0.5 (predicted)',
      xLabel: 'real part, mΩ',
      xKind: 'number',
      xFromZero: true,
      panels: [
        {
          yLabel: 'minus imaginary part, mΩ',
          height: 300,
          fromZero: true,
          lines: [
            {
              label: 'model',
              colour: 'c0',
              x: curve.map(z => 1000 * z.re_Ohm),
              y: curve.map(z => -1000 * z.im_Ohm),
            },
            ...[
              { label: 'PyBaMM, same equations', points: IMPEDANCE, marks: 'full' as const, k: 1 },
              { label: 'PyBaMM, porous electrodes', points: IMPEDANCE_DFN, marks: 'open' as const, k: 2 },
            ].map(({ label, points, marks, k }) => ({
              label,
              colour: `c${k}`,
              stroke: 'none' as const,
              marks,
              x: points.map(([, re]) => re),
              y: points.map(([, , im]) => -im),
            })),
          ],
        },
      ],
    },
  };
}

/** Far below the double layers, which the stepping model leaves out, and above the slowest diffusion. */
const SLOW_HZ = [0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];

function pulseAndSpectrum(): Row {
  const compared = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap(soc_frac => {
    const model = spme(CHEN2020, { soc_frac, mesh: FINE_MESH });
    const spectrum = cellSpectrum(model, SLOW_HZ);
    // Small enough that every law is straight.
    const response = cellStepResponse(model, 0.002, decades(1e-4, 3000, 100));
    return SLOW_HZ.map((f, k) => {
      const own = spectrum[k] ?? { re_Ohm: Number.NaN, im_Ohm: Number.NaN };
      const fromPulse = impedanceOfStep(response, f);
      return {
        error_pct: impedanceError_pct(fromPulse, own),
        resistances_mOhm: [1000 * fromPulse.re_Ohm, 1000 * own.re_Ohm] as const,
      };
    });
  });
  const resistances = compared.map(point => point.resistances_mOhm);
  return row({
    id: 'spme.chen2020.pulse-spectrum',
    model: `${MODEL}, spectrum worked out of its own pulse, 1..100 mHz, five states of charge`,
    reference: 'its own linearised spectrum',
    error: Math.max(...compared.map(point => point.error_pct)),
    tolerance: 2,
    unit: '%',
    basis: 'self-consistency, model only',
    note: `distance over size of the impedance, nothing fitted; real parts alone agree to ${largest_pct(resistances).toFixed(2)} %`,
  });
}

/** Heat, CC-CV, spectrum. */
export function spmeDynamicsSection(): { readonly rows: Row[]; readonly pictures: FigureSpec[] } {
  const heat = thermal();
  const spectrum = impedance();
  return {
    rows: [...heat.rows, ...chargeAndHold(), spectrum.row, pulseAndSpectrum()],
    pictures: [heat.figure, spectrum.figure],
  };
}
