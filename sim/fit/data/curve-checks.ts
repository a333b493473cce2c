import { FileError } from '../../../drivers/contract/yaml-file.ts';
import type { PlantSubject } from '../../plant/parts/model.ts';
import type { FitData } from '../fit-data.ts';
import type { CurrentSign } from './current-sign.ts';

/** A polarisation curve whose current or voltage cannot be what its column says. */

/** Between these a cell of an electrolyser stands under load, V. */
const CELL_LEAST_V = 0.5;
const CELL_MOST_V = 5;
/** A curve ends at some part of the nominal current; below the first part it may be a density, above the second mA. */
const SMALL_FRAC = 0.1;
const LARGE_FRAC = 5;
const CURVE_FRAC: readonly [number, number] = [0.1, 3];

/** A current below this part of the largest is none: what stands there is a rest voltage. */
const REST_FRAC = 1e-6;

/** The curve with its current positive into the stack. @throws FileError for volts of no cell and for a density called current */
export function checkedCurve(read: FitData, subject: PlantSubject, said: CurrentSign | undefined): FitData {
  const data = underLoad(read);
  refuseVolts(data, subject);
  const name = data.columns.has('current_A') ? 'current_A' : 'current_A_per_cm2';
  const current = data.columns.get(name) ?? new Float64Array(0);
  const isTurned =
    said === undefined ? current.every(i => i <= 0) && current.some(i => i < 0) : said === 'discharge';
  refuseDensity(data, subject);
  refuseKelvin(data);
  refuseOnePoint(data, current);
  if (!isTurned) return data;
  const columns = new Map(data.columns).set(
    name,
    current.map(i => -i),
  );
  const note = `sign of ${name} turned: positive is into the stack`;
  return { ...data, columns, notes: [...data.notes, note] };
}

/** Without the rows at 0 A: a stack at rest is not on its curve, it discharges itself. */
function underLoad(data: FitData): FitData {
  const current = data.columns.get('current_A') ?? data.columns.get('current_A_per_cm2');
  const most = current?.reduce((a, i) => Math.max(a, Math.abs(i)), 0) ?? 0;
  const kept = [...(current ?? []).keys()].filter(i => Math.abs(current?.[i] ?? 0) > REST_FRAC * most);
  if (most === 0 || kept.length === data.rows) return data;
  const columns = [...data.columns].map(
    ([name, values]) => [name, Float64Array.from(kept, i => values[i])] as const,
  );
  const out = data.rows - kept.length;
  return {
    ...data,
    rows: kept.length,
    lines: kept.map(i => data.lines[i]),
    columns: new Map(columns),
    notes: [...data.notes, `${out === 1 ? 'the row' : `${out} rows`} at 0 A left out: no point of the curve`],
  };
}

/** A curve that ends far from the nominal current, but is a whole one if its numbers are A/cm2, mA/cm2 or mA. */
function refuseDensity({ path, columns, headerLine }: FitData, subject: PlantSubject): void {
  const { currentNominal_A, activeArea_cm2 } = subject;
  const most = columns.get('current_A')?.reduce((a, i) => Math.max(a, Math.abs(i)), 0) ?? Number.NaN;
  const frac = most / currentNominal_A;
  if (!(frac < SMALL_FRAC || frac > LARGE_FRAC)) return;
  const others = [
    ['current_A_per_cm2', 'A/cm2', activeArea_cm2],
    ['current_mA_per_cm2', 'mA/cm2', activeArea_cm2 / 1000],
    ['current_mA', 'mA', 1e-3],
  ] as const;
  const fitting = others.filter(([, , a]) => frac * a > CURVE_FRAC[0] && frac * a < CURVE_FRAC[1]);
  if (fitting.length === 0) return;
  throw new FileError(
    path,
    headerLine,
    `current_A ends at ${most} A, ${Number((100 * frac).toPrecision(2))} % of the nominal current; expected ${fitting.map(([name, unit]) => `a column ${name} if it is ${unit}`).join(', ')}, or --nominal with the current to which the curve goes`,
  );
}

/** Between these a temperature is one of liquid water in K, and none of a cell with water in degC. */
const KELVIN: readonly [number, number] = [273.15, 423.15];

function refuseKelvin({ path, columns, lines }: FitData): void {
  const temperature = columns.get('temperature_degC');
  if (temperature === undefined || !temperature.every(t => t >= KELVIN[0] && t <= KELVIN[1])) return;
  throw new FileError(
    path,
    lines[0],
    `temperature_degC ${temperature[0]} looks like kelvin, expected degC (${Number((temperature[0] - 273.15).toFixed(2))}?)`,
  );
}

/** The same point over and over tells one figure at most, and how well it repeats. */
function refuseOnePoint({ path, columns, headerLine }: FitData, current: Float64Array): void {
  if (current.length < 2 || [...columns.values()].some(values => values.some(v => v !== values[0]))) return;
  throw new FileError(
    path,
    headerLine,
    `${current.length} points that are one and the same, expected points of a curve`,
  );
}

/** Volts of the whole stack under the name of a cell, or the other way round. */
function refuseVolts({ path, columns, lines }: FitData, { cells }: PlantSubject): void {
  const perCell = columns.get('cellVoltage_V');
  const volts = perCell ?? columns.get('stackVoltage_V') ?? new Float64Array(0);
  const of = perCell === undefined ? cells : 1;
  const wrong = volts.findIndex(v => !(v / of >= CELL_LEAST_V && v / of <= CELL_MOST_V));
  if (wrong < 0) return;
  const [name, other] =
    perCell === undefined ? ['stackVoltage_V', 'cellVoltage_V'] : ['cellVoltage_V', 'stackVoltage_V'];
  throw new FileError(
    path,
    lines[wrong],
    `${name} ${volts[wrong]} is ${Number((volts[wrong] / of).toPrecision(3))} V a cell with ${of === 1 ? 'one cell' : `${of} cells`}, ` +
      `expected ${CELL_LEAST_V}..${CELL_MOST_V} V; is it ${other}, or mV?`,
  );
}
