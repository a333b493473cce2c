import { FileError } from '../../../drivers/contract/yaml-file.ts';
import { FitError } from '../../../profiles/least-squares/fit-error.ts';
import type { FitData } from '../fit-data.ts';
import { type FitPlant, rigAt } from '../problem.ts';

/** Whether temperature and pressures of a curve can be those of the plant: another unit moves every figure of the fit. */

/** So far outside its range no set is meant, K. */
const FAR_K = 25;
/** No stack stands at so much; below, a vacuum ends. Bar(g), basis default. */
const MOST_BARG = 100;
const VACUUM_BARG = -1.01325;
/** Nothing that a person says of a stack is outside of it, degC. */
const SAID_DEGC: readonly [number, number] = [-100, 1200];
const OTHERS: readonly (readonly [unit: string, way: string, toDegC: (t: number) => number])[] = [
  ['kelvin', 'a column temperature_K', t => t - 273.15],
  ['degrees Fahrenheit', 'degC', t => (t - 32) / 1.8],
];
const PRESSURES: readonly (readonly [unit: string, bar: number])[] = [
  ['kPa', 0.01],
  ['hPa or mbar', 0.001],
  ['Pa', 1e-5],
];

/**
 * What the conditions of a curve ask to be said: outside the range of the set.
 * @throws FileError for a temperature in another unit or far outside, for pressures below vacuum and above 100 bar(g);
 * FitError for such figures of `at`
 */
export function conditionWarnings(plant: FitPlant, data: FitData): string[] {
  const { at, set } = plant;
  for (const name of ['cathode_barg', 'anode_barg']) checkPressure(data, name, at[name]);
  const rig = rigAt({ ...plant, at: {} }, {});
  if (!rig.truths.includes('validity.low_degC')) return [];
  const [low, high] = ['validity.low_degC', 'validity.high_degC'].map(name => rig.truthOf(name));
  const range = `${set} holds for ${short(low)}..${short(high)} degC`;
  const column = data.columns.get('temperature_degC');
  const said = at['temperature_degC'];
  if (column === undefined) {
    if (said === undefined) return [];
    if (!(said >= SAID_DEGC[0] && said <= SAID_DEGC[1]))
      throw new FitError(`--at temperature_degC=${said}: expected the temperature of the stack (${range})`);
    return said < low || said > high ? [`taken at ${short(said)} degC: ${range}`] : [];
  }
  const outside = column.findIndex(t => !(t >= low && t <= high));
  if (outside < 0) return [];
  const isInside = (t: number): boolean => t >= low && t <= high;
  const other = OTHERS.find(([, , toDegC]) => column.every(t => isInside(toDegC(t))));
  const far = column.findIndex(t => !(t >= low - FAR_K && t <= high + FAR_K));
  if (other === undefined && far < 0)
    return [`taken at up to ${short(farthest(column, low, high))} degC: ${range}`];
  const row = far < 0 ? outside : far;
  const guess =
    other === undefined
      ? `expected degC of the stack`
      : `looks like ${other[0]} (${short(other[2](column[row]))} degC), expected ${other[1]}`;
  throw new FileError(
    data.path,
    data.lines[row],
    `temperature_degC ${column[row]} ${guess}: ${range} (--at temperature_degC=VALUE instead of the column takes any)`,
  );
}

function checkPressure({ path, lines, columns }: FitData, name: string, said: number | undefined): void {
  const column = columns.get(name);
  if (column === undefined) {
    if (said !== undefined && said < VACUUM_BARG)
      throw new FitError(`--at ${name}=${said} is below vacuum, expected bar(g)`);
    return;
  }
  const wrong = column.findIndex(p => !(p >= VACUUM_BARG && p <= MOST_BARG));
  if (wrong < 0) return;
  const value = column[wrong];
  const units = PRESSURES.filter(([, bar]) => value * bar >= 0.5 && value * bar <= MOST_BARG);
  const guess =
    value < VACUUM_BARG
      ? 'is below vacuum, expected bar(g)'
      : `is more than any stack stands${units.length === 0 ? '' : ` (${units.map(([unit]) => unit).join(', ')}?)`}, expected bar(g)`;
  throw new FileError(
    path,
    lines[wrong],
    `${name} ${value} ${guess}, or ${name.replace('barg', 'bara')} with bar(a) (--at ${name}=VALUE instead of the column takes any)`,
  );
}

function farthest(column: Float64Array, low: number, high: number): number {
  const off = (t: number): number => Math.max(low - t, t - high);
  return column.reduce((a, t) => (off(t) > off(a) ? t : a));
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
