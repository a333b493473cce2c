import type { LanguageFiles, ReadCalled } from '../file/calls.ts';
import { Gathered } from '../file/language-error.ts';
import { allSteps, type LanguageFile, type StepNode, topLists } from '../file/nodes.ts';
import { targetsOf } from '../file/rules/ways.ts';
import { atItsCall } from '../layout/called.ts';
import { MOST_ROUNDS } from '../steps/repeat.ts';
import { constantAt, type Known } from './constants.ts';
import { type Expected, eitherOf, expectedOf, NOTHING, timesRounds, together, UNKNOWN } from './expected.ts';
import { dataTime } from './followed.ts';
import { type NamesOfFile, namesOfFile } from './known-part.ts';
import type { DataEnds, Keys, Looking } from './looking.ts';
import { type OnBench, onBench } from './on-bench.ts';
import { beginningOf, ofRamp, ofSet, remember } from './ramp-time.ts';
import type { BenchNames } from './reference.ts';
import { atItsValue, givenTo } from './refused/given-value.ts';
import { refuseNegativeHead } from './refused/negative-times.ts';
import { refuseStep } from './refused/of-step.ts';
import {
  besideRounds,
  countedRounds,
  type Given,
  MOST_VISITS,
  parametersOf,
  roundsOf,
  wrongCount,
} from './rounds.ts';
import { Standing } from './standing.ts';
import { boundOf, hasDeadline, refuseTooShort, timeKey } from './times.ts';
import { refuseUndefinedHead, skippedLists } from './undefined-values.ts';

/**
 * A method gone through before its run: every step in every round of its lists, with what is known there, how long it
 * takes at the most and how long it is expected to take. Every step ends by a time or a deadline, every loop is counted;
 * what the bench holds back (`ramp_per_s`) is in it. Holds and the time that set values need on the wire come on top.
 */
export interface Plan {
  /** The main file itself: its head with the parameters. */
  readonly head: Context;
  readonly phases: readonly PlannedPhase[];
  readonly finally: readonly PlannedStep[];
  readonly longest_s: number;
  readonly expected: Expected;
  /** Parts whose longest time is not known before the run, each with the key that says it. */
  readonly unbounded: readonly string[];
}

/** A phase with its steps; `reentry`: what is done before it goes on after a cut, in no time of the plan. */
export interface PlannedPhase {
  readonly name: string;
  readonly steps: readonly PlannedStep[];
  readonly reentry: readonly PlannedStep[];
}

/** Where something of a file stands: what its expressions mean, and each time that it is gone through. */
export interface Context {
  readonly file: LanguageFile;
  readonly on: OnBench;
  readonly names: NamesOfFile;
  /** As far as `MOST_VISITS`: rounds of `each` differ, those of `repeat` do not. */
  readonly visits: readonly Visit[];
}

/** A step wherever its list is gone through. */
export interface PlannedStep extends Context {
  readonly step: StepNode;
  /** Steps inside, by the key that holds them; of a call its phases and `finally`, of together its lists. */
  readonly inside: readonly PlannedList[];
}

/** Steps inside a step. */
export interface PlannedList {
  readonly what: string;
  readonly steps: readonly PlannedStep[];
}

/** One way through a step. */
export interface Visit {
  readonly known: Known;
  readonly longest_s: number;
  readonly expected: Expected;
}

interface Building extends PlannedStep {
  readonly visits: Visit[];
  readonly inside: (PlannedList & { readonly steps: Building[] })[];
}

interface Spent {
  readonly longest_s: number;
  readonly expected: Expected;
}

/** `find`: the path of a procedure by its name; `given`: parameters of the main file. @throws FileError */
export function planOf(
  files: LanguageFiles,
  bench: BenchNames,
  find: ReadCalled,
  given: Given = new Map(),
  dataEnd_s: DataEnds = () => undefined,
): Plan {
  const unbounded: string[] = [];
  const benches = new Map<LanguageFile, OnBench>();
  const namesFound = new Map<LanguageFile, NamesOfFile>();
  const standing = new Standing();
  const gathered = new Gathered();
  /** A step before this one may have led past it. */
  let isLeft = false;

  // What is wrong in a procedure is told at its call, at once.
  const tell = (file: LanguageFile, work: () => void): void =>
    file === files.main ? void gathered.part(work) : work();
  const note = ({ kind, id }: StepNode, file: LanguageFile, why: string | undefined): void => {
    const because = why === undefined ? '' : ` (${why})`;
    const said = `${file.path}: ${kind.key}${id === undefined ? '' : ` ${id}`}${because}`;
    if (!unbounded.includes(said)) unbounded.push(said);
  };
  const benchOf = (file: LanguageFile): OnBench => {
    const on = benches.get(file) ?? onBench(file, bench);
    benches.set(file, on);
    return on;
  };
  const fileOf = (file: LanguageFile, parameters: Given, isSkipped = false): Looking => {
    const on = benchOf(file);
    const names = namesFound.get(file) ?? namesOfFile(file, bench);
    namesFound.set(file, names);
    return {
      file,
      bench,
      on,
      names,
      known: parametersOf(file, on, parameters),
      standing,
      isSkipped,
      dataEnd_s,
    };
  };
  /** Phases and `finally`, the steps in the lists that are handed over. */
  const ofFile = (looking: Looking, into: Building['inside']): Spent => {
    const { file } = looking;
    if (looking.isSkipped !== true)
      for (const refuse of [refuseUndefinedHead, refuseNegativeHead]) tell(file, () => refuse(looking));
    const lists = [...file.phases.map(p => [p.name, p.steps] as const), ['finally', file.finally] as const];
    const spent = lists.map(([name, steps], i) => {
      // A phase may begin from anywhere: the one before it may have been left. The first one begins with the output off.
      standing.forget();
      if (i === 0 && file === files.main) standing.off();
      into[i] ??= { what: name, steps: [] };
      return ofList(steps, looking, into[i].steps);
    });
    return sumOf(spent);
  };
  const ofList = (list: readonly StepNode[], looking: Looking, into: Building[]): Spent => {
    return sumOf(list.map((step, i) => ofStep(step, looking, into, i)));
  };

  const ofStep = (step: StepNode, looking: Looking, into: Building[], i: number): Spent => {
    const { file, on, names } = looking;
    into[i] ??= { step, file, on, names, visits: [], inside: [] };
    const planned = into[i];
    const beside = besideRounds(step, looking);
    tell(file, () => refuseStep(step, beside, isLeft));
    const begin = beginningOf(step, looking);
    // A deadline counts from the beginning, a time from arrival.
    const own_s = boundOf(step, looking) + (hasDeadline(step) ? 0 : begin.longest_s);
    const isBlock = step.blocks.size + step.lanes.length > 0 || step.kind.key === 'call';
    if (isBlock || isGoal(step, file)) standing.forget();
    const inside = inner(step, looking, planned);
    if (isBlock) standing.forget();
    // What a gate holds up is bounded by the deadline alone.
    const longest_s = 'gate' in step.keys ? own_s : Math.min(own_s, inside.longest_s + begin.longest_s);
    if (step.kind.key === 'ramp' && inside.expected.by === 'file' && own_s < inside.longest_s)
      refuseTooShort(step, looking, inside.longest_s);
    if (longest_s === Number.POSITIVE_INFINITY && !canBeSeenInside(step)) note(step, file, timeKey(step));
    const inner_s = expectedOf(step, looking, inside, isBlock);
    const expected = isBlock
      ? inner_s
      : {
          known_s: Math.min(inner_s.known_s + begin.known_s, longest_s),
          likely_s: Math.min(inner_s.likely_s + begin.known_s, longest_s),
          // From where the approach begins only the run tells.
          by: begin.isOpen ? 'rehearsal' : inner_s.by,
        };
    if (planned.visits.length < MOST_VISITS)
      planned.visits.push({ known: looking.known, longest_s, expected });
    return { longest_s, expected };
  };
  const inner = (step: StepNode, looking: Looking, planned: Building): Spent => {
    const { kind, keys, blocks, lanes } = step;
    const skipped = skippedLists(step, besideRounds(step, looking));
    isLeft ||= skipped.includes('all');
    const list = (what: string, steps: readonly StepNode[], known = looking.known): Spent => {
      const own = planned.inside.find(one => one.what === what) ?? { what, steps: [] };
      if (!planned.inside.includes(own)) planned.inside.push(own);
      const isSkipped = looking.isSkipped === true || skipped.includes(what);
      return ofList(steps, { ...looking, known, isSkipped }, own.steps);
    };
    const steps = blocks.get('steps') ?? [];
    if (kind.key === 'set') return ofSet(step, looking);
    remember(step, looking);
    if (kind.key === 'let') return atOnce;
    if (kind.key === 'ramp') return ofRamp(step, looking);
    if (kind.key === 'if') return longerOf(['then', 'else'].map(key => list(key, blocks.get(key) ?? [])));
    if (kind.key === 'together') return lanes.map((lane, i) => list(`list ${i + 1}`, lane))[0];
    if (kind.key === 'steps') return list('steps', steps);
    if (kind.key === 'repeat') {
      const times = (keys['repeat'] as Keys)['times'];
      const rounds = constantAt([...step.place, 'repeat', 'times'], times, looking.on, looking.known);
      const wrong = wrongCount(rounds);
      if (wrong !== undefined)
        throw looking.file.errors.valueError([...step.place, 'repeat', 'times'], wrong);
      const told = countedRounds(step, rounds, looking);
      if (told !== undefined) return sumOf(told.map(known => list('steps', steps, known)));
      const one = list('steps', steps, besideRounds(step, looking).known);
      if (Number.isNaN(rounds)) note(step, looking.file, `times, ${MOST_ROUNDS} at most`);
      const longest_s = Number.isNaN(rounds) ? Number.POSITIVE_INFINITY : rounds * one.longest_s;
      return { longest_s, expected: timesRounds(one.expected, rounds) };
    }
    if (kind.key === 'each') return sumOf(roundsOf(step, looking).map(known => list('steps', steps, known)));
    if (kind.key === 'call') return called(step, looking, planned);
    const longest_s = kind.key === 'follow' ? dataTime(step, looking) : Number.POSITIVE_INFINITY;
    return { longest_s, expected: NOTHING };
  };

  const called = (step: StepNode, looking: Looking, planned: Building): Spent => {
    const found = find(String(step.keys['call']), looking.file.path);
    const procedure = found === undefined ? undefined : files.procedures.get(found.path);
    if (procedure === undefined) return { longest_s: Number.POSITIVE_INFINITY, expected: UNKNOWN };
    const given = givenTo(step, looking, procedure, benchOf(procedure));
    return atItsCall(step, looking.file, procedure, () => {
      let isFirst = true;
      return atItsValue(step, looking, procedure, given, parameters => {
        const into = isFirst ? planned.inside : [];
        isFirst = false;
        return ofFile(fileOf(procedure, parameters, looking.isSkipped), into);
      });
    });
  };

  const main = fileOf(files.main, given);
  const lists: Building['inside'] = [];
  const spent = ofFile(main, lists);
  const isBounded = unbounded.length;
  const phases = lists.slice(0, -1).map(({ what, steps }, i): PlannedPhase => {
    standing.forget();
    const reentry: Building[] = [];
    ofList(main.file.phases[i].reentry, main, reentry);
    return { name: what, steps, reentry };
  });
  unbounded.splice(isBounded);
  gathered.mustBeNone();
  const head = { file: main.file, on: main.on, names: main.names, visits: [{ known: main.known, ...spent }] };
  return { head, phases, finally: lists.at(-1)?.steps ?? [], ...spent, unbounded };
}

const atOnce: Spent = { longest_s: 0, expected: NOTHING };

function sumOf(parts: readonly Spent[]): Spent {
  return {
    longest_s: parts.reduce((sum, part) => sum + part.longest_s, 0),
    expected: together(parts.map(part => part.expected)),
  };
}

/** One of two ways. */
function longerOf(ways: readonly Spent[]): Spent {
  return {
    longest_s: Math.max(...ways.map(way => way.longest_s)),
    expected: eitherOf(ways.map(way => way.expected)),
  };
}

/** Some step goes to it: what lies between may not have been done. */
function isGoal({ id }: StepNode, file: LanguageFile): boolean {
  if (id === undefined) return false;
  const steps = topLists(file).flatMap(list => [...allSteps(list)]);
  return steps.some(step => targetsOf(step).some(([, target]) => target === `goto ${id}`));
}

/** A block is bounded by what is inside: that says what is not. */
function canBeSeenInside({ blocks, lanes }: StepNode): boolean {
  return blocks.size + lanes.length > 0;
}
