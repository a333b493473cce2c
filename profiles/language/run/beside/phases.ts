import type { Program } from '../../layout/instruction.ts';
import type { Lane } from '../lane.ts';
import type { MethodEvents } from '../method-events.ts';

/** The phase of a method that has none. */
export const RUN_PHASE = 'run';
const FINALLY = 'finally';

/** In which phase a method is, and who is told. Times are run times, s. */
export class Phases {
  /** '': none has begun. */
  name = '';
  readonly #program: Program;
  readonly #events: MethodEvents;

  constructor(program: Program, events: MethodEvents) {
    this.#program = program;
    this.#events = events;
  }

  /** At the first look: where the method names no phase of its own, all of it is one. */
  begin(t_s: number): void {
    const [first] = this.#program.instructions;
    if (first?.op === 'enter' && first.block === 'phase') return;
    this.#next(RUN_PHASE, t_s);
  }

  /** The safe end of the method is a phase of its own. */
  enterFinally(main: Lane, t_s: number, endedBy: string): void {
    const isCome = main.pc >= this.#program.finally && this.#program.finally < this.#program.end;
    if (this.name === FINALLY || !isCome) return;
    this.end(t_s, endedBy);
    this.#next(FINALLY, t_s);
  }

  /** The run is over: the open phase is closed. */
  end(t_s: number, endedBy: string): void {
    if (this.name !== '') this.#events.phaseEnd(this.name, t_s, endedBy);
  }

  #next(name: string, t_s: number): void {
    this.name = name;
    this.#events.phase(name, 'steps', t_s);
  }
}
