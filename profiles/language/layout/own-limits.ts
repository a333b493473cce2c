import type { ResolvedExpression } from '../bench/on-bench.ts';
import type { Instruction, Limit, Program, Seconds } from './instruction.ts';

/** What a method sets beside the bench: conditions that must not hold, and deadlines. */

/** A limit that stands in the method, with who set it. */
export interface OwnLimit {
  readonly kind: 'limit' | 'deadline';
  /** Who sets it: `the method`, `phase soak`, `step discharge`. */
  readonly by: string;
  /** Where it stands, for people: `rate.yaml:9`; in a built-in method behind its call. */
  readonly where: string;
  /** What the events of a run call its place. */
  readonly place: string;
  /** The condition as it is written, or the time. */
  readonly condition: string;
  /** Of a limit: the condition itself. */
  readonly when?: ResolvedExpression;
  readonly reaction: Limit['then'] | 'next';
  /** Time of a deadline, s of the method; undefined: it hangs on what the run tells, or it is no deadline. */
  readonly within_s?: number;
  /** The step of a deadline, its place in the program; undefined: of a block, whose time is not recorded. */
  readonly pc?: number;
}

/** Every limit of a program, in its order: those of the whole method first. */
export function ownLimits({ limits, instructions }: Program): readonly OwnLimit[] {
  const whole = limits.map(limit => ofLimit(limit, 'the method'));
  const inside = instructions.flatMap((instruction, pc) => {
    if (!('limits' in instruction)) return [];
    const { where } = instruction;
    const by = nameOf(instruction);
    const own = instruction.limits.map(limit => ofLimit(limit, by));
    if (!('ends' in instruction) || instruction.ends.within_s === undefined) return own;
    const { within_s, otherwise } = instruction.ends;
    const deadline: OwnLimit = {
      kind: 'deadline',
      by,
      where,
      place: where,
      condition: `within ${timeText(within_s)}`,
      reaction: typeof otherwise === 'number' ? 'next' : otherwise,
      ...(typeof within_s === 'number' ? { within_s } : {}),
      ...(instruction.op === 'run' ? { pc } : {}),
    };
    return [...own, deadline];
  });
  return [...whole, ...inside];
}

function ofLimit({ when, then, where }: Limit, by: string): OwnLimit {
  return { kind: 'limit', by, where, place: where, condition: when.text, when, reaction: then };
}

type Named = Extract<Instruction, { readonly limits: readonly Limit[] }>;

function nameOf(instruction: Named): string {
  const { id, name } = instruction;
  const own = name ?? id?.slice(id.indexOf('#') + 1);
  if (instruction.op === 'enter' && instruction.block === 'phase') return `phase ${own ?? ''}`.trimEnd();
  const kind =
    instruction.op === 'run'
      ? instruction.kind
      : instruction.op === 'enter'
        ? (instruction.called ?? instruction.block)
        : 'together';
  return own === undefined ? `step ${kind}` : `step ${own} (${kind})`;
}

/** `3 h`; one that hangs on the run as it is written. */
function timeText(time: Seconds): string {
  if (typeof time !== 'number') {
    const unit = UNITS.find(([, factor]) => factor === time.factor)?.[0] ?? 's';
    return `(${time.expression.text}) ${unit}`;
  }
  const [unit, factor] = UNITS.find(([, size]) => time >= 2 * size && isEven(time / size)) ?? ['s', 1];
  return `${Number((time / factor).toPrecision(6))} ${unit}`;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3600],
  ['min', 60],
  ['s', 1],
];

function isEven(value: number): boolean {
  return Math.abs(value * 100 - Math.round(value * 100)) < 1e-6;
}
