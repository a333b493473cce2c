import type {
  FlowInstruction,
  Instruction,
  LanguageInstruction,
  Procedure,
} from '../../profiles/procedure.ts';
import { isTimed, opOf, type TimedInstruction } from '../../profiles/steps/index.ts';
import { noting } from '../../profiles/steps/noting.ts';
import type { Json, Step, StepEnd, StepEnv } from '../../profiles/steps/step.ts';

/** The whole state of a sequencer: small, JSON, written to the journal at each transition and every few seconds. */
export interface SequencerState {
  /** Program counter: index into the procedure's instructions. */
  readonly pc: number;
  /** How often each open loop has still to run, by the index of its `loop` instruction. */
  readonly loops: Readonly<Record<string, number>>;
  readonly phase: string;
  /** Why the last step ended, in words: how the open phase will be said to have ended. */
  readonly lastEnd: string;
  /** The step under way; null between two steps. */
  readonly step: {
    /** Run time at which it began, s. */
    readonly start_s: number;
    /** Time in it, holds excluded, s. */
    readonly elapsed_s: number;
    /** What the step remembers. */
    readonly state: Json;
  } | null;
  /** Roles with a request under way, of whichever step. */
  readonly asked: readonly string[];
  /** Tags as last told: the instruction's own and the step's. */
  readonly tags: readonly [own: readonly string[], step: readonly string[]];
  readonly isOver: boolean;
}

/** What the sequencer tells the run, at once and in the order in which it happens; times are run time, s. */
export interface SequencerEvents {
  phase(name: string, method: string, t_s: number): void;
  phaseEnd(name: string, t_s: number, endedBy: string): void;
  /** A step begins. */
  step(label: string): void;
  stepEnd(pc: number, instruction: TimedInstruction, start_s: number, end: StepEnd, t_s: number): void;
  /** What the interlocks armed by tag go by; called whenever it changes. */
  tags(tags: readonly string[]): void;
  /** A step has begun or ended: time for a checkpoint. */
  transition(t_s: number): void;
  /** The procedure is through (no `step`), or a step asks for the end of the run. */
  end(how: 'complete' | 'stop' | 'trip', reason: string, step?: { label: string; end: StepEnd }): void;
}

interface OpenStep {
  readonly instruction: TimedInstruction;
  readonly step: Step;
  readonly start_s: number;
  elapsed_s: number;
}

const NO_TAGS: readonly string[] = [];

/**
 * Runs a procedure, one tick at a time. Time comes in with the tick; when nobody ticks (Held), nothing moves. Made with
 * `saved`, it goes on from there as if nothing had been.
 *
 * It sees to every value that a step asks for: one that is refused or fails ends the step that runs then, whether it has
 * asked for it itself or an earlier one has. A set point that did not arrive is not a thing to go on from.
 */
export class Sequencer {
  readonly #procedure: Procedure;
  readonly #env: StepEnv;
  readonly #events: SequencerEvents;
  #pc = 0;
  #loops: Record<string, number> = {};
  #phase = '';
  #lastEnd = 'start';
  readonly #asked = new Set<string>();
  #open: OpenStep | undefined;
  #isOver = false;
  /** Tags as last told: the instruction's own and the step's. */
  #ownTags = NO_TAGS;
  #stepTags = NO_TAGS;
  /** Instructions without time that this beat has passed. */
  #passed = 0;

  constructor(procedure: Procedure, env: StepEnv, events: SequencerEvents, saved?: SequencerState) {
    this.#procedure = procedure;
    this.#events = events;
    this.#env = noting(env, this.#asked);
    if (saved !== undefined) this.#restore(saved);
  }

  /** All that a sequencer needs to go on from here. */
  state(): SequencerState {
    const open = this.#open;
    return {
      pc: this.#pc,
      loops: { ...this.#loops },
      phase: this.#phase,
      lastEnd: this.#lastEnd,
      step:
        open === undefined
          ? null
          : { start_s: open.start_s, elapsed_s: open.elapsed_s, state: open.step.state() },
      asked: [...this.#asked],
      tags: [this.#ownTags, this.#stepTags],
      isOver: this.#isOver,
    };
  }

  /** Label of the step under way; empty between two. */
  get label(): string {
    return this.#open?.instruction.label ?? '';
  }

  /** The phase under way; empty before the first. */
  get phase(): string {
    return this.#phase;
  }

  /** Time until the step under way is to be looked at whatever the beat, s; Infinity: at the beats. */
  get left_s(): number {
    const open = this.#open;
    const due_s = open?.step.due_s?.();
    return open === undefined || due_s === undefined ? Infinity : due_s - open.elapsed_s;
  }

  /** Whether the step under way ends with what it has asked for. */
  get isAwaiting(): boolean {
    return this.#open?.step.isAwaiting?.() ?? false;
  }

  /** Tags of the present step: the instruction's own and those that the step has for now. */
  tags(): readonly string[] {
    return this.#stepTags.length === 0 ? this.#ownTags : [...this.#ownTags, ...this.#stepTags];
  }

  /**
   * One beat, or a look between two. dt_s is the time since the last one in which the sequencer was running; after a hold it does not count,
   * for nobody looked.
   */
  tick(t_s: number, dt_s: number, isAfterHold: boolean): void {
    if (this.#isOver) return;
    this.#passed = 0;
    // A step that begins in this beat has lasted for no time yet.
    let dt = this.#open === undefined || isAfterHold ? 0 : dt_s;
    let failed = this.#failed();
    let lead_s = 0;
    // Instructions that take no time (phase, loop) are passed in the same beat; each beat passes the list once at most.
    for (let guard = 0; guard <= this.#procedure.instructions.length; guard++) {
      const open = this.#open ?? this.#next(t_s, lead_s);
      if (open === undefined) return;
      open.elapsed_s += dt;
      const end = failed ?? open.step.tick({ t_s, dt_s: dt, elapsed_s: open.elapsed_s, isAfterHold });
      if (end === undefined) {
        this.#showTags(open);
        return;
      }
      this.#close(open, end, t_s);
      if (this.#isOver) return;
      failed = undefined;
      dt = 0;
      // From set point leaving to set point leaving a step is as long as it should be: how long each takes to be read
      // back, which is much the same, then falls out from applied to applied.
      lead_s = end.took_s ?? 0;
    }
  }

  /** Ends whatever runs; for stop and trip. The open phase is closed with the reason. */
  cancel(t_s: number, reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#open?.step.leave?.();
    this.#open = undefined;
    if (this.#phase !== '') this.#events.phaseEnd(this.#phase, t_s, reason);
  }

  /** The first value asked for that was refused or failed, as the end of the present step; settled ones are done with. */
  #failed(): StepEnd | undefined {
    if (this.#asked.size === 0) return undefined;
    for (const role of this.#asked) {
      const { outcome, reason } = this.#env.answer(role);
      if (outcome === 'applied') this.#asked.delete(role);
      else if (outcome === 'refused')
        return { kind: 'refused', role, reason: `${role} refused: ${reason}`, leadsTo: 'stop' };
      else if (outcome === 'failed')
        return { kind: 'failed', role, reason: `${role} not applied: ${reason}`, leadsTo: 'trip' };
    }
    return undefined;
  }

  #showTags(open: OpenStep): void {
    const own = open.instruction.tags;
    const extra = open.step.tags?.() ?? NO_TAGS;
    if (isSame(own, this.#ownTags) && isSame(extra, this.#stepTags)) return;
    this.#ownTags = own;
    this.#stepTags = extra;
    this.#events.tags(this.tags());
  }

  /** Goes to the next instruction that takes time and opens it, `lead_s` after it has begun. Undefined: the procedure is through, or on its way on. */
  #next(t_s: number, lead_s: number): OpenStep | undefined {
    const { instructions } = this.#procedure;
    for (;;) {
      const instruction: Instruction | undefined = instructions[this.#pc];
      if (instruction === undefined) {
        this.#isOver = true;
        if (this.#phase !== '') this.#events.phaseEnd(this.#phase, t_s, this.#lastEnd);
        this.#events.end('complete', 'procedure completed');
        return undefined;
      }
      if (!isTimed(instruction)) {
        // Loops around nothing that takes time must not hold up the beat: they go on in the next one.
        if (this.#passed++ > 2 * instructions.length) return undefined;
        this.#pass(instruction, t_s);
        continue;
      }
      this.#events.step(instruction.label);
      const step = this.#make(instruction);
      this.#open = { instruction, step, start_s: t_s - lead_s, elapsed_s: lead_s };
      this.#events.transition(t_s);
      return this.#open;
    }
  }

  #make(instruction: TimedInstruction, saved?: Json): Step {
    const op = opOf(instruction);
    if (op === undefined) throw new Error(`"${instruction.op}" is no step`);
    return op.open(instruction, this.#env, saved);
  }

  /** Passes an instruction that only moves the program counter. */
  #pass(instruction: FlowInstruction | LanguageInstruction, t_s: number): void {
    if (instruction.op === 'phase') {
      if (this.#phase !== '') this.#events.phaseEnd(this.#phase, t_s, this.#lastEnd);
      this.#phase = instruction.name;
      this.#events.phase(instruction.name, instruction.method, t_s);
      this.#pc++;
    } else if (instruction.op === 'loop') {
      const left = this.#loops[this.#pc] ?? instruction.times;
      if (left <= 0) {
        delete this.#loops[this.#pc];
        this.#pc = instruction.end + 1;
      } else {
        this.#loops[this.#pc] = left - 1;
        this.#pc++;
      }
    } else if (instruction.op === 'endLoop') this.#pc = instruction.start;
    else this.#pc++;
  }

  #close(open: OpenStep, end: StepEnd, t_s: number): void {
    const { instruction, step, start_s } = open;
    step.leave?.();
    this.#open = undefined;
    // A phase that closes with set points has simply been gone through.
    const isSetting = end.kind === 'applied' || end.kind === 'reached';
    this.#lastEnd = isSetting ? 'all steps done' : end.reason;
    this.#events.stepEnd(this.#pc, instruction, start_s, end, t_s);
    if (end.leadsTo === 'stop' || end.leadsTo === 'trip') {
      this.#isOver = true;
      if (this.#phase !== '') this.#events.phaseEnd(this.#phase, t_s, end.reason);
      const { label } = instruction;
      this.#events.end(end.leadsTo, `${label}: ${end.reason}`, { label, end });
      return;
    }
    const target = end.leadsTo === 'skipSweep' ? opOf(instruction)?.sweepEnd?.(instruction) : undefined;
    this.#pc = target ?? this.#pc + 1;
    this.#events.transition(t_s);
  }

  #restore(saved: SequencerState): void {
    this.#pc = saved.pc;
    this.#loops = { ...saved.loops };
    this.#phase = saved.phase;
    this.#lastEnd = saved.lastEnd;
    this.#isOver = saved.isOver;
    for (const role of saved.asked) this.#asked.add(role);
    [this.#ownTags, this.#stepTags] = saved.tags;
    const instruction = this.#procedure.instructions[saved.pc];
    if (saved.step === null || instruction === undefined || !isTimed(instruction)) return;
    const { start_s, elapsed_s, state } = saved.step;
    this.#open = { instruction, step: this.#make(instruction, state), start_s, elapsed_s };
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((tag, i) => tag === b[i]));
}
