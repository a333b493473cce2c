import type { ScpiState } from './state.ts';

/** One header of an instrument: what it answers, what it does. */
export interface Word {
  /** Answers `HEADER?`; undefined: it refuses, having pushed an error. */
  readonly ask?: (argument: string, suffix: string) => string | undefined;
  /** Carries `HEADER argument` out; an error number where it refuses. */
  readonly say?: (argument: string, suffix: string) => number | undefined;
}

/** Headers as manuals write them: `[SOURce:]VOLTage[:LEVel]`, `SOURce#:CURRent`, capitals are the short form. */
export type Words = readonly (readonly [header: string, word: Word])[];

/** Carries out one line; returns the answer without its end, or undefined if nothing is answered. */
export type Interpreter = (line: string) => string | undefined;

/** A header's expression: either form of each word, any case, optional parts, a number where `#` stands. */
function matcher(header: string): RegExp {
  const source = header
    .replace(/[*]/g, '\\*')
    .replace(/\[([^\]]*)\]/g, '(?:$1)?')
    .replace(/([A-Z]+)([a-z]+)/g, '$1(?:$2)?')
    .replace(/#/g, '(\\d+)');
  return new RegExp(`^:?${source}$`, 'i');
}

/**
 * The interpreter of SCPI-1999: commands parted by semicolons, errors into the queue (-113 unknown header, -109 argument
 * missing, -222 out of range), answers to several questions parted by semicolons.
 */
export function interpreter(state: Pick<ScpiState, 'heard' | 'pushError'>, words: Words): Interpreter {
  const known = words.map(([header, word]) => [matcher(header), word] as const);
  return line => {
    state.heard();
    const answers: string[] = [];
    for (const part of line.split(';')) {
      const [header, ...rest] = part.trim().split(/\s+/);
      const argument = rest.join(' ');
      const isQuestion = header.endsWith('?') || argument.endsWith('?');
      const bare = header.replace(/\?$/, '');
      const found = known.find(([expression]) => expression.test(bare));
      const act = isQuestion ? found?.[1].ask : found?.[1].say;
      if (found === undefined || act === undefined) {
        state.pushError(-113);
        continue;
      }
      const suffix = found[0].exec(bare)?.[1] ?? '';
      if (isQuestion) {
        const answer = act(argument.replace(/\?$/, ''), suffix);
        if (typeof answer === 'string') answers.push(answer);
      } else {
        const code = act(argument, suffix);
        if (typeof code === 'number') state.pushError(code);
      }
    }
    return answers.length === 0 ? undefined : answers.join(';');
  };
}

/** A number with perhaps its unit; NaN for anything else. */
export function numberOf(argument: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?\s*[A-Z]*$/i.test(argument)
    ? Number.parseFloat(argument)
    : Number.NaN;
}

/** ON, OFF, 1, 0; undefined for anything else. */
export function switchOf(argument: string): boolean | undefined {
  if (/^(ON|1)$/i.test(argument)) return true;
  return /^(OFF|0)$/i.test(argument) ? false : undefined;
}

/** For a command that cannot be refused. */
export const done = (_: unknown): undefined => undefined;
