import { FitError } from '../../../profiles/least-squares/fit-error.ts';
import type { FitData } from '../fit-data.ts';
import { type FitPlant, reader, rigAt } from '../problem.ts';

/** Whether a cell's record begins where the plant begins: a pulse at another state of charge fits nothing. */

const START = 'startSoc_frac';
/** So little of 1C is rest. */
const REST_FRAC = 0.02;
const REST_ROWS = 10;
/** Open-circuit curves and meters differ by this much. */
const ALIKE_V = 0.02;

/**
 * Refuses a record whose rest before the first pulse is another voltage than the plant's, and names the state of charge
 * that has it. Records that begin under load are not judged. @throws FitError
 */
export function checkStart(
  plant: FitPlant,
  data: FitData,
  parameters: Readonly<Record<string, number>>,
): void {
  const { model, set, subject } = plant;
  const voltage_V = data.columns.get('cell.voltage_V');
  const current_A = data.columns.get('cell.current_A') ?? data.columns.get('cell.currentSet_A');
  const declared = model.parameters(set).find(p => p.name === START);
  if (model.kind !== 'cell' || declared === undefined || voltage_V === undefined || current_A === undefined)
    return;
  let rest = 0;
  while (
    rest < Math.min(REST_ROWS, data.rows) &&
    Math.abs(current_A[rest]) < REST_FRAC * subject.currentNominal_A
  )
    rest++;
  if (rest === 0) return;
  const began_V = [...voltage_V.subarray(0, rest)].sort((a, b) => a - b)[Math.floor(rest / 2)];
  const rests_V = (soc_frac: number): number =>
    reader(rigAt(plant, { ...parameters, [START]: soc_frac }), 'cell.voltage_V')?.() ?? Number.NaN;
  const start = parameters[START] ?? declared.value;
  const plant_V = rests_V(start);
  if (!(Math.abs(plant_V - began_V) > ALIKE_V)) return;
  let low = declared.low;
  let high = declared.high;
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2;
    if (rests_V(middle) < began_V) low = middle;
    else high = middle;
  }
  const found = (low + high) / 2;
  const isFound = Math.abs(rests_V(found) - began_V) < ALIKE_V;
  const expected = isFound
    ? `expected --at ${START}=${Number(found.toPrecision(3))}, which rests there, or the state of charge at which it began`
    : `no state of charge of ${model.name} (${set}) rests there, expected a --set with such a cell`;
  throw new FitError(
    `${data.path}: the record begins at rest with ${began_V.toFixed(4)} V, the plant with ${plant_V.toFixed(4)} V (${START} ${start}); ${expected}`,
  );
}
