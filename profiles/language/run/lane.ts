import type { Goal, Instruction } from '../layout/instruction.ts';
import type { ActionEnd } from './actions/action.ts';
import { blockEnds, tellDecision } from './beside/early-end.ts';
import { callReturned } from './beside/returned.ts';
import { type Core, Stuck } from './core.ts';
import { countIn } from './count-in.ts';
import type { Mark } from './counts/totals.ts';
import { type Begun, Frame, levelsIn, phaseIn } from './frame.ts';
import type { LaneEvents, LaneLook, LaneResult, LaneState, LedBy, LeftBy } from './lane-types.ts';
import type { Count } from './live-expression.ts';
import { keepCounts, OpenStep } from './open-step.ts';
import { leavingBy, leavingByDecision, leftOut } from './rounds/left-out.ts';
import { giveNames } from './rounds/round-values.ts';
import type { Exceeded, WatchEnd } from './watch.ts';

const ON: LaneResult = { is: 'on' };

/** One way through a program: where it stands, the blocks around it, the step under way. Lists side by side are lanes in it. */
export class Lane {
  pc: number;
  readonly frames: Frame[] = [];
  /** Of the fork that is its innermost block. */
  lanes: Lane[] = [];
  step: OpenStep | undefined;
  readonly #core: Core;
  readonly #events: LaneEvents;
  readonly #begin: number;
  readonly #end: number;
  /** The lane that it is a part of. */
  readonly #outer: Lane | undefined;
  #passed = 0;
  #lead_s = 0;
  #t_s = 0;

  constructor(core: Core, events: LaneEvents, range: readonly [begin: number, end: number], outer?: Lane) {
    this.#core = core;
    this.#events = events;
    [this.#begin, this.#end] = range;
    this.pc = range[0];
    this.#outer = outer;
  }

  /** Counts as an owner in this lane sees them. */
  readonly countOf = (mark: Mark): Count => countIn(this.#core, this, mark);

  /** The step that runs; of lists side by side that of the leading one. */
  readonly innermost = (): OpenStep | undefined => this.step ?? this.lanes[0]?.innermost();

  /** The innermost loop. */
  loop(): Frame | undefined {
    return this.frames.findLast(frame => frame.isLoop) ?? this.#outer?.loop();
  }

  /** The names of the loops around with their values in this round. */
  levels(): Readonly<Record<string, number>> {
    return { ...this.#outer?.levels(), ...levelsIn(this.frames) };
  }

  /** The phase around it; undefined where the file has none. */
  phase(): Frame | undefined {
    return phaseIn(this.frames) ?? this.#outer?.phase();
  }

  /** One look: whatever ends, ends, and what follows begins. */
  look(look: LaneLook): LaneResult {
    this.#passed = 0;
    this.#t_s = look.t_s;
    let dt_s = look.dt_s;
    for (;;) {
      const around = this.#lookAround(dt_s, look.isGated);
      if (around === 'over') return ON;
      const isLeft = typeof around === 'object';
      const found = isLeft
        ? this.#leaveTo(around.to, around.reason, look.t_s, around)
        : this.#inside({ t_s: look.t_s, dt_s, isGated: look.isGated || around === 'shut' });
      if (found !== undefined) return found;
      dt_s = 0;
    }
  }

  /** The blocks around, from the outermost on: whether one ends, or its gate is shut. */
  #lookAround(dt_s: number, isShut: boolean): 'open' | 'shut' | 'over' | ReturnType<typeof blockEnds> {
    let isGated = isShut;
    for (const frame of this.frames) {
      const found = frame.look(dt_s, isGated);
      if (this.#told(found.exceeded)) return 'over';
      if (found.end !== undefined) return blockEnds(this.#core, this.#events, found.end, frame);
      isGated = found.isGated;
    }
    return isGated ? 'shut' : 'open';
  }

  /** Tells of a limit; true: the run has ended with it, nothing more is begun or asked for. */
  #told(found: Exceeded | undefined): boolean {
    if (found !== undefined) this.#events.exceeded(found);
    return this.#events.isOver();
  }

  /** The step under way, or what comes next; undefined: look again. */
  #own(look: LaneLook): LaneResult | undefined {
    const open = this.step;
    if (open === undefined) return this.#next();
    if (this.#told(open.watch.exceeded(open.count, open.column))) return ON;
    const end = open.look(look);
    if (end === undefined) return ON;
    this.close(end, look.t_s);
    if (end.kind === 'failed') return { is: 'away', to: 'stop' };
    if (end.kind === 'missing') return { is: 'away', to: 'trip' };
    if (!('to' in end) || end.to === undefined) return this.#go(this.pc + 1);
    return this.#go(end.to, { why: leavingBy(end, open.label) });
  }

  /** The step, or lists side by side: the first leads, the others are left when it ends. */
  #inside(look: LaneLook): LaneResult | undefined {
    if (this.lanes.length === 0) return this.#own(look);
    for (let i = 0; i < this.lanes.length; i++) {
      const found = this.lanes[i].look(look);
      if (this.#events.isOver()) return ON;
      if (found.is === 'away') return this.#leaveTo(found.to, 'left', look.t_s, found);
      if (i === 0 && found.is === 'through')
        return this.#leaveTo(this.#innermost().behind, 'the leading list has ended', look.t_s);
    }
    return ON;
  }

  /** Closes what is under way in here and goes on; a result: out of this lane. */
  #leaveTo(to: Goal, reason: string, t_s: number, by: LedBy = {}): LaneResult | undefined {
    this.leave(reason, t_s);
    return this.#go(to, by);
  }

  /** Ends the step under way, and those of the lists side by side. */
  leave(reason: string, t_s: number): void {
    for (const lane of this.lanes) lane.leave(reason, t_s);
    this.close({ kind: 'left', reason }, t_s);
  }

  /** Ends the step under way. */
  close(end: ActionEnd | WatchEnd | LeftBy, t_s: number): void {
    const open = this.step;
    if (open === undefined) return;
    open.action.leave?.(end.reason, end.kind);
    this.#core.totals.close(this.#core.env);
    open.keepFigures();
    this.#lead_s = end.kind === 'applied' || end.kind === 'reached' ? open.action.took_s : 0;
    this.step = undefined;
    if (open.instruction.kind === 'set') this.#core.changed(t_s);
    this.#events.closed(open, this.pc, end, t_s);
  }

  /** Goes to a place; blocks that it does not lie in are left, and what loops leave out by that is told. */
  #go(to: Goal, by: LedBy = {}): LaneResult | undefined {
    if (typeof to === 'string') return { is: 'away', to };
    const left = leftOut(this.#core, this.frames, this.pc, to, by.why) ?? by.left;
    while (this.frames.length > 0 && !this.frames[this.frames.length - 1].holds(to)) this.#pop();
    if (to < this.#begin || to > this.#end) return { is: 'away', to, why: by.why, left };
    if (left !== undefined) this.#events.roundsLeft(left);
    this.pc = to;
    return undefined;
  }

  #innermost = (): Frame => this.frames[this.frames.length - 1];

  #pop(): void {
    const frame = this.frames.pop();
    if (frame === undefined) return;
    this.lanes = [];
    const { instruction } = frame;
    if (instruction.id !== undefined) keepCounts(this.#core, instruction.id, frame.mark);
    this.#events.left(frame, this.pc >= frame.behind - 1);
    if (instruction.op === 'enter' && instruction.block === 'phase')
      this.#events.phaseEnd(instruction.name ?? '', 'all steps done');
  }

  /** What a step or block that begins now begins with. */
  begun(): Begun {
    return { start_s: this.#t_s, count: this.countOf, levels: this.levels(), lead_s: this.#lead_s };
  }

  /** The next instruction; undefined: look again, a step has begun. */
  #next(): LaneResult | undefined {
    const { instructions } = this.#core.program;
    if (this.pc >= this.#end && !this.#events.isHeld()) return { is: 'through' };
    // Loops around nothing that takes time must not hold up the beat: they go on in the next one. So behind a hold.
    if (this.#events.isHeld() || this.#passed++ > 2 * instructions.length + 10) return ON;
    const instruction = instructions[this.pc];
    try {
      return this.#pass(instruction);
    } catch (error) {
      if (!(error instanceof Stuck)) throw error;
      this.#events.stuck('where' in instruction ? instruction.where : '', error.message);
      return { is: 'away', to: 'stop' };
    }
  }

  #pass(instruction: Instruction): LaneResult | undefined {
    const core = this.#core;
    const count = this.countOf(this.frames.at(-1)?.mark ?? this.#core.zero);
    switch (instruction.op) {
      case 'run':
        core.totals.close(core.env);
        this.step = new OpenStep(core, instruction, this.begun());
        this.#events.opened(this.step, this.pc);
        return undefined;
      case 'enter':
        return this.#enter(instruction, count);
      case 'leave':
        return this.#leaveBlock(instruction);
      case 'branch': {
        const is = core.once(instruction.when, count);
        if (Number.isNaN(is)) throw core.unknown(instruction.when);
        return this.#go(is === 1 ? this.pc + 1 : instruction.otherwise);
      }
      case 'goto':
        tellDecision(core, this.#events, instruction);
        return this.#go(instruction.to, { why: leavingByDecision(instruction) });
      case 'let':
        giveNames(core, this.#events, instruction, this.loop(), count);
        return this.#go(this.pc + 1);
      case 'fork':
        this.frames.push(new Frame(core, this.pc, instruction, this.begun()));
        this.lanes = this.#lanesOf(instruction);
        return undefined;
    }
  }

  #lanesOf({ lanes, end }: Extract<Instruction, { op: 'fork' }>): Lane[] {
    return lanes.map((begin, i) => new Lane(this.#core, this.#events, [begin, lanes[i + 1] ?? end], this));
  }

  #enter(instruction: Extract<Instruction, { op: 'enter' }>, outer: Count): LaneResult | undefined {
    const core = this.#core;
    if (instruction.block === 'call')
      for (const parameter of instruction.parameters ?? []) core.give(parameter, outer);
    const frame = new Frame(core, this.pc, instruction, this.begun());
    if (instruction.block === 'phase') {
      core.restart('phase');
      this.#events.phase(instruction.name ?? '');
    }
    // What `while` asks of the round is asked of its own: of the one that would begin.
    this.frames.push(frame);
    if (frame.isLoop) core.restart('round');
    if (frame.rounds < 1 || !frame.mayBegin(core, this.countOf(frame.mark))) return this.#go(frame.behind);
    frame.takeRound(core);
    return this.#go(this.pc + 1);
  }

  #leaveBlock({ returns }: Extract<Instruction, { op: 'leave' }>): LaneResult | undefined {
    const core = this.#core;
    const frame = this.#innermost();
    const count = this.countOf(frame.mark);
    if (returns !== undefined) callReturned(core, this.#events, frame, returns, count);
    if (frame.round < frame.rounds) {
      frame.round++;
      frame.roundMark = core.totals.mark();
      core.restart('round');
      frame.takeRound(core);
      if (frame.mayBegin(core, count)) return this.#go(frame.at + 1);
    }
    return this.#go(frame.behind);
  }

  /** Method time until something in here is to be looked at, s. */
  left_s(): number {
    let least_s = this.step?.left_s() ?? Infinity;
    for (const { watch } of this.frames) least_s = Math.min(least_s, watch.left_s());
    for (const lane of this.lanes) least_s = Math.min(least_s, lane.left_s());
    return least_s;
  }

  /** What it remembers. */
  state(): LaneState {
    return {
      pc: this.pc,
      frames: this.frames.map(frame => frame.state()),
      lanes: this.lanes.map(lane => lane.state()),
      step: this.step?.state() ?? null,
    };
  }

  /** Goes on from there. */
  restore(saved: LaneState): void {
    const { instructions } = this.#core.program;
    this.pc = saved.pc;
    for (const state of saved.frames) {
      const instruction = instructions[state.at];
      if (instruction?.op !== 'enter' && instruction?.op !== 'fork')
        throw new RangeError(`${state.at} is no block`);
      this.frames.push(new Frame(this.#core, state.at, instruction, this.begun(), state));
    }
    const fork = this.frames.at(-1)?.instruction;
    if (fork?.op === 'fork' && saved.lanes.length > 0) {
      this.lanes = this.#lanesOf(fork);
      for (const [i, lane] of this.lanes.entries()) lane.restore(saved.lanes[i]);
    }
    const instruction = instructions[saved.pc];
    if (saved.step === null || instruction?.op !== 'run') return;
    this.step = new OpenStep(this.#core, instruction, this.begun(), saved.step);
  }
}
