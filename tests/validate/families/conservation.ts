import { seededRandom } from '../../../drivers/contract/random.ts';
import { createAlkalineRig } from '../../../sim/plant/alkaline-rig.ts';
import { alkalineSet } from '../../../sim/plant/alkaline-sets.ts';
import { discharge, rest } from '../../../sim/plant/battery-runs.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { FARADAY_C_PER_MOL } from '../../../sim/plant/constants.ts';
import type { ElectrolyserRig } from '../../../sim/plant/electrolyser-rig.ts';
import type { ElectrolyserTruth } from '../../../sim/plant/electrolyser-state.ts';
import { PEM_500_KW } from '../../../sim/plant/pem-500kw.ts';
import { createPemRig } from '../../../sim/plant/pem-rig.ts';
import { spme } from '../../../sim/plant/spme-model.ts';
import { runFor, setAll } from '../rig-run.ts';
import { type Row, row } from '../row.ts';

interface Plant {
  readonly id: string;
  readonly name: string;
  readonly cells: number;
  readonly nominal_A: number;
  readonly step_s: number;
  readonly pressure_barg: number;
  create(step_s: number): ElectrolyserRig;
}

const SANCHEZ = alkalineSet('sanchez-15kw');

const PLANTS: readonly Plant[] = [
  {
    id: 'pem',
    name: 'PEM, 500 kW plant',
    cells: PEM_500_KW.cells,
    nominal_A: PEM_500_KW.currentNominal_A,
    step_s: PEM_500_KW.step_s,
    pressure_barg: 10,
    create: step_s => createPemRig({ step_s, startTemperature_degC: 50, random: seededRandom(1) }),
  },
  {
    id: 'alkaline',
    name: 'alkaline, 15 kW plant',
    cells: SANCHEZ.subject.cells,
    nominal_A: SANCHEZ.subject.currentNominal_A,
    step_s: PEM_500_KW.step_s,
    pressure_barg: 6,
    create: step_s =>
      createAlkalineRig({
        set: 'sanchez-15kw',
        plant: { step_s, startTemperature_degC: 50 },
        random: seededRandom(1),
      }),
  },
];

/** Two hours of load steps under pressure, a stop included; looks at the plant every 10 s. */
function loadCycle({ nominal_A, pressure_barg }: Plant, rig: ElectrolyserRig, look: () => void): void {
  setAll(rig, {
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': 60,
    'cathode.pressureSet_barg': pressure_barg,
    'stack.voltageSet_V': 1000,
    'stack.powerSet_W': 1e6,
    'stack.outputSet_on': 1,
  });
  for (const load_frac of [0.3, 1, 0.5, 0, 0.8, 0.2, 1, 0.6]) {
    setAll(rig, { 'stack.currentSet_A': load_frac * nominal_A });
    for (let k = 0; k < 90; k++) {
      runFor(rig, 10);
      look();
    }
  }
}

/** What does not add up, part of what went through: charge, H2, O2, N2, energy. */
function imbalances(
  t: Readonly<ElectrolyserTruth>,
  start: ElectrolyserTruth,
  cells: number,
): readonly (readonly [string, number])[] {
  const h2 = t.cathodeH2_mol + t.anodeH2_mol + t.h2Out_mol + t.h2Oxidised_mol + 2 * t.o2Recombined_mol;
  const o2 = t.cathodeO2_mol + t.anodeO2_mol + t.o2Out_mol + t.o2Recombined_mol;
  const o2Made = start.cathodeO2_mol + start.anodeO2_mol + (t.h2Made_mol - t.h2Oxidised_mol) / 2;
  const n2 = t.cathodeN2_mol + t.anodeN2_mol + t.n2Out_mol;
  const n2Start = start.cathodeN2_mol + start.anodeN2_mol + t.n2In_mol;
  const charge = (t.h2Made_mol * 2 * FARADAY_C_PER_MOL) / cells + t.doubleLayer_C + t.leaked_C;
  const into_J = t.electric_J + t.heater_J + t.pump_J;
  const out_J = t.chemical_J + t.doubleLayer_J + t.stored_J + t.cooler_J + t.loss_J;
  return [
    ['charge', Math.abs(charge / t.charge_C - 1)],
    ['H2', Math.abs(h2 / t.h2Made_mol - 1)],
    ['O2', Math.abs(o2 / o2Made - 1)],
    ['N2', Math.abs(n2 / n2Start - 1)],
    ['energy', Math.abs(out_J / into_J - 1)],
  ];
}

function balance(plant: Plant): Row {
  const rig = plant.create(plant.step_s);
  const start = { ...rig.truth };
  loadCycle(plant, rig, () => {});
  const parts = imbalances(rig.truth, start, plant.cells);
  return row({
    id: `balance.${plant.id}`,
    model: `${plant.name}: charge, atoms and energy over two hours of load steps`,
    reference: 'what went in',
    error: Math.max(...parts.map(([, part]) => part)),
    tolerance: 1e-8,
    unit: 'relative',
    basis: 'self-consistency, model only',
    note: `${parts.map(([name, part]) => `${name} ${part.toExponential(1)}`).join(', ')}; over random inputs: property tests`,
  });
}

function halfStep(plant: Plant): Row[] {
  const looked = [plant.step_s, plant.step_s / 2].map(step_s => {
    const rig = plant.create(step_s);
    const seen: {
      readonly volts: number;
      readonly degC: number;
      readonly bar: number;
      readonly pct: number;
    }[] = [];
    loadCycle(plant, rig, () =>
      seen.push({
        volts: rig.truth.cellVoltage_V,
        degC: rig.truth.temperature_degC,
        bar: rig.truth.cathode_bara,
        pct: rig.truth.h2InO2_vol_pct,
      }),
    );
    return seen;
  });
  const [whole = [], half = []] = looked;
  const differ = (read: (at: (typeof whole)[number]) => number): number =>
    Math.max(...whole.map((at, k) => Math.abs(read(at) - read(half[k] ?? at))));
  // Looked at every 10 s, 90 times in each load step.
  const swept = whole.map((at, k) => [at.pct, (half[k] ?? at).pct] as const).filter((_, k) => k % 90 >= 6);
  const told = {
    model: `${plant.name}: the same two hours in steps of ${plant.step_s} s`,
    reference: `in steps of ${plant.step_s / 2} s, compared every 10 s`,
    basis: 'self-consistency, model only',
    note: `load steps, a stop, ${plant.pressure_barg} bar(g)`,
  } as const;
  return [
    row({
      ...told,
      id: `half-step.${plant.id}.voltage`,
      error: 1000 * differ(at => at.volts),
      tolerance: 2,
      unit: 'mV per cell',
    }),
    row({
      ...told,
      id: `half-step.${plant.id}.temperature`,
      error: differ(at => at.degC),
      tolerance: 0.1,
      unit: 'K',
    }),
    row({
      ...told,
      id: `half-step.${plant.id}.pressure`,
      error: differ(at => at.bar),
      tolerance: 0.1,
      unit: 'bar',
    }),
    row({
      ...told,
      id: `half-step.${plant.id}.h2-in-o2`,
      error: Math.max(
        ...swept.map(
          ([whole_pct, half_pct]) => (100 * Math.abs(whole_pct - half_pct)) / Math.max(0.5, half_pct),
        ),
      ),
      tolerance: 2,
      unit: '% of the reading',
      note:
        `${told.note}; of 0.5 vol% where it is lower, from 60 s after each load step on (before, the gas is swept out within seconds: ` +
        `there ${differ(at => at.pct).toFixed(2)} vol% of up to ${Math.max(...whole.map(at => at.pct)).toFixed(0)} vol%)`,
    }),
  ];
}

function cell(): Row[] {
  const model = spme(CHEN2020);
  const start = { lithium_Ah: model.lithium_Ah(), salt_mol: model.salt_mol() };
  discharge(model, 10, CHEN2020.lower_V, 1);
  rest(model, 3600, 1);
  const lithium = Math.abs(model.lithium_Ah() / start.lithium_Ah - 1);
  const salt = Math.abs(model.salt_mol() / start.salt_mol - 1);
  const runs = [1, 0.5].map(dt_s => discharge(spme(CHEN2020), 10, CHEN2020.lower_V, dt_s));
  const differ_mV = Math.max(
    ...Array.from({ length: 150 }, (_, k) => 10 * (k + 1)).map(t => {
      const [whole, half] = runs.map(run => run.voltageAt(t));
      return 1000 * Math.abs((whole ?? Number.NaN) - (half ?? Number.NaN));
    }),
  );
  return [
    row({
      id: 'balance.spme',
      model: 'SPMe, Chen2020: lithium and salt over a 2C discharge and a rest',
      reference: 'what was there',
      error: Math.max(lithium, salt),
      tolerance: 1e-8,
      unit: 'relative',
      basis: 'self-consistency, model only',
      note: `lithium ${lithium.toExponential(1)}, salt ${salt.toExponential(1)}`,
    }),
    row({
      id: 'half-step.spme.voltage',
      model: 'SPMe, Chen2020: 2C discharge in steps of 1 s, default mesh',
      reference: 'in steps of 0.5 s, from 10 s to 1500 s',
      error: differ_mV,
      tolerance: 0.5,
      unit: 'mV',
      basis: 'self-consistency, model only',
      note: 'the model declares 0.5 mV against 0.1 s steps for loads up to 2C',
    }),
  ];
}

/** What is conserved, and what half the step changes. */
export function conservationRows(): Row[] {
  return [...PLANTS.flatMap(plant => [balance(plant), ...halfStep(plant)]), ...cell()];
}
