import { dotted } from '../../../drivers/contract/explain.ts';
import { spectrumTime_s } from '../../../drivers/contract/measure/impedance.ts';
import { sweepTime_s } from '../../../drivers/contract/measure/sweep.ts';
import type { Syntax } from '../expression/syntax.ts';
import { isEndlessEntry } from '../file/data-entry.ts';
import { isRole, stemOf } from '../file/keys.ts';
import { allSteps, listsOf, type StepNode } from '../file/nodes.ts';
import { targetsOf } from '../file/rules/ways.ts';
import { sweepAsked } from '../steps/measured/sweep-asked.ts';
import { splitName } from '../units/names.ts';
import { conversion, converted, sameDimension, unitNamed } from '../units/unit.ts';
import { constantAt } from './constants.ts';
import type { Keys, Looking } from './looking.ts';
import { secondsOf } from './times.ts';

/** How long a step is expected to take, as far as it can be known without a run. Nothing is guessed. */

/**
 * `known_s`: what is known, s. `by`: the file says it; figures of the bench do (the nominal capacity at a constant current
 * from full or empty); a person takes as long as it takes; only a rehearsal can tell: then `known_s` is that of other parts.
 * `likely_s`: for the progress of a run alone, where something must be said: every loop in full, of two ways the longer
 * one, and of a wait for what nobody knows a quarter of what it may take.
 */
export interface Expected {
  readonly known_s: number;
  readonly likely_s: number;
  readonly by: 'file' | 'figures' | 'person' | 'rehearsal';
}

/** Takes no time. */
export const NOTHING: Expected = { known_s: 0, likely_s: 0, by: 'file' };
/** Only a rehearsal can tell. */
export const UNKNOWN: Expected = { known_s: 0, likely_s: 0, by: 'rehearsal' };
/** Parts of a deadline, and of a time that ends a step in any case, that a wait for something unknown is planned with. */
const LIKELY_PART = 0.25;
const LIKELY_TIME_PART = 0.5;
const RANK = ['file', 'figures', 'person', 'rehearsal'] as const;

/** One after the other: what is known adds up, the least known part says how well. */
export function together(parts: readonly Expected[]): Expected {
  return parts.reduce(
    (sum, part) => ({
      known_s: sum.known_s + part.known_s,
      likely_s: sum.likely_s + part.likely_s,
      by: RANK[Math.max(RANK.indexOf(sum.by), RANK.indexOf(part.by))],
    }),
    NOTHING,
  );
}

/** The same so many times; of a number of rounds that nobody knows nothing is known. */
export function timesRounds(round: Expected, rounds: number): Expected {
  if (Number.isNaN(rounds)) return { ...UNKNOWN, likely_s: round.likely_s };
  return { known_s: rounds * round.known_s, likely_s: rounds * round.likely_s, by: round.by };
}

/** One of two ways; nobody knows which, unless both are alike. */
export function eitherOf([a, b]: readonly Expected[]): Expected {
  if (a.known_s === b.known_s && a.by === b.by) return a;
  return { ...UNKNOWN, likely_s: Math.max(a.likely_s, b.likely_s) };
}

/** What is known is likely, too. */
function known(known_s: number, by: Expected['by']): Expected {
  return { known_s, likely_s: known_s, by };
}

/** `inside`: what the steps in it take, at the most and as expected; of a ramp or a set its way. */
export function expectedOf(
  step: StepNode,
  looking: Looking,
  inside: { readonly longest_s: number; readonly expected: Expected },
  isBlock: boolean,
): Expected {
  const { kind, keys } = step;
  if (isBlock) return ofBlock(step, looking, inside.expected);
  if (kind.key === 'set') return inside.expected;
  if (kind.ends === 'once') return NOTHING;
  if (kind.key === 'ask') return known(0, 'person');
  if (kind.key === 'eis') return known(periodsOf(step, looking), 'figures');
  if (kind.key === 'voltammetry') return known(sweepOf(step, looking), 'figures');
  const [for_s, within_s] = ['for', 'within'].map(stem => timeOf(step, stem, looking));
  const until = typeof keys['until'] === 'string' ? untilOf(step, looking) : undefined;
  const way = inside.expected;
  const itself =
    kind.key === 'ramp' && way.by === 'file'
      ? way.known_s
      : kind.ends === 'data'
        ? inside.longest_s
        : Number.POSITIVE_INFINITY;
  const plain_s = Math.min(for_s, itself);
  if ('until' in keys) {
    if (until === undefined) return { ...UNKNOWN, likely_s: likelyOf(step, looking, plain_s, within_s) };
    return known(Math.min(until.known_s, plain_s, within_s), until.by);
  }
  // A profile with an end of its own may end before.
  const isOpen = kind.ends === 'data' && inside.longest_s === Infinity && !isEndless(step, looking);
  if (Number.isFinite(plain_s) && !isOpen) return known(plain_s, 'file');
  // A profile is followed to the end of its time; what nobody knows may take as long as it is let.
  const bound_s = Math.min(plain_s, within_s);
  if (kind.key === 'ramp') return { ...UNKNOWN, likely_s: Math.min(way.likely_s, bound_s) };
  return { ...UNKNOWN, likely_s: !Number.isFinite(bound_s) ? 0 : isOpen ? bound_s : LIKELY_PART * bound_s };
}

/** A charge with its voltage held takes about what its current alone would; of any other wait a part of its bounds. */
function likelyOf(step: StepNode, looking: Looking, for_s: number, within_s: number): number {
  const part_s = finite(Math.min(LIKELY_TIME_PART * for_s, LIKELY_PART * within_s));
  if (step.kind.key !== 'cccv') return part_s;
  const { capacity_Ah = Number.NaN } = looking.bench.subject;
  const charge_s = (3600 * capacity_Ah) / Math.abs(constantRate(step, looking, 'A'));
  return Number.isFinite(charge_s) ? Math.min(charge_s, for_s, within_s) : part_s;
}

const finite = (bound_s: number): number => (Number.isFinite(bound_s) ? bound_s : 0);

function ofBlock(step: StepNode, looking: Looking, inside: Expected): Expected {
  const { kind, keys } = step;
  const isLoop = kind.key === 'repeat' || kind.key === 'each';
  const mayEnd = 'until' in keys || 'while' in { ...(keys[kind.key] as object) };
  const [for_s, within_s] = ['for', 'within'].map(stem => timeOf(step, stem, looking));
  const bound_s = Math.min(for_s, within_s);
  const likely_s = Math.min(inside.likely_s, bound_s);
  if (mayEnd || (isLoop && isLeftInside(step))) return { ...UNKNOWN, likely_s };
  return { known_s: Math.min(inside.known_s, bound_s), likely_s, by: inside.by };
}

/** A branch inside leads elsewhere: nobody knows in which round. */
function isLeftInside(step: StepNode): boolean {
  const inside = listsOf(step).flatMap(list => [...allSteps(list)]);
  return inside.some(one => one.kind.key === 'if' && targetsOf(one).some(([, target]) => target !== 'next'));
}

/** s behind `for_` or `within_`; infinite without, or where it is known only in the run. */
function timeOf({ keys, place }: StepNode, stem: string, { on, known }: Looking): number {
  const key = Object.keys(keys).find(k => stemOf(k) === stem);
  if (key === undefined) return Number.POSITIVE_INFINITY;
  const time_s = constantAt([...place, key], keys[key], on, known) * secondsOf(key);
  return Number.isNaN(time_s) ? Number.POSITIVE_INFINITY : time_s;
}

/** True of a profile that has no end of its own: of time alone, or of data that repeat. */
function isEndless({ keys, place }: StepNode, { file, on }: Looking): boolean {
  const at = dotted([...place, 'follow']);
  const data = { ...(file.head['data'] as Readonly<Record<string, Keys>> | undefined) };
  return (
    [...on.expressions].every(([key, { slots }]) => {
      if (!key.startsWith(`${at}.`)) return true;
      return slots.every(slot => slot.from !== 'data' || isEndlessEntry({ ...data[slot.data] }));
    }) && 'follow' in keys
  );
}

/** An impedance spectrum, s: settling and `cycles` at each of the frequencies. */
function periodsOf({ keys, place }: StepNode, { on, known }: Looking): number {
  const own = keys['eis'] as Keys;
  const [from, to] = ['from', 'to'].map(stem => {
    const key = Object.keys(own).find(k => stemOf(k) === stem) ?? '';
    const [unit, hertz] = [splitName(key)?.unit, unitNamed('Hz')];
    if (typeof unit !== 'object' || hertz === undefined) return Number.NaN;
    return converted(constantAt([...place, 'eis', key], own[key], on, known), conversion(unit, hertz));
  });
  const [pointsPerDecade, cycles] = (
    [
      ['points_per_decade', 10],
      ['cycles', 1],
    ] as const
  ).map(([key, plain]) => (key in own ? constantAt([...place, 'eis', key], own[key], on, known) : plain));
  const known_s = spectrumTime_s({ from_Hz: from, to_Hz: to, pointsPerDecade, cycles });
  return Number.isFinite(known_s) ? known_s : 0;
}

/** A sweep with what is waited before it, s. */
function sweepOf({ keys, place }: StepNode, { on, known }: Looking): number {
  const own = keys['voltammetry'] as Keys;
  const { request, quiet_s } = sweepAsked(own, key =>
    constantAt([...place, 'voltammetry', key], own[key], on, known),
  );
  // From wherever it begins between its vertices, a cycle is as long.
  const isOpen = request.kind === 'cv' && Number.isNaN(request.from_V);
  const known_s = quiet_s + sweepTime_s(isOpen ? { ...request, from_V: request.vertices_V[1] } : request);
  return Number.isFinite(known_s) ? known_s : 0;
}

/** How long until a condition holds, where the current or power is constant and the condition is on what it counts. */
function untilOf(step: StepNode, looking: Looking): Expected | undefined {
  const expression = looking.file.expressions.get(dotted([...step.place, 'until']));
  if (expression === undefined) return undefined;
  const rate = rateOf(step, looking);
  return ofCondition(expression.syntax);

  function ofCondition(node: Syntax): Expected | undefined {
    if (node.kind === 'logic') {
      const [a, b] = [ofCondition(node.a), ofCondition(node.b)];
      if (a === undefined || b === undefined) return undefined;
      const isFirst = node.op === 'or' ? a.known_s <= b.known_s : a.known_s >= b.known_s;
      return known((isFirst ? a : b).known_s, together([a, b]).by);
    }
    if (node.kind !== 'compare') return undefined;
    const isTurned = node.a.kind !== 'name';
    const [name, other] = isTurned ? [node.b, node.a] : [node.a, node.b];
    const isBelow = node.op.startsWith('<') !== isTurned;
    return name.kind === 'name' ? ofName(name.name, other, isBelow) : undefined;
  }

  function ofName(name: string, other: Syntax, isBelow: boolean): Expected | undefined {
    const reference = looking.names.find(name);
    if ('wrong' in reference) return undefined;
    const value = looking.names.partOf(expression?.text ?? '', other, looking.known);
    if (reference.from === 'part of the run' && value !== undefined) {
      if (reference.part !== 'step' && reference.part !== 'block') return undefined;
      const { num, den, plus } = reference.to;
      const asked = splitName(name)?.unit;
      if (typeof asked !== 'object') return undefined;
      const inAsked =
        value.unit === undefined ? value.value : converted(value.value, conversion(value.unit, asked));
      const known_s = (((inAsked - plus) * den) / num / perSecond(reference.counted, rate)) as number;
      return known_s > 0 && Number.isFinite(known_s) ? known(known_s, 'file') : undefined;
    }
    const isVoltage =
      reference.from === 'role' && splitName(reference.role)?.stem.endsWith('.voltage') === true;
    const capacity_Ah = looking.bench.subject['capacity_Ah'];
    if (!isVoltage || capacity_Ah === undefined || isBelow !== rate.current_A < 0) return undefined;
    const known_s = (3600 * capacity_Ah) / Math.abs(rate.current_A);
    return Number.isFinite(known_s) ? known(known_s, 'figures') : undefined;
  }
}

interface Rate {
  readonly current_A: number;
  readonly power_W: number;
}

/** What is counted in a second: Ah, Wh or s. */
function perSecond(counted: string, { current_A, power_W }: Rate): number {
  const [i, p] = [current_A / 3600, power_W / 3600];
  const by: Readonly<Record<string, number>> = {
    time: 1,
    charge: i,
    chargeIn: Math.max(0, i),
    chargeOut: Math.max(0, -i),
    energy: p,
    energyIn: Math.max(0, p),
    energyOut: Math.max(0, -p),
  };
  return by[counted] ?? Number.NaN;
}

/** Current and power that stay constant in a step; NaN of what does not. */
function rateOf(step: StepNode, looking: Looking): Rate {
  const { key } = step.kind;
  return {
    current_A: key === 'cc' ? constantRate(step, looking, 'A') : key === 'rest' ? 0 : Number.NaN,
    power_W: key === 'cp' ? constantRate(step, looking, 'W') : key === 'rest' ? 0 : Number.NaN,
  };
}

/** What a step sets of its output that is in this unit; NaN where it is not constant or not known. */
function constantRate({ kind, keys, place }: StepNode, { on, known }: Looking, unitWord: 'A' | 'W'): number {
  const own = { ...(keys[kind.key] as Keys) };
  // An approach at a rate is not constant.
  if (Object.keys(own).some(key => stemOf(key) === 'per')) return Number.NaN;
  for (const [key, raw] of Object.entries(own)) {
    const target = on.sets.get(dotted([...place, kind.key, key]));
    const [unit, plain] = [splitName(target?.role ?? '')?.unit, unitNamed(unitWord)];
    if (target === undefined || isRole(key) || typeof unit !== 'object' || plain === undefined) continue;
    if (!sameDimension(unit, plain)) continue;
    const value = constantAt([...place, kind.key, key], raw, on, known);
    return converted(converted(value, target.to), conversion(unit, plain));
  }
  return Number.NaN;
}
