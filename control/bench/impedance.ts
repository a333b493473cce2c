import { FileError } from '../../drivers/contract/file-error.ts';
import { cannotMeasure, spectrumTime_s } from '../../drivers/contract/measure/impedance.ts';
import type { Instruction, Program } from '../../profiles/language/layout/instruction.ts';
import { NOTHING_MEASURES } from '../../profiles/language/run/actions/eis.ts';
import { spectrumAsked } from '../../profiles/language/run/measure/spectrum-asked.ts';
import { FitError } from '../../profiles/least-squares/fit-error.ts';
import { parseCircuit } from '../../profiles/spectrum/circuit.ts';
import type { LoadedBench } from './bench-file.ts';

/** Every spectrum that a method asks for must be one that this bench can measure, before anything is switched on. */

/** @throws FileError with the first step that the bench cannot measure so, or cannot measure in its time */
export function mustBeMeasured({ instructions }: Program, { path, descriptions }: LoadedBench): void {
  for (const at of instructions) if (at.op === 'enter') mustNameCircuits(at);
  const steps = instructions.filter(at => at.op === 'run').filter(({ kind }) => kind === 'eis');
  if (steps.length === 0) return;
  const refused = (where: string, text: string): FileError => new FileError(where, 0, text);
  const found = [...descriptions].flatMap(([id, { impedance }]) =>
    impedance === undefined ? [] : [{ id, impedance }],
  );
  if (found.length === 0) throw refused(path, `${NOTHING_MEASURES} (${steps[0].where}: eis)`);
  if (found.length > 1) {
    const names = found.map(({ id }) => id).join(', ');
    throw refused(path, `${names} measure impedance, expected one device that does (${steps[0].where}: eis)`);
  }
  const [{ id, impedance }] = found;
  for (const step of steps) {
    const asked = spectrumAsked(step.own);
    const wrong =
      asked.isOfCurrent && asked.dc === 'open'
        ? 'amplitude_pct is a part of the direct current, and at open circuit none flows, expected one in mV or mA'
        : cannotMeasure(impedance, asked);
    if (wrong !== undefined) throw refused(step.place, `${asked.isOfCurrent ? '' : `${id}: `}${wrong}`);
    mustFit(step, spectrumTime_s(asked), refused);
  }
}

/** Words that are no circuit, as a method takes them beside one. */
const NO_CIRCUIT: readonly string[] = ['none', 'best'];

/** @throws FileError of a call whose circuit is none */
function mustNameCircuits({ place, parameters = [] }: Extract<Instruction, { op: 'enter' }>): void {
  for (const { name, value } of parameters) {
    if (!name.endsWith('#circuit_text') || typeof value !== 'string' || NO_CIRCUIT.includes(value)) continue;
    try {
      parseCircuit(value);
    } catch (error) {
      if (error instanceof FitError) throw new FileError(place, 0, `circuit_text: ${error.message}`);
      throw error;
    }
  }
}

/** A deadline that the periods alone pass would only ever stop the run. */
function mustFit(
  { place, ends }: Extract<Instruction, { op: 'run' }>,
  least_s: number,
  refused: (where: string, text: string) => FileError,
): void {
  const { within_s } = ends;
  if (typeof within_s !== 'number' || !(least_s > within_s)) return;
  const text = `within_: ${Math.round(within_s)} s is shorter than the spectrum takes, expected ${Math.ceil(least_s)} s at least`;
  throw refused(place, text);
}
