import type { RecordedPart } from '../../recorded-run.ts';
import type { Core } from './core.ts';
import type { Frame } from './frame.ts';

/** A block as a part of the record whose figures are worked out; undefined: it is none. `end_s`: run time, s. */
export function partOf(core: Core, frame: Frame, end_s: number, isWhole: boolean): RecordedPart | undefined {
  const { method, instruction, start_s } = frame;
  if (method === undefined) return undefined;
  const own = (name: string): string => name.slice(name.indexOf('#') + 1);
  const given = instruction.op === 'enter' ? (instruction.parameters ?? []) : [];
  const parameters = given.map(({ name }) => {
    const value = core.lists.get(name) ?? core.names.get(name) ?? Number.NaN;
    return [own(name), value] as const;
  });
  const name = instruction.id === undefined ? (instruction.name ?? method) : own(instruction.id);
  return { method, name, start_s, end_s, isWhole, parameters: Object.fromEntries(parameters) };
}
