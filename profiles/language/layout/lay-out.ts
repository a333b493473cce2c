import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { type OnBench, onBench } from '../bench/on-bench.ts';
import type { BenchNames, Reference } from '../bench/reference.ts';
import type { LanguageFiles, ReadCalled } from '../file/calls.ts';
import type { LanguageFile, PhaseNode, StepNode } from '../file/nodes.ts';
import { isBuiltIn } from '../methods/built-in.ts';
import { atItsCall, calledBy, whereIs } from './called.ts';
import { derivedOf } from './derived.ts';
import { type Around, endsOf, type Mark, type Mutable, setGoal, within } from './ends.ts';
import { returnedNames, type StepFigure, stepFigure, wrongFigure } from './figures.ts';
import { givenAtCall } from './given-at-call.ts';
import type {
  Assignment,
  Block,
  Ends,
  Goal,
  Instruction,
  Labelled,
  Limit,
  Program,
  Value,
} from './instruction.ts';
import { labelOf } from './label.ts';
import { ownName, withOwnNames } from './own-names.ts';
import { recordOf } from './record-rule.ts';
import {
  assignmentsAt,
  conditionAt,
  defaultsOf,
  limitsAt,
  namedByLet,
  resolved,
  returnsOf,
  setsIn,
  valueAt,
} from './values.ts';

/** Lays out a method with its procedures as a flat list of instructions for one bench. */

type Keys = Readonly<Record<string, unknown>>;

/** @throws FileError of a name that the bench does not have, of a call that nobody knows */
export function layOut(files: LanguageFiles, bench: BenchNames, find: ReadCalled): Program {
  const instructions: Instruction[] = [];
  const patches: (() => void)[] = [];
  const benches = new Map<LanguageFile, OnBench>();
  const figures = new Map<string, StepFigure>();
  const reads = new Set<string>();
  const sets = new Set<string>();
  const here = (): number => instructions.length;
  const withReentry: { readonly phase: PhaseNode; readonly file: LanguageFile; readonly at: number }[] = [];
  const noteFigure = (slot: Reference, file: LanguageFile, fail: (text: string) => Error): void => {
    if (slot.from !== 'step') return;
    const returned = returnedNames(slot.id, file, procedureOf);
    const figure = stepFigure(file.path, slot.id, slot.name, bench, returned);
    const wrong = figure.from === 'returned' ? wrongFigure(slot, file, returned) : undefined;
    if (wrong !== undefined) throw fail(wrong);
    figures.set(`${ownName(file.path, slot.id)}.${slot.name}`, figure);
  };
  const emit = <I extends Instruction>(instruction: I): Mutable<I> => {
    instructions.push(instruction);
    return instruction;
  };
  const onOf = (file: LanguageFile): OnBench => {
    const known = benches.get(file);
    if (known !== undefined) return known;
    const on = onBench(file, bench);
    for (const [key, { slots }] of on.expressions) {
      const place = file.expressions.get(key)?.place ?? [];
      for (const slot of slots) noteFigure(slot, file, text => file.errors.error(place, text));
    }
    for (const role of on.reads) reads.add(role);
    for (const role of on.settings) sets.add(role);
    const own = withOwnNames(on, file.path);
    benches.set(file, own);
    return own;
  };

  const procedureOf = (step: StepNode, file: LanguageFile): LanguageFile => calledBy(step, file, files, find);
  /** Line of the person's call in which a built-in method is being laid out. */
  let call: string | undefined;
  const lineIn = (file: LanguageFile, by?: string) => (place: Place) => whereIs(file, place, call ?? by);
  const labelIn = (step: StepNode, file: LanguageFile): Labelled =>
    labelOf(step, file.path, lineIn(file), onOf(file));

  /** Limits of a file; `by`: the line of its call. */
  const limitsOf = (file: LanguageFile, by?: string): Limit[] =>
    limitsAt(file.head['limits'], ['limits'], onOf(file), lineIn(file, by));

  /** All phases of a file; `finish` of a procedure is its own end. */
  function layFile(file: LanguageFile, finish: Mark): void {
    for (const phase of file.phases) {
      const next: Mark = { at: 0 };
      const around = within(next, finish);
      if (phase.name === '') layList(phase.steps, file, around);
      else layPhase(phase, file, around);
      next.at = here();
    }
  }

  function layPhase(phase: PhaseNode, file: LanguageFile, around: Around): void {
    const label = {
      place: `${file.path} ${dotted(phase.place)}`,
      where: whereIs(file, phase.place, call),
      name: phase.name,
      tags: [],
      limits: limitsAt(phase.limits, [...phase.place, 'limits'], onOf(file), lineIn(file)),
      ...recordOf({ record: phase.record }, phase.place, onOf(file)),
    };
    const ends: Ends = { exits: [], otherwise: 'stop' };
    const enter = emit({ ...label, op: 'enter', block: 'phase' as const, end: 0, ends });
    const start = here() - 1;
    if (phase.reentry.length > 0) withReentry.push({ phase, file, at: start });
    layList(phase.steps, file, around);
    enter.end = here();
    emit({ op: 'leave', start });
  }

  function layList(list: readonly StepNode[], file: LanguageFile, around: Around): void {
    const marks = list.map((): Mark => ({ at: 0 }));
    const own = list.flatMap((step, i) => (step.id === undefined ? [] : [[step.id, marks[i]] as const]));
    const inside = { ...around, ids: new Map([...around.ids, ...own]) };
    list.forEach((step, i) => {
      marks[i].at = here();
      layStep(step, file, inside);
    });
  }

  function layStep(step: StepNode, file: LanguageFile, around: Around): void {
    const on = onOf(file);
    const { kind, keys, place } = step;
    const next: Mark = { at: 0 };
    const label = labelIn(step, file);
    const at = [...place, kind.key];
    if (kind.key === 'if') layBranch(step, file, around, next);
    else if (kind.key === 'let') {
      emit({ ...label, op: 'let', values: assignmentsAt(keys['let'], at, on, file.path) });
    } else if (kind.key === 'together') {
      const fork = emit({
        ...label,
        op: 'fork',
        lanes: [] as number[],
        end: 0,
        ends: endsOf(step, onOf(file), next, around, patches),
      });
      for (const lane of step.lanes) {
        fork.lanes = [...fork.lanes, here()];
        layList(lane, file, around);
      }
      fork.end = here();
    } else if (kind.own === 'steps' || kind.own === 'word' || step.blocks.size > 0) {
      layBlock(step, file, around, next);
    } else {
      const own = resolved(keys[kind.key], at, on) as Keys;
      const sets = setsIn(keys[kind.key] as Keys, at, on);
      emit({
        ...label,
        op: 'run',
        kind: kind.key,
        own,
        sets,
        ends: endsOf(step, on, next, around, patches),
        afterCut: label.exact_s === undefined ? kind.resume : ('again' as const),
      });
    }
    next.at = here();
  }

  function layBranch(step: StepNode, file: LanguageFile, around: Around, next: Mark): void {
    const on = onOf(file);
    const when = conditionAt([...step.place, 'if'], on);
    if (when === undefined) return;
    const branch = emit({ ...labelIn(step, file), op: 'branch', when, otherwise: 0 });
    layWay(step, 'then', file, around, next, { place: branch.where, text: `if ${when.text}` });
    const skip = 'else' in step.keys ? emit({ op: 'goto', to: 'stop' as Goal }) : undefined;
    branch.otherwise = here();
    if (skip === undefined) return;
    layWay(step, 'else', file, around, next, { place: branch.where, text: `if ${when.text}: else` });
    const behind = here();
    patches.push(() => {
      skip.to = behind;
    });
  }

  /** Steps, or a target. */
  function layWay(
    step: StepNode,
    key: 'then' | 'else',
    file: LanguageFile,
    around: Around,
    next: Mark,
    why: { readonly place: string; readonly text: string },
  ): void {
    const steps = step.blocks.get(key);
    if (steps !== undefined) {
      layList(steps, file, around);
      return;
    }
    const leads = step.keys[key] === 'finish' ? { isFinish: true as const } : {};
    const jump = emit({ op: 'goto', to: 'stop' as Goal, why, ...leads });
    setGoal(step.keys[key], next, around, patches, to => {
      jump.to = to;
    });
  }

  function layBlock(step: StepNode, file: LanguageFile, around: Around, next: Mark): void {
    const on = onOf(file);
    const { kind, keys, place } = step;
    const at = [...place, kind.key];
    const own = keys[kind.key] as Keys;
    const condition = conditionAt([...at, 'while'], on);
    const label = labelIn(step, file);
    // A procedure lies in the step that calls it: what it says itself comes first.
    const called = kind.key === 'call' ? procedureOf(step, file) : undefined;
    const inner =
      called === undefined
        ? {}
        : atItsCall(step, file, called, () => recordOf(called.head, [], onOf(called)));
    const enter = emit({
      ...label,
      ...(called === undefined
        ? {}
        : {
            limits: [...label.limits, ...limitsOf(called, whereIs(file, [...place, 'call'], call))],
            lets: namedByLet(called),
            ...(called.head['skippable'] === 'no' ? { skippable: 'no' as const } : {}),
          }),
      ...('record' in inner ? { record: { ...label.record, ...inner.record }, ownRecord: inner.record } : {}),
      op: 'enter',
      block: kind.key as Block,
      end: 0,
      ends: endsOf(step, onOf(file), next, around, patches),
      ...(kind.key === 'repeat' ? { times: valueAt(own['times'], [...at, 'times'], on) } : {}),
      ...(condition === undefined ? {} : { while: condition }),
      ...(kind.key === 'each' ? { lists: assignmentsAt(own, at, on, file.path) } : {}),
      ...(kind.key === 'call' ? { called: String(keys['call']), parameters: given(step, file) } : {}),
    });
    const start = here() - 1;
    const returns =
      called === undefined ? undefined : atItsCall(step, file, called, () => layCall(step, file));
    if (called === undefined) layList(step.blocks.get('steps') ?? [], file, { ...around, leave: next });
    enter.end = here();
    emit({ op: 'leave', start, ...(returns === undefined ? {} : { returns }) });
  }

  /** The steps of the procedure, and what it returns. */
  function layCall(step: StepNode, file: LanguageFile): Readonly<Record<string, Value>> {
    const procedure = procedureOf(step, file);
    const end: Mark = { at: 0 };
    const around = call;
    if (!isBuiltIn(file.path)) call = whereIs(file, [...step.place, 'call'], undefined);
    layFile(procedure, end);
    end.at = here();
    layList(procedure.finally, procedure, within(end));
    call = around;
    return returnsOf(procedure.head, onOf(procedure));
  }

  const given = (step: StepNode, file: LanguageFile): readonly Assignment[] => {
    const called = procedureOf(step, file);
    return givenAtCall(step, { file, on: onOf(file) }, { file: called, on: onOf(called) }, bench);
  };

  const finish: Mark = { at: 0 };
  layFile(files.main, finish);
  finish.at = here();
  const behind: Mark = { at: 0 };
  layList(files.main.finally, files.main, within(behind));
  behind.at = here();
  const end = here();
  const reentries = withReentry.map(({ phase, file, at }) => {
    const begin = here();
    const through: Mark = { at: 0 };
    layList(phase.reentry, file, within(through));
    through.at = here();
    return { phase: at, begin, end: here() };
  });
  for (const patch of patches) patch();
  const { head, path, name } = files.main;
  const on = onOf(files.main);
  return {
    method: name,
    path,
    instructions,
    parameters: defaultsOf(head, on, path),
    limits: limitsOf(files.main),
    ...recordOf(head, [], on),
    derived: [...benches.keys()].flatMap(file => derivedOf(file, onOf(file))),
    figures: [...figures.values()],
    reads: [...reads].sort(),
    sets: [...sets].sort(),
    returns: returnsOf(head, on),
    finally: finish.at,
    end,
    reentries,
  };
}
