import { partsOf, type Tree } from '../../profiles/language/expression/tree.ts';
import { RUN_PHASE } from '../../profiles/language/run/beside/phases.ts';
import type { Instruction, Procedure } from '../../profiles/procedure.ts';
import type { StepEndKind } from '../../profiles/steps/step.ts';
import { eventsOf } from '../record/recorded-events.ts';
import type { Replay } from '../record/replay.ts';
import type { BadReading, Ending, StepCount } from './summary.ts';

/** What a journal says of steps and readings, counted. */

/** Every step of the method that takes time: how often it ran and how it ended; 0 runs = never reached. */
export function countSteps(replay: Replay, procedure: Procedure): StepCount[] {
  const endings = procedure.instructions.map(() => new Map<Ending, { text: string; count: number }>());
  const note = (pc: number, by: Ending, text: string): void => {
    const found = endings[pc]?.get(by);
    if (found === undefined) endings[pc]?.set(by, { text, count: 1 });
    else found.count++;
  };
  const steps = eventsOf(replay.events, 'step');
  const met = new Map<number, number>();
  for (const { data } of steps) {
    note(data.pc, ENDINGS[data.ended], data.reason);
    if (data.wasMet === true) met.set(data.pc, (met.get(data.pc) ?? 0) + 1);
  }
  const open = procedure.instructions[replay.lastPc];
  const end = eventsOf(replay.events, 'end').find(e => e.data.cause.by !== 'procedure');
  if (open !== undefined && takesTime(open) && end !== undefined) {
    const last = steps.at(-1);
    // A step that ended the run by itself has its own ending already.
    if (last?.data.pc !== replay.lastPc || last.t_s < end.t_s) note(replay.lastPc, 'cut off', end.text);
  }
  // Steps of a file without phases are those of its run.
  let phase = RUN_PHASE;
  return procedure.instructions.flatMap((instruction, pc): StepCount[] => {
    if (instruction.op === 'phase') phase = instruction.name;
    if (!takesTime(instruction)) return [];
    const ended = [...endings[pc]].map(([by, { text, count }]) => ({ by, text, count }));
    const runs = ended.reduce((sum, e) => sum + e.count, 0);
    const wasMet = met.get(pc);
    const counted = { phase, step: nameOf(instruction, pc, procedure), op: instruction.kind, runs, ended };
    if (wasMet === undefined) return [counted];
    return [{ ...counted, wasMet, ...(isHeld(pc, procedure) ? { isHeld: true as const } : {}) }];
  });
}

/** What people call a step; one of several that are called alike, with its place in its file. */
function nameOf({ label }: Instruction, pc: number, { instructions, program }: Procedure): string {
  const at = program?.instructions[pc];
  if (at?.op !== 'run') return label;
  const others = program?.instructions.filter(
    (one, i) => i !== pc && one.op === 'run' && one.place !== at.place && instructions[i].label === label,
  );
  return others === undefined || others.length === 0 ? label : `${label}, ${numberOf(at.place)}`;
}

/** True where its condition is to hold for a time: that is waited for, whatever holds at its begin. */
function isHeld(pc: number, { program }: Procedure): boolean {
  const at = program?.instructions[pc];
  return at?.op === 'run' && at.ends.until !== undefined && takesHolding(at.ends.until.tree);
}

function takesHolding(tree: Tree): boolean {
  return 'time' in tree || partsOf(tree).some(takesHolding);
}

/** `rate.yaml steps[1].steps[0]` -> step 2.1; of a procedure with its name. */
function numberOf(place: string): string {
  const cut = place.lastIndexOf(' ');
  const [file, path] = [place.slice(0, cut), place.slice(cut + 1)];
  const number = [...path.matchAll(/\[(\d+)\]/g)].map(([, i]) => Number(i) + 1).join('.');
  return file.startsWith('built-in ') ? `${file.slice('built-in '.length)} ${number}` : `step ${number}`;
}

function takesTime(instruction: Instruction): instruction is Extract<Instruction, { op: 'step' }> {
  return instruction.op === 'step';
}

/** By what the method went to its end before its last step; nothing where it did not. */
export function finishOf(replay: Replay): { readonly finishedBy?: string } {
  const last = eventsOf(replay.events, 'finishes').at(-1);
  return last === undefined ? {} : { finishedBy: `${last.data.what}: ${last.data.reason}` };
}

/** What an ending means for the method. */
const ENDINGS: Readonly<Record<StepEndKind, Ending>> = {
  applied: 'done',
  reached: 'done',
  time: 'time',
  condition: 'condition',
  timeout: 'time-out',
  skipped: 'skipped',
  refused: 'failed',
  failed: 'failed',
};

/**
 * Frames that an instrument gave a reason for: out of range, no value; by the channel that the reason names first, ''
 * where it names none. What came before the first phase does not count: the run waits for good readings by itself.
 */
export function countBadReadings(
  replay: Replay,
  channels: ReadonlyMap<string, readonly string[]>,
): BadReading[] {
  const begin_s = eventsOf(replay.events, 'phase').at(0)?.t_s ?? 0;
  return [...channels].flatMap(([device, names]) => {
    const found = new Map<string, BadReading>();
    for (const { t_s, reason } of replay.reasons(device)) {
      if (t_s <= begin_s) continue;
      const [word] = reason.split(' ', 1);
      const channel = names.includes(word) ? word : '';
      const known = found.get(word) ?? { device, channel, frames: 0, first_s: t_s, text: reason };
      found.set(word, { ...known, frames: known.frames + 1 });
    }
    return [...found.values()];
  });
}
