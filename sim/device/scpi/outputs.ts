import type { Dialect } from './common.ts';
import type { ScpiState } from './state.ts';
import type { Interpreter } from './words.ts';

/** Words that are the whole instrument's, not an output's. */
const WHOLE = /^:?(\*|SYST|INST|OUTP[A-Z]*:PROT[A-Z]*:WDOG)/i;
const OUT_OF_RANGE = -222;

/**
 * The interpreter of an instrument with several outputs: each part of a line goes to the output that it names, what is
 * the whole instrument's to all (the first one answers), a number that is not there into the error queue.
 */
export function outputsInterpreter(dialect: Dialect, outputs: ReadonlyMap<number, ScpiState>): Interpreter {
  const states = [...outputs.values()];
  const interpreters = new Map([...outputs].map(([number, state]) => [number, dialect.interpreter(state)]));
  const all = [...interpreters.values()];
  return line => {
    for (const state of states) state.heard();
    const answers: string[] = [];
    for (const part of line.split(';')) {
      const number = dialect.outputOf?.(part);
      const one = number === undefined ? all[0] : interpreters.get(number);
      const answer = one?.(part);
      if (one === undefined) states[0].pushError(OUT_OF_RANGE);
      else if (number === undefined && WHOLE.test(part) && !part.includes('?'))
        for (const other of all.slice(1)) other(part);
      if (answer !== undefined) answers.push(answer);
    }
    return answers.length === 0 ? undefined : answers.join(';');
  };
}
