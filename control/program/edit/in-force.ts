import type { Procedure } from '../../../profiles/procedure.ts';
import { isOfMethod } from '../../contract/input-kind.ts';
import type { Input } from '../../review/result.ts';
import type { NightFiles } from '../rehearse/rehearse-once.ts';

/** A method as it is in force, for whoever begins with it. */
export interface MethodInForce {
  readonly path: string;
  /** As it was taken; undefined: as its file is read. */
  readonly text: string | undefined;
  /** At the speed of the run. */
  readonly procedure: Procedure;
  /** All files that a run with it is made from. */
  readonly inputs: readonly Input[];
}

/** What the next run of a session begins with: the method of its start, or that of the last edit which was taken. */
export class MethodOfSession {
  #now: MethodInForce;
  readonly #ofBench: readonly Input[];

  constructor({ method, inputs }: Pick<NightFiles, 'method' | 'inputs'>, procedure: Procedure) {
    this.#ofBench = inputs.filter(({ what }) => !isOfMethod(what));
    this.#now = { path: method.path, text: undefined, procedure, inputs };
  }

  get now(): MethodInForce {
    return this.#now;
  }

  /** An edit was taken; `inputs` are those that the method brings. */
  take(edited: MethodInForce): void {
    this.#now = { ...edited, inputs: [...this.#ofBench, ...edited.inputs] };
  }
}
