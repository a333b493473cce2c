import type { RecordedPart } from '../../recorded-run.ts';
import type { Core } from './core.ts';
import type { Frame } from './frame.ts';
import type { MethodEvents } from './method-events.ts';

/** Tells of a block that is a part of the record whose figures are worked out. `end_s`: run time, s. */
export function tellPart(
  core: Core,
  events: Pick<MethodEvents, 'part'>,
  frame: Frame,
  end_s: number,
  isWhole: boolean,
): void {
  const part = partOf(core, frame, end_s, isWhole);
  if (part !== undefined) events.part(part);
}

/** What is open when the run ends early is told as what it is. `frames`: from the outermost on. */
export function tellPartsCut(
  core: Core,
  events: Pick<MethodEvents, 'part'>,
  frames: readonly Frame[],
  end_s: number,
): void {
  for (const frame of frames.toReversed()) tellPart(core, events, frame, end_s, false);
}

function partOf(core: Core, frame: Frame, end_s: number, isWhole: boolean): RecordedPart | undefined {
  const { method, instruction, start_s } = frame;
  if (method === undefined) return undefined;
  const own = (name: string): string => name.slice(name.indexOf('#') + 1);
  const given = instruction.op === 'enter' ? (instruction.parameters ?? []) : [];
  const parameters = given
    .filter(({ name }) => !core.texts.has(name))
    .map(({ name }) => [own(name), core.lists.get(name) ?? core.names.get(name) ?? Number.NaN] as const);
  const texts = given.flatMap(({ name }) => {
    const text = core.texts.get(name);
    return text === undefined ? [] : [[own(name), text] as const];
  });
  const name = instruction.id === undefined ? (instruction.name ?? method) : own(instruction.id);
  const words = texts.length === 0 ? {} : { texts: Object.fromEntries(texts) };
  return {
    method,
    name,
    start_s,
    end_s,
    isWhole: isWhole && !frame.hasSkipped,
    parameters: Object.fromEntries(parameters),
    ...words,
  };
}
