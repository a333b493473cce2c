import { ZERO_DEGC_K } from '../parts/constants.ts';
import { type ProtonicMembrane, protonicOpenCircuit, protonicPoint, protonicState } from './cell.ts';

/**
 * Voltage and proton current of a proton-ceramic cell over current density, temperature and pressure, worked out once
 * from its equations. Against them: 3 mV and 0.01 A/cm2 + 1 % between 400 and 600 degC, 1 and 30 bar, up to 2 A/cm2.
 */
export interface ProtonicMap {
  /** Current densities of the nodes, A/cm2, from 0, closer at low load. */
  readonly density_A_per_cm2: Float64Array;
  /**
   * Fills the cell voltage (V) and the proton current density (A/cm2, below 0 near open circuit: the leakage then
   * takes H2) of all nodes at a temperature and an absolute pressure; outside the map the nearest is taken.
   */
  row(
    temperature_K: number,
    pressure_bara: number,
    voltage_V: Float64Array,
    proton_A_per_cm2: Float64Array,
  ): void;
}

const DENSITIES = 56;
const HIGHEST_A_PER_CM2 = 3;
/** Coldest row of the map. */
export const COLDEST_DEGC = 350;
const STEP_K = 20;
const TEMPERATURES = 15;
const LOWEST_BAR = 0.8;
const PRESSURE_FACTOR = 1.7;
const PRESSURES = 8;
/** Proton currents at which the equations are solved at each temperature and pressure. */
const SOLVED = 64;

/** Solves the cell on a grid; takes some ten milliseconds. */
export function protonicMap(membrane: ProtonicMembrane): ProtonicMap {
  const density = Float64Array.from(
    { length: DENSITIES },
    (_, k) => HIGHEST_A_PER_CM2 * (k / (DENSITIES - 1)) ** 2,
  );
  const volts = new Float64Array(TEMPERATURES * PRESSURES * DENSITIES);
  const protons = new Float64Array(volts.length);
  for (let t = 0; t < TEMPERATURES; t++)
    for (let p = 0; p < PRESSURES; p++)
      solveLine(
        membrane,
        COLDEST_DEGC + t * STEP_K + ZERO_DEGC_K,
        LOWEST_BAR * PRESSURE_FACTOR ** p,
        density,
        (t * PRESSURES + p) * DENSITIES,
        volts,
        protons,
      );
  return {
    density_A_per_cm2: density,
    row(temperature_K, pressure_bara, voltage_V, proton_A_per_cm2) {
      const x = inside((temperature_K - ZERO_DEGC_K - COLDEST_DEGC) / STEP_K, TEMPERATURES - 1);
      const y = inside(
        Math.log(Math.max(pressure_bara, LOWEST_BAR) / LOWEST_BAR) / Math.log(PRESSURE_FACTOR),
        PRESSURES - 1,
      );
      const t = Math.min(TEMPERATURES - 2, Math.floor(x));
      const p = Math.min(PRESSURES - 2, Math.floor(y));
      const a = x - t;
      const b = y - p;
      const cold = (t * PRESSURES + p) * DENSITIES;
      const warm = cold + PRESSURES * DENSITIES;
      const c00 = (1 - a) * (1 - b);
      const c01 = (1 - a) * b;
      const c10 = a * (1 - b);
      const c11 = a * b;
      for (let k = 0; k < DENSITIES; k++) {
        voltage_V[k] =
          c00 * volts[cold + k] +
          c01 * volts[cold + DENSITIES + k] +
          c10 * volts[warm + k] +
          c11 * volts[warm + DENSITIES + k];
        proton_A_per_cm2[k] =
          c00 * protons[cold + k] +
          c01 * protons[cold + DENSITIES + k] +
          c10 * protons[warm + k] +
          c11 * protons[warm + DENSITIES + k];
      }
    },
  };
}

/** One line of the map: solves at rising proton currents, then finds the nodes of total current between them. */
function solveLine(
  membrane: ProtonicMembrane,
  temperature_K: number,
  pressure_bara: number,
  density: Float64Array,
  at: number,
  volts: Float64Array,
  protons: Float64Array,
): void {
  const point = protonicPoint(membrane, temperature_K, pressure_bara);
  const open = protonicOpenCircuit(membrane, point);
  const rest = -open.leakage_A_per_cm2;
  const span = 0.999 * membrane.anodeLimitForward_A_per_cm2 - rest;
  let k = 0;
  let before = 0;
  let beforeProton = rest;
  let beforeVolt = open.voltage_V;
  for (let s = 1; s <= SOLVED && k < density.length; s++) {
    const proton = rest + span * (s / SOLVED) ** 2;
    const { voltage_V, leakage_A_per_cm2 } = protonicState(membrane, point, proton);
    const total = proton + leakage_A_per_cm2;
    // Behind the last solution its slope goes on.
    while (k < density.length && (density[k] <= total || s === SOLVED)) {
      const part = (density[k] - before) / (total - before);
      volts[at + k] = beforeVolt + part * (voltage_V - beforeVolt);
      protons[at + k] = beforeProton + Math.min(1, part) * (proton - beforeProton);
      k++;
    }
    before = total;
    beforeProton = proton;
    beforeVolt = voltage_V;
  }
}

function inside(x: number, most: number): number {
  return x > 0 ? Math.min(x, most) : 0;
}

/** Value at x between the nodes of a table (xs rising); goes on straight behind the last. */
export function between(xs: Float64Array, ys: Float64Array, x: number): number {
  const k = segmentOf(xs, x);
  return ys[k] + ((ys[k + 1] - ys[k]) * (x - xs[k])) / (xs[k + 1] - xs[k]);
}

/** Number of the segment of rising nodes that x lies in; the first or last if it lies outside. */
export function segmentOf(xs: Float64Array, x: number): number {
  let low = 0;
  let high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
}
