import type { FigureSpec } from '../../../dashboards/report/figure.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import {
  activationSlope_V,
  asr_Ohm_cm2,
  doubleLayer_V,
  exchange_A_per_cm2,
} from '../../../sim/plant/pem/cell.ts';
import { PEM_500_KW } from '../../../sim/plant/pem/pem-500kw.ts';
import { createPemRig, type PemRig } from '../../../sim/plant/pem/rig.ts';
import { PEM_SETS } from '../../../sim/plant/pem/sets.ts';
import { GINER_THERMAL } from '../reference/pem.ts';
import { runFor, setAll } from '../rig-run.ts';
import { kelvin, type Row, row } from '../row.ts';
import { decades, impedanceError_pct, impedanceOfStep, type StepResponse } from '../step-response.ts';

/** A stack under load with its loop running at a temperature, long enough to be steady. */
function loaded(rig: PemRig, current_A: number, temperature_degC: number, cathode_barg: number): void {
  setAll(rig, {
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': temperature_degC,
    'cathode.pressureSet_barg': cathode_barg,
    'stack.voltageSet_V': 400,
    'stack.powerSet_W': 1e6,
    'stack.currentSet_A': current_A,
    'stack.outputSet_on': 1,
  });
  runFor(rig, 3600);
}

const GINER = PEM_SETS['giner-46kw'] ?? PEM_500_KW;

/** Stack and loop left alone with the pump running: both lumps cool to the room as one. */
function cooling(): { readonly row: Row; readonly figure: FigureSpec } {
  const rig = createPemRig({
    ...GINER,
    startTemperature_degC: 55,
    thermal: { ...GINER.thermal, heaterMax_W: 0, coolerMax_W: 0 },
    random: seededRandom(1),
  });
  setAll(rig, { 'water.pumpSet_on': 1 });
  const end_degC =
    GINER.roomTemperature_degC + GINER.thermal.pumpHeat_W * GINER.thermal.lossResistance_K_per_W;
  const hours: number[] = [];
  const temperatures: number[] = [];
  for (let k = 0; k <= 18; k++) {
    hours.push(rig.time_s / 3600);
    temperatures.push(rig.truth.temperature_degC);
    runFor(rig, 600);
  }
  const [first_degC, last_degC] = [temperatures[1] ?? Number.NaN, temperatures[18] ?? Number.NaN];
  const tau_s = (17 * 600) / Math.log((first_degC - end_degC) / (last_degC - end_degC));
  return {
    row: row({
      id: 'pem.giner-46kw.cooling',
      model: 'PEM, 46 kW stack with its water loop, left to cool from 55 °C',
      reference: `published heat capacity ${GINER_THERMAL.capacity_J_per_K} J/K and resistance ${GINER_THERMAL.resistance_K_per_W} K/W (Espinosa-Lopez et al. 2018)`,
      error: Math.abs(100 * (tau_s / GINER_THERMAL.tau_s - 1)),
      tolerance: 20,
      unit: '%',
      basis: 'published formula',
      note: `time constant ${tau_s.toFixed(0)} s (${GINER_THERMAL.tau_s} s) of two lumps and a loop, where the paper has one lump`,
    }),
    figure: {
      title: 'PEM, 46 kW stack: cooling with the pump on',
      xLabel: 'time, h',
      xKind: 'number',
      xFromZero: true,
      panels: [
        {
          yLabel: 'stack temperature, °C',
          height: 200,
          lines: [
            { label: 'plant', colour: 'c0', x: hours, y: temperatures },
            {
              label: 'one lump of the published capacity and resistance',
              colour: 'c1',
              stroke: 'dashed',
              x: hours,
              y: hours.map(h => end_degC + (55 - end_degC) * Math.exp((-3600 * h) / GINER_THERMAL.tau_s)),
            },
          ],
        },
      ],
    },
  };
}

/** Published: 104.0 V and 6.06 kW of heat at 400 A, 55 degC, 30 bar, from the same parameters. */
function heatAtLoad(): Row {
  const rig = createPemRig({ ...GINER, startTemperature_degC: 55, random: seededRandom(1) });
  loaded(rig, 400, 55, 29);
  const before_J = rig.truth.heat_J;
  runFor(rig, 600);
  const heat_kW = (rig.truth.heat_J - before_J) / 600e3;
  return row({
    id: 'pem.giner-46kw.heat',
    model: 'PEM, 46 kW stack: heat of the running plant at 400 A, 55 °C, 30 bar',
    reference: '6.06 kW worked out from the published curve',
    error: Math.abs(100 * (heat_kW / 6.06 - 1)),
    tolerance: 20,
    unit: '%',
    basis: 'published formula',
    note:
      `${heat_kW.toFixed(2)} kW at ${rig.truth.stackVoltage_V.toFixed(1)} V (104.0 V) and ${rig.truth.temperature_degC.toFixed(1)} °C, with the ` +
      'spread of the cells and real gas pressures',
  });
}

const FREQUENCIES_HZ = [0.1, 1, 3, 10, 30, 100, 300, 1000, 3000];

/** Spectrum of the warm 500 kW stack without its leads' inductance, against its own answer to a step of current. */
function pulseAndSpectrum(): { readonly rows: Row[]; readonly figure: FigureSpec } {
  const rig = createPemRig({ startTemperature_degC: 60, random: seededRandom(1) });
  const { cell, cells, activeArea_cm2, doubleLayer_F_per_cm2 } = rig.parameters;
  loaded(rig, 500, 60, 0);
  const spectrumOf = (frequencies_Hz: readonly number[]) => {
    const { re_Ohm, im_Ohm } = rig.impedance(Float64Array.from(frequencies_Hz));
    return frequencies_Hz.map((f, k) => ({
      re_Ohm: re_Ohm[k] ?? Number.NaN,
      im_Ohm: (im_Ohm[k] ?? Number.NaN) - 2 * Math.PI * f * PEM_500_KW.inductance_H,
    }));
  };
  const spectrum = spectrumOf(FREQUENCIES_HZ);
  const curve = spectrumOf(decades(0.1, 1e5, 20));
  const temperature_K = kelvin(rig.truth.temperature_degC);
  const slope_V = activationSlope_V(cell, temperature_K);
  const exchange = exchange_A_per_cm2(cell, temperature_K);
  const density = rig.truth.current_A / activeArea_cm2;
  const step = 1e-3 * density;
  const start_V = rig.truth.activation_V;
  // What the run-up has aged: some of the area is covered, the contacts have risen.
  const perArea = 1 / rig.truthOf('ageing.activeArea_frac');
  const resistance = asr_Ohm_cm2(cell, temperature_K) + rig.truthOf('ageing.ohmic_mOhm_cm2') / 1000;
  const time_s = decades(1e-6, 10, 200);
  const response: StepResponse = {
    time_s,
    resistance_Ohm: time_s.map(t => {
      const through = (density + step) * perArea;
      const now_V = doubleLayer_V(start_V, through, exchange, slope_V, doubleLayer_F_per_cm2, t);
      return (cells * (resistance + (now_V - start_V) / step)) / activeArea_cm2;
    }),
  };
  const errors = FREQUENCIES_HZ.map((f, k) =>
    impedanceError_pct(
      impedanceOfStep(response, f),
      spectrum[k] ?? { re_Ohm: Number.NaN, im_Ohm: Number.NaN },
    ),
  );

  // The same at the terminals, through the supply: one percent more current.
  const before = { current_A: rig.truth.current_A, stackVoltage_V: rig.truth.stackVoltage_V };
  setAll(rig, { 'stack.currentSet_A': 505 });
  runFor(rig, 5);
  const terminals_Ohm =
    (rig.truth.stackVoltage_V - before.stackVoltage_V) / (rig.truth.current_A - before.current_A);
  const slow_Ohm = spectrumOf([1])[0]?.re_Ohm ?? Number.NaN;
  const fromPulse = FREQUENCIES_HZ.map(f => impedanceOfStep(response, f));
  return {
    rows: [
      row({
        id: 'pem.500kw.pulse-spectrum',
        model:
          'PEM, 500 kW stack at 0.5 A/cm²: spectrum worked out of the answer of its double layer to a step',
        reference: 'its own spectrum, 0.1 Hz..3 kHz',
        error: Math.max(...errors),
        tolerance: 2,
        unit: '%',
        basis: 'self-consistency, model only',
        note: 'distance in the complex plane over the size of the impedance, nothing fitted; no measured PEM spectrum was at hand',
      }),
      row({
        id: 'pem.500kw.pulse-terminals',
        model: 'PEM, 500 kW plant at 0.5 A/cm²: 1 % more current for 5 s, at the terminals',
        reference: 'real part of its spectrum at 1 Hz',
        error: Math.abs(100 * (terminals_Ohm / slow_Ohm - 1)),
        tolerance: 2,
        unit: '%',
        basis: 'self-consistency, model only',
        note: `${(1000 * terminals_Ohm).toFixed(3)} mΩ from the pulse, ${(1000 * slow_Ohm).toFixed(3)} mΩ from the spectrum`,
      }),
    ],
    figure: {
      title: 'PEM, 500 kW stack at 0.5 A/cm²: impedance (model only)',
      xLabel: 'real part, mΩ',
      xKind: 'number',
      panels: [
        {
          yLabel: 'minus imaginary part, mΩ',
          height: 220,
          fromZero: true,
          lines: [
            {
              label: 'spectrum of the model, leads left out',
              colour: 'c0',
              x: curve.map(z => 1000 * z.re_Ohm),
              y: curve.map(z => -1000 * z.im_Ohm),
            },
            {
              label: 'worked out of its pulse',
              colour: 'c1',
              stroke: 'none',
              marks: 'full',
              x: fromPulse.map(z => 1000 * z.re_Ohm),
              y: fromPulse.map(z => -1000 * z.im_Ohm),
            },
          ],
        },
      ],
    },
  };
}

/** Heat and impedance of PEM plants. */
export function pemDynamicsSection(): { readonly rows: Row[]; readonly pictures: FigureSpec[] } {
  const cool = cooling();
  const pulse = pulseAndSpectrum();
  return {
    rows: [cool.row, heatAtLoad(), ...pulse.rows],
    pictures: [cool.figure, pulse.figure],
  };
}
