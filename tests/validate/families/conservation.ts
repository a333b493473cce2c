import { seededRandom } from '../../../drivers/contract/random.ts';
import { AEM_SUBJECT, createAemRig } from '../../../sim/plant/aem/model.ts';
import { createAlkalineRig } from '../../../sim/plant/alkaline/rig.ts';
import { alkalineSet } from '../../../sim/plant/alkaline/sets.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { discharge, rest } from '../../../sim/plant/cell/battery-runs.ts';
import type { ElectrolyserRig } from '../../../sim/plant/electrolyser/rig.ts';
import type { PlantSubject } from '../../../sim/plant/parts/model.ts';
import { createPcecRig, PCEC_SUBJECT } from '../../../sim/plant/pcec/model.ts';
import { PEM_500_KW } from '../../../sim/plant/pem/pem-500kw.ts';
import { createPemRig } from '../../../sim/plant/pem/rig.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { electrolyserBalances } from '../electrolyser-balances.ts';
import { runFor, setAll } from '../rig-run.ts';
import { type Row, row } from '../row.ts';

interface Plant {
  readonly id: string;
  readonly name: string;
  readonly subject: PlantSubject;
  /** The step it takes by itself. */
  readonly step_s: number;
  readonly temperature_degC: number;
  readonly pressure_barg: number;
  create(plant: { readonly step_s: number; readonly startTemperature_degC: number }): ElectrolyserRig;
}

const SANCHEZ = alkalineSet('sanchez-15kw');

const PLANTS: readonly Plant[] = [
  {
    id: 'pem',
    name: 'PEM, 500 kW plant',
    subject: PEM_500_KW,
    step_s: PEM_500_KW.step_s,
    temperature_degC: 60,
    pressure_barg: 10,
    create: plant => createPemRig({ ...plant, random: seededRandom(1) }),
  },
  {
    id: 'alkaline',
    name: 'alkaline, 15 kW plant',
    subject: SANCHEZ.subject,
    step_s: 1,
    temperature_degC: 60,
    pressure_barg: 6,
    create: plant => createAlkalineRig({ set: SANCHEZ.name, plant, random: seededRandom(1) }),
  },
  {
    id: 'aem',
    name: 'AEM, 2.3 kW plant',
    subject: AEM_SUBJECT,
    step_s: 1,
    temperature_degC: 55,
    pressure_barg: 10,
    create: plant => createAemRig({ plant, random: seededRandom(1) }),
  },
  {
    id: 'pcec',
    name: 'proton-ceramic, 10-cell plant',
    subject: PCEC_SUBJECT,
    step_s: 1,
    temperature_degC: 550,
    pressure_barg: 5,
    create: plant => createPcecRig({ plant, random: seededRandom(1) }),
  },
];

/** In each load step the plant is looked at so many times, 10 s apart; from this one on it has settled. */
const LOOKS = 90;
const SETTLED = 12;

/** A plant that is some 10 K short of its temperature. */
function created(plant: Plant, step_s: number): ElectrolyserRig {
  return plant.create({ step_s, startTemperature_degC: plant.temperature_degC - 10 });
}

/** Two hours of load steps under pressure, a stop included; looks at the plant every 10 s. */
function loadCycle(plant: Plant, rig: ElectrolyserRig, look: () => void): void {
  setAll(rig, {
    'water.pumpSet_on': 1,
    'stack.temperatureSet_degC': plant.temperature_degC,
    'cathode.pressureSet_barg': plant.pressure_barg,
    'stack.voltageSet_V': 1000,
    'stack.powerSet_W': 1e6,
    'stack.outputSet_on': 1,
  });
  for (const load_frac of [0.3, 1, 0.5, 0, 0.8, 0.2, 1, 0.6]) {
    setAll(rig, { 'stack.currentSet_A': load_frac * plant.subject.currentNominal_A });
    for (let k = 0; k < LOOKS; k++) {
      runFor(rig, 10);
      look();
    }
  }
}

function balance(plant: Plant): Row {
  const rig = created(plant, plant.step_s);
  const start = { ...rig.truth };
  loadCycle(plant, rig, () => {});
  const parts = electrolyserBalances(rig.truth, start, plant.subject.cells).map(
    ({ what, found, expected }) => [what, Math.abs(found / expected - 1)] as const,
  );
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
    const rig = created(plant, step_s);
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
  const pairs = whole.map((at, k) => [at, half[k] ?? at] as const);
  // Right after a load step the difference is half a step of time, which says nothing about the model.
  const settled = pairs.filter((_, k) => k % LOOKS >= SETTLED);
  type Read = (at: (typeof whole)[number]) => number;
  const differ = (read: Read, among = settled): number =>
    Math.max(...among.map(([one, other]) => Math.abs(read(one) - read(other))));
  const compared = (
    id: string,
    error: number,
    tolerance: number,
    unit: string,
    readIn: string,
    read: Read,
  ): Row =>
    row({
      id: `half-step.${plant.id}.${id}`,
      model: `${plant.name}: the same two hours in steps of ${plant.step_s} s`,
      reference: `in steps of ${plant.step_s / 2} s`,
      error,
      tolerance,
      unit,
      basis: 'self-consistency, model only',
      note:
        `load steps and a stop at ${plant.pressure_barg} bar(g), looked at every 10 s from ${10 * SETTLED} s after each step on; ` +
        `right after a step up to ${differ(read, pairs).toPrecision(2)} of ${Number(Math.max(...whole.map(read)).toPrecision(3))} ${readIn}`,
    });
  const pct: Read = at => at.pct;
  const relative_pct = Math.max(
    ...settled.map(([one, other]) => (100 * Math.abs(one.pct - other.pct)) / Math.max(0.5, other.pct)),
  );
  const volts: Read = at => 1000 * at.volts;
  const rows = [
    compared('voltage', differ(volts), 1, 'mV per cell', 'mV', volts),
    compared(
      'temperature',
      differ(at => at.degC),
      0.1,
      'K',
      '°C',
      at => at.degC,
    ),
    compared(
      'pressure',
      differ(at => at.bar),
      0.05,
      'bar',
      'bar',
      at => at.bar,
    ),
  ];
  // No H2 comes through a proton-ceramic membrane.
  const hasCrossover = whole.some(at => at.pct > 0);
  return hasCrossover
    ? [...rows, compared('h2-in-o2', relative_pct, 2, '% of the reading', 'vol%', pct)]
    : rows;
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
