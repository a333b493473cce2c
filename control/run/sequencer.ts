import type { Instruction, Procedure } from '../../profiles/procedure.ts';
import type { Journal } from '../record/journal.ts';
import type { Cause } from './cause.ts';
import type { Tick } from './pipelines/tick.ts';
import { pointStep, rampStep, setStep, waitStep } from './steps/simple-steps.ts';
import type { Step, StepEnd, StepEnv } from './steps/step.ts';
import { followStep, pressureStep } from './steps/stream-steps.ts';

/** The whole state of a run: small, serialisable, written to the journal at each transition. */
export interface SequencerState {
  /** Program counter: index into the procedure's instructions. */
  pc: number;
  /** How often each open loop has still to run, by the index of its `loop` instruction. */
  loops: Record<number, number>;
  /** Time in the present step, holds excluded, s. */
  elapsed_s: number;
  phase: string;
}

/** What the sequencer tells the run, at once and in the order in which it happens; times are run time, s. */
export interface SequencerEvents {
  phase(name: string, method: string, t_s: number): void;
  phaseEnd(name: string, t_s: number, endedBy: string): void;
  step(label: string): void;
  /** What the interlocks armed by tag go by; called whenever it changes. */
  tags(tags: readonly string[]): void;
  /** The procedure is through, or a step asks for the end of the run. */
  end(how: 'complete' | 'stop' | 'trip', cause: Cause, reason: string): void;
}

const NO_TAGS: readonly string[] = [];

/**
 * Runs a procedure, one tick at a time. Time comes in with the tick; when nobody ticks (Held), nothing moves.
 * Every step ends with its reason in the journal.
 */
export class Sequencer {
  readonly state: SequencerState = { pc: 0, loops: {}, elapsed_s: 0, phase: '' };
  readonly #procedure: Procedure;
  readonly #env: StepEnv;
  readonly #journal: Journal;
  readonly #events: SequencerEvents;
  #step: Step | undefined;
  #stepStart_s = 0;
  #lastEnd = 'start';
  #stepTags = NO_TAGS;
  #over = false;

  constructor(procedure: Procedure, env: StepEnv, events: SequencerEvents) {
    this.#procedure = procedure;
    this.#env = env;
    this.#journal = env.journal;
    this.#events = events;
  }

  /** One beat. dt_s is the time since the last beat in which the sequencer was running. */
  tick(t_s: number, dt_s: number): void {
    if (this.#over) return;
    let dt = dt_s;
    // Instructions that take no time (phase, loop) are passed in the same beat; each beat passes the list once at most.
    for (let guard = 0; guard <= this.#procedure.instructions.length; guard++) {
      if (this.#step === undefined && !this.#open(t_s)) return;
      this.state.elapsed_s += dt;
      const tick: Tick = { t_s, dt_s: dt, elapsed_s: this.state.elapsed_s };
      const end = this.#step?.tick(tick);
      this.#showTags();
      if (end === undefined) return;
      this.#close(t_s, end);
      if (this.#over) return;
      dt = 0;
    }
  }

  /** Tags of the present step: the instruction's own and those that the step has for now. */
  tags(): readonly string[] {
    const own = this.#procedure.instructions[this.state.pc]?.tags ?? [];
    return this.#stepTags.length === 0 ? own : [...own, ...this.#stepTags];
  }

  #showTags(): void {
    const tags = this.#step?.tags?.() ?? NO_TAGS;
    if (tags === this.#stepTags) return;
    this.#stepTags = tags;
    this.#events.tags(this.tags());
  }

  /** Ends whatever runs; for stop and trip. The open phase is closed with the reason. */
  cancel(t_s: number, reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#step?.leave?.();
    this.#step = undefined;
    if (this.state.phase !== '') this.#events.phaseEnd(this.state.phase, t_s, reason);
  }

  /** Goes to the next instruction that takes time and opens it. False when the procedure is through. */
  #open(t_s: number): boolean {
    const { instructions } = this.#procedure;
    for (;;) {
      const instruction = instructions[this.state.pc];
      if (instruction === undefined) {
        this.#over = true;
        if (this.state.phase !== '') this.#events.phaseEnd(this.state.phase, t_s, this.#lastEnd);
        this.#events.end('complete', { by: 'procedure', id: 'complete' }, 'procedure completed');
        return false;
      }
      if (this.#pass(instruction, t_s)) continue;
      this.state.elapsed_s = 0;
      this.#stepStart_s = t_s;
      this.#events.step(instruction.label);
      this.#step = makeStep(instruction, this.#env);
      this.#stepTags = NO_TAGS;
      this.#events.tags(instruction.tags);
      this.#journal.checkpoint(t_s, this.state);
      return true;
    }
  }

  /** Handles instructions that only move the program counter. */
  #pass(instruction: Instruction, t_s: number): boolean {
    const { state } = this;
    if (instruction.op === 'phase') {
      if (state.phase !== '') this.#events.phaseEnd(state.phase, t_s, this.#lastEnd);
      state.phase = instruction.name;
      this.#events.phase(instruction.name, instruction.method, t_s);
    } else if (instruction.op === 'loop') {
      const left = state.loops[state.pc] ?? instruction.times;
      if (left <= 0) {
        delete state.loops[state.pc];
        state.pc = instruction.end + 1;
        return true;
      }
      state.loops[state.pc] = left - 1;
    } else if (instruction.op === 'endLoop') {
      state.pc = instruction.start;
      return true;
    } else return false;
    state.pc++;
    return true;
  }

  #close(t_s: number, end: StepEnd): void {
    const instruction = this.#procedure.instructions[this.state.pc];
    this.#step?.leave?.();
    this.#step = undefined;
    // A phase that closes with a set point has simply been gone through.
    const isSetting = instruction.op === 'set' || instruction.op === 'ramp';
    this.#lastEnd = isSetting && end.leadsTo === 'next' ? 'all steps done' : end.reason;
    this.#journal.event({
      t_s,
      kind: 'step',
      text: `${instruction.label}: ${end.reason}`,
      data: {
        pc: this.state.pc,
        op: instruction.op,
        start_s: this.#stepStart_s,
        ended: end.kind,
        reason: end.reason,
      },
    });
    if (end.leadsTo === 'stop' || end.leadsTo === 'trip') {
      this.#over = true;
      this.#events.phaseEnd(this.state.phase, t_s, end.reason);
      this.#events.end(
        end.leadsTo,
        { by: 'step', id: instruction.label },
        `${instruction.label}: ${end.reason}`,
      );
      return;
    }
    const legEnd = instruction.op === 'point' ? instruction.legEnd : undefined;
    this.state.pc = end.leadsTo === 'skipSweep' && legEnd !== undefined ? legEnd : this.state.pc + 1;
    this.#journal.checkpoint(t_s, this.state);
  }
}

function makeStep(instruction: Instruction, env: StepEnv): Step {
  switch (instruction.op) {
    case 'set':
      return setStep(instruction, env);
    case 'ramp':
      return rampStep(instruction, env);
    case 'wait':
      return waitStep(instruction, env);
    case 'point':
      return pointStep(instruction, env);
    case 'follow':
      return followStep(instruction, env);
    case 'pressure':
      return pressureStep(instruction, env);
    case 'phase':
    case 'loop':
    case 'endLoop':
      throw new Error(`"${instruction.op}" takes no time and is no step`);
  }
}
