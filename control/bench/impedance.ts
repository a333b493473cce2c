import { FileError } from '../../drivers/contract/file-error.ts';
import { cannotMeasure } from '../../drivers/contract/measure/impedance.ts';
import { constantAt } from '../../profiles/language/bench/constants.ts';
import type { Plan, PlannedStep } from '../../profiles/language/bench/plan.ts';
import { topSteps } from '../../profiles/language/explain/method.ts';
import { numberUnit, stemOf } from '../../profiles/language/file/keys.ts';
import type { Instruction, Program } from '../../profiles/language/layout/instruction.ts';
import { NOTHING_MEASURES } from '../../profiles/language/run/actions/eis.ts';
import type { PeakLimit } from '../../profiles/language/run/measure/peaks.ts';
import { spectrumAsked } from '../../profiles/language/run/measure/spectrum-asked.ts';
import { longest_s } from '../../profiles/language/run/measure/trial.ts';
import { conversion, converted, unitNamed } from '../../profiles/language/units/unit.ts';
import { FitError } from '../../profiles/least-squares/fit-error.ts';
import { parseCircuit } from '../../profiles/spectrum/circuit.ts';
import { type Bench, subjectOf } from './bench.ts';
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
  if (found.length === 0) throw refused(steps[0].place, `${NOTHING_MEASURES} (bench ${path})`);
  if (found.length > 1) {
    const names = found.map(({ id }) => id).join(', ');
    throw refused(
      steps[0].place,
      `${names} measure impedance, expected one device that does (bench ${path})`,
    );
  }
  const [{ id, impedance }] = found;
  for (const step of steps) {
    const asked = spectrumAsked(step.own);
    const wrong =
      asked.isOfCurrent && asked.dc === 'open'
        ? 'amplitude_pct is a part of the direct current, and at open circuit none flows, expected one in mV or mA'
        : cannotMeasure(impedance, asked);
    if (wrong !== undefined) throw refused(step.place, `${asked.isOfCurrent ? '' : `${id}: `}${wrong}`);
    mustFit(step, longest_s(asked), refused);
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

/**
 * The same where counts, frequencies or the deadline are parameters: as known in each round before the run. @throws
 * LanguageError at the deadline, or at the call that gives the parameters
 */
export function spectraMustFit(plan: Plan): void {
  for (const planned of topSteps(plan)) mustFitIn(planned, undefined);
}

function mustFitIn(planned: PlannedStep, call: PlannedStep | undefined): void {
  const { step, file, on, visits } = planned;
  const key = Object.keys(step.keys).find(one => stemOf(one) === 'within');
  const second = unitNamed('s');
  const unit = key === undefined ? undefined : numberUnit(key);
  if (step.kind.key === 'eis' && key !== undefined && unit !== undefined && second !== undefined) {
    const own = step.keys['eis'] as Readonly<Record<string, unknown>>;
    for (const { known } of visits) {
      const at = [...step.place, key];
      const within_s = converted(constantAt(at, step.keys[key], on, known), conversion(unit, second));
      const asked = spectrumAsked(own, name =>
        constantAt([...step.place, 'eis', name], own[name], on, known),
      );
      const wrong = whyTooShort(within_s, longest_s(asked));
      if (wrong === undefined) continue;
      if (call === undefined) throw file.errors.error(at, wrong);
      const inside = `${file.path}:${file.errors.lineOf(at)}`;
      throw call.file.errors.error([...call.step.place, 'call'], `${wrong} (${inside})`);
    }
  }
  const outer = step.kind.key === 'call' ? (call ?? planned) : call;
  for (const list of planned.inside) for (const one of list.steps) mustFitIn(one, outer);
}

/** A deadline that the periods alone pass would only ever stop the run. */
function mustFit(
  { place, ends }: Extract<Instruction, { op: 'run' }>,
  least_s: number,
  refused: (where: string, text: string) => FileError,
): void {
  const { within_s } = ends;
  const wrong = typeof within_s === 'number' ? whyTooShort(within_s, least_s) : undefined;
  if (wrong !== undefined) throw refused(place, `within_: ${wrong}`);
}

function whyTooShort(within_s: number, least_s: number): string | undefined {
  if (!(least_s > within_s)) return undefined;
  return `${Math.round(within_s)} s is shorter than the spectrum takes, expected ${Math.ceil(least_s)} s at least`;
}

/**
 * What no peak of a spectrum may pass on a bench: the sheet of the cell, what may be set, and the threshold interlocks that
 * trip or stop. Where 0 is the end of what may be set it is what a supply can give, and no limit of what is under test.
 */
export function peakLimits(bench: Bench): readonly PeakLimit[] {
  const { kind } = subjectOf(bench);
  const found: PeakLimit[] = [];
  const add = (of: PeakLimit['of'], side: PeakLimit['side'], limit: number, what: string, armed = 'always') =>
    found.push({ of, side, limit, what, armed });
  const { cell, stack } = bench;
  if (cell !== undefined) {
    add('voltage', 'above', cell.voltageMax_V, 'cell.voltageMax_V');
    add('voltage', 'below', cell.voltageMin_V, 'cell.voltageMin_V');
    add('current', 'above', cell.currentMax_A, 'cell.currentMax_A');
    add('current', 'below', -cell.currentMax_A, 'cell.currentMax_A');
  }
  for (const [of, role] of [
    ['voltage', `${kind}.voltageSet_V`],
    ['current', `${kind}.currentSet_A`],
  ] as const) {
    const { min = 0, max = 0 } = bench.limits[role] ?? {};
    if (max !== 0) add(of, 'above', max, `limits of ${role}`);
    if (min !== 0) add(of, 'below', min, `limits of ${role}`);
  }
  for (const spec of bench.interlocks) {
    if (spec.kind !== 'threshold' || (spec.reaction !== 'trip' && spec.reaction !== 'stop')) continue;
    const { role, trips, limit, id, armed, reaction } = spec;
    const side = trips === '>' ? 'above' : 'below';
    if (role === `${kind}.voltage_V`) add('voltage', side, limit, `${reaction} ${id}`, armed);
    if (role === `${kind}.current_A`) add('current', side, limit, `${reaction} ${id}`, armed);
    // Cells of a stack share its voltage, and so the amplitude.
    if (stack !== undefined && role === 'cell.voltage_V[]')
      add('voltage', side, limit * stack.cells, `${reaction} ${id} of ${stack.cells} cells`, armed);
  }
  return found;
}
