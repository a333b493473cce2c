import type { FigureSpec, Line } from '../../../dashboards/report/figure.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { HYDRIDE_MODEL } from '../../../sim/plant/hydride/model.ts';
import { GAS_CONSTANT_J_PER_MOL_K, ZERO_DEGC_K } from '../../../sim/plant/parts/constants.ts';
import { H2_G_PER_MOL, h2Compressibility, h2InVolume_mol } from '../../../sim/plant/parts/hydrogen.ts';
import { type PlantRig, VESSEL_SUBJECT } from '../../../sim/plant/parts/model.ts';
import { H2_CHECKS, type Isotherm, LANI5_ISOTHERMS } from '../reference/hydride.ts';
import { runFor, setAll } from '../rig-run.ts';
import { colour, largest, type Pair, pairsText, type Row, rms, row } from '../row.ts';

const ALLOY_G = 10;
const TANK_L = 0.15;

/** One point as a person works it out from gauges: content, mass %, pressure in bar absolute. */
type PctPoint = readonly [content_pct: number, pressure_bara: number];

/** A measured isotherm: up dose by dose to some 25 bar, and down again. */
interface PctRun {
  readonly up: readonly PctPoint[];
  readonly down: readonly PctPoint[];
}

function content_pct(h2_mol: number): number {
  const h_g = h2_mol * H2_G_PER_MOL;
  return (100 * h_g) / (ALLOY_G + h_g);
}

/** An isotherm by the Sieverts balance from what the rig's sensors show and its two volumes; nothing of the plant's truth. */
function pctRun(temperature_degC: number, parameters: Readonly<Record<string, number>> = {}): PctRun {
  const rig = HYDRIDE_MODEL.create({
    set: 'lani5',
    parameters: { start_degC: temperature_degC, ...parameters },
    subject: VESSEL_SUBJECT,
    random: seededRandom(3),
  });
  const gas_L = rig.truthOf('sample.gasSpace_L');
  const shown = (role: string): number => rig.sensor(rig.sensorIndex(role));
  const tank_mol = (): number =>
    h2InVolume_mol(
      Math.max(0, shown('tank.pressure_bara')),
      shown('tank.temperature_degC') + ZERO_DEGC_K,
      TANK_L,
    );
  const sample_mol = (): number =>
    h2InVolume_mol(
      Math.max(0, shown('sample.pressure_bara')),
      shown('sample.temperature_degC') + ZERO_DEGC_K,
      gas_L,
    );
  let held_mol = 0;
  const dose = (tank_bara: number): PctPoint => {
    setAll(rig, {
      'sample.valveSet_on': 0,
      'tank.pressureRateSet_bar_per_min': 60,
      'tank.pressureSet_barg': tank_bara - 1.01325,
    });
    runFor(rig, 60, 60);
    const before_mol = tank_mol() + sample_mol();
    setAll(rig, { 'sample.valveSet_on': 1 });
    runFor(rig, 900, 900);
    held_mol += before_mol - tank_mol() - sample_mol();
    return [content_pct(held_mol), shown('sample.pressure_bara')];
  };
  // Doses of some 8 % of the capacity while on the plateau: the tank stands so much above the sample.
  const step_bar = 0.1 * 78 * 1e-3 * (25 / TANK_L);
  const up: PctPoint[] = [];
  while ((up.at(-1)?.[1] ?? 0) < 25 && up.length < 60) {
    const now_bara = up.at(-1)?.[1] ?? 0;
    up.push(dose(now_bara + Math.max(step_bar, 0.3 * now_bara)));
  }
  const down: PctPoint[] = [];
  while ((down.at(-1)?.[0] ?? 2) > 0.12 && down.length < 60) {
    const now_bara = down.at(-1)?.[1] ?? up.at(-1)?.[1] ?? 0;
    down.push(dose(Math.max(0.01, now_bara - Math.max(step_bar, 0.3 * now_bara))));
  }
  return { up, down };
}

/** Pressure at a content, between the points by their logarithm. */
function pressureAt(points: readonly PctPoint[], content: number): number {
  const sorted = [...points].sort((a, b) => a[0] - b[0]);
  const above = sorted.findIndex(([w]) => w >= content);
  const [low, high] = [sorted[above - 1], sorted[above]];
  if (low === undefined || high === undefined) return Number.NaN;
  const part = (content - low[0]) / (high[0] - low[0]);
  return Math.exp((1 - part) * Math.log(low[1]) + part * Math.log(high[1]));
}

const branchOf = (run: PctRun, branch: Isotherm['branch']): readonly PctPoint[] =>
  branch === 'absorption' ? run.up : run.down;
/** Between these contents all measured isotherms lie on their plateau, mass %. */
const PLATEAU_PCT = [0.3, 1.25] as const;
const MIDDLE_PCT = 0.78;

function plateauRow(runs: ReadonlyMap<number, PctRun>, branch: Isotherm['branch']): Row {
  const pairs = LANI5_ISOTHERMS.filter(isotherm => isotherm.branch === branch).flatMap(
    ({ temperature_K, points }) => {
      const run = runs.get(temperature_K);
      return points
        .filter(([w]) => w > PLATEAU_PCT[0] && w < PLATEAU_PCT[1])
        .map(([w, p]): Pair => [run === undefined ? Number.NaN : pressureAt(branchOf(run, branch), w), p]);
    },
  );
  const ln = pairs.map(([c, e]): Pair => [100 * Math.log(c), 100 * Math.log(e)]);
  return row({
    id: `hydride.lani5.plateau.${branch}`,
    model: `LaNi5, ${branch} plateaus run on the rig at 273, 298 and 323 K`,
    reference: 'isotherms of Luo et al. 1998 (digitised), 0.3..1.25 mass %',
    error: rms(ln),
    tolerance: 10,
    unit: '% rms',
    basis: 'measured, fitted',
    note: `${pairs.length} points, largest ${largest(ln).toFixed(0)} %; found (measured) bara: ${pairsText(pairs, 2)}`,
  });
}

function capacityRow(runs: ReadonlyMap<number, PctRun>): Row {
  const pairs = ([273, 298, 323] as const).map((temperature_K): Pair => {
    const measured = LANI5_ISOTHERMS.find(
      i => i.temperature_K === temperature_K && i.branch === 'absorption',
    );
    const [w, p] = measured?.points.at(-1) ?? [Number.NaN, Number.NaN];
    const points = runs.get(temperature_K)?.up ?? [];
    const above = points.findIndex(([, bara]) => bara >= p);
    const [low, high] = [points[above - 1], points[above]];
    if (low === undefined || high === undefined) return [Number.NaN, w];
    const part = Math.log(p / low[1]) / Math.log(high[1] / low[1]);
    return [low[0] + part * (high[0] - low[0]), w];
  });
  return row({
    id: 'hydride.lani5.capacity',
    model: 'LaNi5, content found by the Sieverts balance at the highest pressure of each measured isotherm',
    reference: 'Luo et al. 1998 (digitised)',
    error: largest(pairs),
    tolerance: 0.05,
    unit: 'mass %',
    basis: 'measured, fitted',
    note: `3.9, 8.7 and 22.9 bara; found (measured): ${pairsText(pairs, 3)}`,
  });
}

/** Enthalpy, kJ/mol, and entropy, J/(mol K), by van 't Hoff from the middle of the plateaus. */
function vantHoff(points: readonly (readonly [temperature_K: number, pressure_bara: number])[]): Pair {
  const n = points.length;
  const x = points.map(([t]) => 1 / t);
  const y = points.map(([, p]) => Math.log(p));
  const [mx, my] = [x.reduce((a, b) => a + b, 0) / n, y.reduce((a, b) => a + b, 0) / n];
  const slope =
    x.reduce((sum, v, k) => sum + (v - mx) * (y[k] - my), 0) / x.reduce((sum, v) => sum + (v - mx) ** 2, 0);
  return [(slope * GAS_CONSTANT_J_PER_MOL_K) / 1000, -(my - slope * mx) * GAS_CONSTANT_J_PER_MOL_K];
}

const WARM_DEGC = [20, 40, 60, 80] as const;

function vantHoffRows(branch: Isotherm['branch'], warm: ReadonlyMap<number, PctRun>): Row[] {
  const [kJ, J] = vantHoff(
    WARM_DEGC.map(t => {
      const run = warm.get(t);
      return [
        t + ZERO_DEGC_K,
        run === undefined ? Number.NaN : pressureAt(branchOf(run, branch), MIDDLE_PCT),
      ];
    }),
  );
  const declared = new Map(HYDRIDE_MODEL.parameters('lani5').map(({ name, value }) => [name, value]));
  const said_kJ = declared.get(`${branch}_kJ_per_mol`) ?? Number.NaN;
  const said_J = declared.get(`${branch}_J_per_mol_K`) ?? Number.NaN;
  const told = {
    model: `LaNi5, ${branch}: van ’t Hoff line through isotherms run on the rig at 20, 40, 60 and 80 °C, from its sensors`,
    reference: 'what the set declares (fitted to 248..323 K by others)',
    basis: 'self-consistency, model only',
  } as const;
  return [
    row({
      ...told,
      id: `hydride.lani5.enthalpy.${branch}`,
      error: Math.abs(100 * (kJ / said_kJ - 1)),
      tolerance: 2,
      unit: '%',
      note: `${kJ.toFixed(2)} kJ/mol (${said_kJ})`,
    }),
    row({
      ...told,
      id: `hydride.lani5.entropy.${branch}`,
      error: Math.abs(100 * (J / said_J - 1)),
      tolerance: 2,
      unit: '%',
      note: `${J.toFixed(1)} J/(mol K) (${said_J})`,
    }),
  ];
}

/** Bed without any loss of heat, fed at a constant pressure: it stalls where p_abs(T) = p. */
function stallRow(): Row {
  const pairs = [2, 5, 10, 30].map((feed_bara): Pair => {
    const rig: PlantRig = HYDRIDE_MODEL.create({
      set: 'lani5',
      parameters: {
        wallToAir_W_per_K: 0,
        bedToWall_W_per_K: 0,
        tank_mL: 1e6,
        supplyValve_mmol_per_s_bar: 100,
        start_degC: 15,
        startFilling_frac: 0.3,
      },
      subject: VESSEL_SUBJECT,
      random: seededRandom(1),
    });
    setAll(rig, { 'tank.pressureRateSet_bar_per_min': 1000, 'tank.pressureSet_barg': feed_bara - 1.01325 });
    runFor(rig, 1200, 1200);
    setAll(rig, { 'sample.valveSet_on': 1 });
    runFor(rig, 3600, 3600);
    return [
      rig.truthOf('hydride.bed_degC') + ZERO_DEGC_K,
      31_170 / (111.4 - GAS_CONSTANT_J_PER_MOL_K * Math.log(feed_bara)),
    ];
  });
  return row({
    id: 'hydride.lani5.stall',
    model: 'LaNi5 bed without heat losses, fed at 2, 5, 10 and 30 bara',
    reference: 'temperature at which the absorption plateau has that pressure',
    error: largest(pairs),
    tolerance: 2,
    unit: 'K',
    basis: 'model only',
    note: `found (van ’t Hoff) K: ${pairsText(pairs, 1)}; the plateau falls a little towards its poor end`,
  });
}

function realGasRow(): Row {
  const pairs = H2_CHECKS.map(([k, mpa, z]): Pair => [h2Compressibility(k, 10 * mpa), z]);
  return row({
    id: 'hydrogen.compressibility',
    model: 'H2 as a real gas',
    reference: 'check values of Lemmon, Huber, Leachman 2008',
    error: largest(pairs),
    tolerance: 1e-6,
    unit: 'Z',
    basis: 'published formula',
    note: `200 K 1 MPa, 300 K 10 MPa, 400 K 50 MPa, 500 K 200 MPa: ${pairsText(pairs, 7)}`,
  });
}

function isothermFigure(runs: ReadonlyMap<number, PctRun>): FigureSpec {
  const lines = LANI5_ISOTHERMS.flatMap(({ temperature_K, branch, points }, k): Line[] => {
    const run = runs.get(temperature_K);
    const made = run === undefined ? [] : branchOf(run, branch);
    const dashed = branch === 'desorption' ? { stroke: 'dashed' as const } : {};
    return [
      {
        label: `rig, ${temperature_K} K, ${branch}`,
        colour: colour(k >> 1),
        ...dashed,
        x: made.map(([w]) => w),
        y: made.map(([, p]) => Math.log10(Math.max(1e-3, p))),
      },
      {
        label: `Luo et al., ${temperature_K} K, ${branch}`,
        colour: colour(k >> 1),
        stroke: 'none',
        marks: branch === 'absorption' ? 'full' : 'open',
        x: points.map(([w]) => w),
        y: points.map(([, p]) => Math.log10(p)),
      },
    ];
  });
  return {
    title: 'LaNi5: isotherms run on the rig, dose by dose (plateaus fitted by others, ends here)',
    xLabel: 'content, mass % H',
    xKind: 'number',
    xFromZero: true,
    panels: [{ yLabel: 'log10 of pressure in bara', height: 320, lines }],
  };
}

/** Rows and pictures of the hydride bed. */
export function hydrideSection(): { readonly rows: Row[]; readonly pictures: FigureSpec[] } {
  const measured = new Map([273, 298, 323].map(k => [k, pctRun(k - ZERO_DEGC_K)] as const));
  const warm = new Map(WARM_DEGC.map(t => [t, pctRun(t)] as const));
  return {
    rows: [
      realGasRow(),
      plateauRow(measured, 'absorption'),
      plateauRow(measured, 'desorption'),
      capacityRow(measured),
      ...vantHoffRows('absorption', warm),
      ...vantHoffRows('desorption', warm),
      stallRow(),
    ],
    pictures: [isothermFigure(measured)],
  };
}
