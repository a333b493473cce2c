import type { Goal, Instruction, Program } from '../../../profiles/language/layout/instruction.ts';

/** Walks a program without any time: which steps come, in which order, for given answers to its questions. */

/** What happens at a step: it ends by itself, by its n-th exit, or its deadline passes. */
export type Happening = 'ends' | 'deadline' | number;

/** `happens`: at a step (by id, else kind) in a round; `holds`: whether a branch is taken. */
export interface Script {
  readonly happens?: (step: string, visit: number) => Happening;
  readonly holds?: (visit: number) => boolean;
}

interface Loop {
  readonly start: number;
  readonly end: number;
  readonly rounds: number;
  round: number;
}

const MOST = 10_000;

/** Ids or kinds of the steps that ran, then where it ended: `end`, `stop`, `trip`. */
export function walk({ instructions }: Program, script: Script = {}): string[] {
  const seen: string[] = [];
  const visits = new Map<string, number>();
  const loops: Loop[] = [];
  let pc = 0;
  const visit = (key: string): number => {
    const n = (visits.get(key) ?? 0) + 1;
    visits.set(key, n);
    return n;
  };
  const go = (to: Goal): string | undefined => {
    if (typeof to === 'string') return to;
    while (loops.length > 0 && !inside(loops[loops.length - 1], to)) loops.pop();
    pc = to;
    return undefined;
  };
  for (let i = 0; i < MOST; i++) {
    if (pc >= instructions.length) return [...seen, 'end'];
    const found = step(instructions[pc]);
    if (found !== undefined) return [...seen, found];
  }
  throw new Error('never ends');

  function step(at: Instruction): string | undefined {
    switch (at.op) {
      case 'run': {
        const key = at.id?.slice(at.id.indexOf('#') + 1) ?? at.kind;
        seen.push(key);
        const what = script.happens?.(key, visit(key)) ?? 'ends';
        if (what === 'ends') pc++;
        else return go(what === 'deadline' ? at.ends.otherwise : at.ends.exits[what].to);
        return undefined;
      }
      case 'enter': {
        const lengths = (at.lists ?? []).map(({ value }) => (Array.isArray(value) ? value.length : 1));
        const rounds = at.block === 'repeat' ? Number(at.times) : at.block === 'each' ? lengths[0] : 1;
        loops.push({ start: pc, end: at.end, rounds, round: 1 });
        pc++;
        return undefined;
      }
      case 'leave': {
        const loop = loops[loops.length - 1];
        if (loop?.start !== at.start) throw new Error(`leaves ${at.start}, is in ${loop?.start}`);
        if (loop.round < loop.rounds) {
          loop.round++;
          pc = loop.start + 1;
        } else {
          loops.pop();
          pc++;
        }
        return undefined;
      }
      case 'branch':
        pc = (script.holds?.(visit('branch')) ?? true) ? pc + 1 : at.otherwise;
        return undefined;
      case 'goto':
        return go(at.to);
      case 'let':
        seen.push(`let ${at.values.map(v => v.name.slice(v.name.indexOf('#') + 1)).join(' ')}`);
        pc++;
        return undefined;
      case 'fork':
        // Only the leading list counts for the way.
        seen.push(`fork ${at.lanes.length}`);
        pc = at.end;
        return undefined;
    }
  }
}

function inside({ start, end }: Loop, to: number): boolean {
  return to > start && to <= end;
}
