import type { Beside } from './pybamm-step.ts';

/** A step as its voltage sees it: +1 charges, -1 discharges, 0 neither; `held_V`: a voltage that it holds. */
interface VoltageStep extends Pick<Beside, 'terminations' | 'duration'> {
  readonly way: number;
  readonly held_V: number | undefined;
}

/**
 * To which voltage the steps of an experiment lead, where they say it: an end by a voltage that the step before it has left
 * behind already is true at once. PyBaMM skips such a step with a warning; here it would end at its first reading. Pure.
 */
export class VoltageCourse {
  /** Where the last step led, and from which side; a rest behind it only goes back to that side. */
  #last: { readonly way: number; readonly to_V: number } | undefined;

  /** The next step, in the order of the experiment: what is to be looked at in its end; undefined: nothing that is known. */
  take({ way, held_V, terminations, duration }: VoltageStep): string | undefined {
    const before = this.#last;
    const [only, ...more] = terminations;
    const end_V = only?.unit === 'V' && more.length === 0 ? only.value : undefined;
    const isRest = way === 0 && held_V === undefined;
    if (held_V !== undefined)
      this.#last = before === undefined ? undefined : { way: before.way, to_V: held_V };
    else if (!isRest)
      this.#last = end_V === undefined || duration !== undefined ? undefined : { way, to_V: end_V };
    if (before === undefined || way * before.way >= 0) return undefined;
    const past = terminations.find(one => one.unit === 'V' && way * (one.value - before.to_V) <= 0);
    if (past === undefined) return undefined;
    const [word, side] = way < 0 ? ['Discharge', 'below'] : ['Charge', 'above'];
    return `${word} until ${past.value} V: true at once, the steps before it lead to ${before.to_V} V, expected an end ${side} that`;
  }
}
