import type { Ends, Goal, Instruction, Limit } from '../layout/instruction.ts';
import type { Renaming } from './renaming.ts';

/** Whether two pieces of JSON are the same, but for where files lie. */
export function isSame(then: unknown, now: unknown, names: Renaming): boolean {
  if (typeof then === 'string' && typeof now === 'string') return names.isSame(then, now);
  if (typeof then !== 'object' || typeof now !== 'object' || then === null || now === null)
    return Object.is(then, now);
  if (Array.isArray(then) !== Array.isArray(now)) return false;
  const keys = keysOf(then);
  if (keys.length !== keysOf(now).length) return false;
  return keys.every(key => key in now && isSame((then as Keys)[key], (now as Keys)[key], names));
}

type Keys = Readonly<Record<string, unknown>>;
const keysOf = (of: object): string[] => Object.keys(of).filter(key => (of as Keys)[key] !== undefined);

/** A limit, wherever it stands. */
export function limitWithoutPlace({ where: _, ...limit }: Limit): Omit<Limit, 'where'> {
  return limit;
}

/** How far an instruction must be the same. */
export type HowSame =
  /** In all that it does. */
  | 'whole'
  /** It is under way: when it ends and what its limits are may change. */
  | 'open';

/**
 * An instruction without its line in the file, and without what may change: goals behind `last` are ahead, wherever that is.
 * Of one that is under way also without its ends, its limits and how often it is gone through.
 */
export function comparable(instruction: Instruction, last: number, how: HowSame): object {
  const ahead = (to: Goal): Goal | 'ahead' => (typeof to === 'number' && to > last ? 'ahead' : to);
  const ends = ({ exits, otherwise, ...rest }: Ends): object => ({
    ...rest,
    exits: exits.map(exit => ({ ...exit, to: ahead(exit.to) })),
    otherwise: ahead(otherwise),
  });
  switch (instruction.op) {
    case 'leave':
      return instruction;
    case 'goto': {
      const { why: _, to, ...rest } = instruction;
      return { ...rest, to: ahead(to) };
    }
    case 'branch':
      return { ...plain(instruction), otherwise: ahead(instruction.otherwise) };
    case 'let':
      return plain(instruction);
    case 'run':
      return how === 'open' ? core(instruction) : { ...plain(instruction), ends: ends(instruction.ends) };
    case 'enter': {
      const { times, ...rest } = instruction;
      const end = ahead(instruction.end);
      if (how === 'open') return { ...core(rest), end };
      return { ...plain(instruction), ends: ends(instruction.ends), end };
    }
    case 'fork': {
      const lanes = instruction.lanes.map(ahead);
      return { ...plain(instruction), ends: ends(instruction.ends), lanes, end: ahead(instruction.end) };
    }
  }
}

type WithPlace = Extract<Instruction, { place: string }>;

function plain({ place: _, where: _where, limits, ...rest }: WithPlace): object {
  return { ...rest, limits: limits.map(limitWithoutPlace) };
}

/** What of something under way stays: what it does, what is counted and asked of it. */
function core<T extends WithPlace & { readonly ends: Ends }>(instruction: T): object {
  const {
    place: _,
    where: _where,
    limits: _limits,
    ends,
    name: _name,
    record: _record,
    resume: _resume,
    skippable: _skippable,
    ...rest
  } = instruction;
  // What a gate has taken away comes back as that gate opens.
  return ends.gate === undefined ? rest : { ...rest, gate: ends.gate };
}
