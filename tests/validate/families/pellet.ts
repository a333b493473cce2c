import { seededRandom } from '../../../drivers/contract/random.ts';
import { parseCircuit } from '../../../profiles/spectrum/circuit.ts';
import { fitCircuit } from '../../../profiles/spectrum/circuit-fit.ts';
import { GAS_CONSTANT_J_PER_MOL_K } from '../../../sim/plant/parts/constants.ts';
import { PELLET_MODEL } from '../../../sim/plant/pellet/model.ts';
import { type PelletParameters, pellet } from '../../../sim/plant/pellet/pellet.ts';
import { runFor, setAll } from '../rig-run.ts';
import { kelvin, largest, largest_pct, type Pair, pairsText, type Row, row } from '../row.ts';
import { decades, impedanceError_pct } from '../step-response.ts';

const AREA_CM2 = (Math.PI / 4) * 1.2 ** 2;
const ARRHENIUS = { vanishes_K: 0, activation_J_per_mol: 36_000 };
/** 12 mm, 1 mm thick, 5e-6 S s^0.9 in all at the electrodes. */
const PELLET: Omit<PelletParameters, 'bulk' | 'boundary'> = {
  bulk_F: 50e-12,
  boundary_F: 2e-9,
  electrode_S_sn_per_cm2: 1e-5 / AREA_CM2,
  electrodeExponent_1: 0.9,
  electronic_S_per_cm: 0,
  thickness_cm: 0.1,
  area_cm2: AREA_CM2,
  validity_degC: [0, 100],
  window_V: 1,
  heat: { cell_J_per_K: 1, cellToHolder_W_per_K: 0.5, holder_J_per_K: 150, holderToAir_W_per_K: 0.3 },
};

/** Worked out apart from the plant, with the fractional element itself instead of a ladder: [Hz, Re, Im] in Ohm. */
const CIRCUITS: readonly {
  readonly name: string;
  readonly made: PelletParameters;
  readonly points: readonly (readonly [hz: number, re_Ohm: number, im_Ohm: number])[];
}[] = [
  {
    name: 'garnet, bulk 5e-4 S/cm and boundaries',
    made: {
      ...PELLET,
      bulk: { at25_S_per_cm: 5e-4, ...ARRHENIUS },
      boundary: { at25_S_per_cm: 1e-3, ...ARRHENIUS },
    },
    points: [
      [1e6, 215.9, -53.9],
      [1e5, 264.4, -11.9],
      [1e4, 266.7, -10.6],
      [1e3, 277.2, -75.5],
      [10, 1018.6, -4756.5],
    ],
  },
  {
    name: 'sulphide, 2e-3 S/cm',
    made: { ...PELLET, bulk_F: 20e-12, bulk: { at25_S_per_cm: 2e-3, ...ARRHENIUS }, boundary: undefined },
    points: [
      [1e6, 44.2, -0.4],
      [1e5, 44.4, -1.2],
      [1e4, 45.7, -9.5],
      [1e3, 56.2, -75.4],
      [10, 797.6, -4756.5],
    ],
  },
];

function spectrumRow(): Row {
  const errors = CIRCUITS.flatMap(({ made, points }) => {
    const { re_Ohm, im_Ohm } = pellet(made, 25).impedance(Float64Array.from(points, ([f]) => f));
    return points.map(([, re, im], k) =>
      impedanceError_pct({ re_Ohm: re_Ohm[k], im_Ohm: im_Ohm[k] }, { re_Ohm: re, im_Ohm: im }),
    );
  });
  return row({
    id: 'pellet.spectrum',
    model: 'solid-electrolyte pellet, its spectrum from 10 Hz to 1 MHz',
    reference: 'the same circuit with the constant phase element itself',
    error: Math.max(...errors),
    tolerance: 0.5,
    unit: '%',
    basis: 'model only',
    note: `${CIRCUITS.map(c => c.name).join('; ')}; distance over size, %: ${errors.map(e => e.toFixed(2)).join(', ')}`,
  });
}

/** V(t) at constant current into a blocked cell. */
function blockedRow(): Row {
  const cell = pellet(CIRCUITS[0].made, 25);
  const current_A = 1e-6;
  let now_s = 0;
  const pairs: Pair[] = [];
  for (const t_s of decades(1e-4, 10, 100)) {
    cell.prepare(t_s - now_s);
    cell.take(current_A);
    now_s = t_s;
    // Gamma(1.9) = 0.961766.
    if (t_s > 1e-2)
      pairs.push([cell.state.voltage_V, current_A * (265.258 + t_s ** 0.9 / (5e-6 * 0.961_766))]);
  }
  return row({
    id: 'pellet.blocked',
    model: 'solid-electrolyte pellet at 1 µA, 10 ms..10 s',
    reference: 'R I + I t^n / (Q Γ(1 + n)), the answer of the same circuit in closed form',
    error: largest_pct(pairs),
    tolerance: 1,
    unit: '%',
    basis: 'published formula',
    note: `${pairs.length} times; ends at ${(pairs.at(-1)?.[0] ?? Number.NaN).toFixed(3)} V (${(pairs.at(-1)?.[1] ?? Number.NaN).toFixed(3)} V)`,
  });
}

const TEMPERATURES_DEGC = [0, 20, 40, 60, 80] as const;

/** Total conductivity at each temperature, S/cm, from spectra of the rig in its chamber, by the circuit fit. */
function conductivities(set: string, circuit: string): number[] {
  const frequency_Hz = Float64Array.from(decades(10, circuit === 'R0-CPE1' ? 1e5 : 3e6, 8));
  const rig = PELLET_MODEL.create({
    set,
    parameters: {},
    subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: 1e-5 },
    random: seededRandom(5),
  });
  return TEMPERATURES_DEGC.map(t => {
    setAll(rig, { 'chamber.temperatureSet_degC': t });
    runFor(rig, 4 * 3600, 3600);
    const { re_Ohm, im_Ohm } = rig.impedance(frequency_Hz);
    const parsed = parseCircuit(circuit);
    const fit = fitCircuit({ frequency_Hz, re: re_Ohm, im: im_Ohm }, parsed);
    const total_Ohm = parsed.figures.reduce(
      (sum, figure, k) => sum + (figure.role === 'resistance' ? fit.values[k] : 0),
      0,
    );
    return 0.1 / (AREA_CM2 * total_Ohm);
  });
}

/** Activation energy of s T by a straight line, kJ/mol. */
function activation_kJ(conductivity_S_per_cm: readonly number[]): number {
  const x = TEMPERATURES_DEGC.map(t => 1 / kelvin(t));
  const y = conductivity_S_per_cm.map((s, k) => Math.log(s * kelvin(TEMPERATURES_DEGC[k])));
  const [mx, my] = [x, y].map(v => v.reduce((a, b) => a + b, 0) / v.length);
  const slope =
    x.reduce((sum, v, k) => sum + (v - mx) * (y[k] - my), 0) / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  return (-slope * GAS_CONSTANT_J_PER_MOL_K) / 1000;
}

/** Published totals at 25 degC, S/cm. */
const PUBLISHED = { 'llzo-ta': 7.3e-4, latp: 7.2e-4, li6ps5cl: 2.05e-3 } as const;

function recoveredRows(): Row[] {
  const found = {
    // Its arcs lie above what is swept: one resistance, as a person would take it.
    'llzo-ta': conductivities('llzo-ta', 'R0-CPE1'),
    latp: conductivities('latp', 'R0-p(R1,C1)-CPE1'),
    li6ps5cl: conductivities('li6ps5cl', 'R0-CPE1'),
  };
  const at25 = Object.entries(found).map(([name, s]): Pair => {
    // Between 20 and 40 degC by the line of ln(s T) over 1/T.
    const [a, b] = [kelvin(20), kelvin(40)];
    const part = (1 / a - 1 / kelvin(25)) / (1 / a - 1 / b);
    const ln = (1 - part) * Math.log(s[1] * a) + part * Math.log(s[2] * b);
    return [1000 * (Math.exp(ln) / kelvin(25)), 1000 * PUBLISHED[name as keyof typeof PUBLISHED]];
  });
  const declared = PELLET_MODEL.parameters('li6ps5cl').find(p => p.name === 'bulk_kJ_per_mol');
  const sulphide: Pair = [activation_kJ(found.li6ps5cl), declared?.value ?? Number.NaN];
  return [
    row({
      id: 'pellet.conductivity',
      model:
        'pellets of LLZO-Ta, LATP and Li6PS5Cl: conductivity at 25 °C from a circuit fitted to spectra of the rig',
      reference: 'published totals (OBELiX), to which the sets are made',
      error: largest_pct(at25),
      tolerance: 2,
      unit: '%',
      basis: 'measured, fitted',
      note: `found (published) mS/cm: ${pairsText(at25, 3)}`,
    }),
    row({
      id: 'pellet.activation',
      model: 'pellet of Li6PS5Cl: activation energy from spectra of the rig at 0..80 °C',
      reference: 'what the set declares (recalled)',
      error: largest([sulphide]),
      tolerance: 0.3,
      unit: 'kJ/mol',
      basis: 'self-consistency, model only',
      note:
        `${sulphide[0].toFixed(2)} (${sulphide[1].toFixed(2)}) kJ/mol; of the totals of LLZO-Ta ${activation_kJ(found['llzo-ta']).toFixed(1)}, ` +
        `of LATP ${activation_kJ(found.latp).toFixed(1)} kJ/mol, between those of bulk and boundaries`,
    }),
  ];
}

/** Rows of the solid-electrolyte pellet. */
export function pelletRows(): Row[] {
  return [spectrumRow(), blockedRow(), ...recoveredRows()];
}
