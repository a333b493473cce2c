import type { RecordedPart } from '../../recorded-run.ts';
import type { Core } from './core.ts';
import type { Frame } from './frame.ts';

/** A block as a part of the record whose figures are worked out; undefined: it is none. `end_s`: run time, s. */
export function partOf(core: Core, frame: Frame, end_s: number, isWhole: boolean): RecordedPart | undefined {
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
