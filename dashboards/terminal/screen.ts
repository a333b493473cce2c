const UP = '\u001b[1A';
const CLEAR_BELOW = '\r\u001b[J';
const CLEAR_LINE = '\r\u001b[K';
const SAVE = '\u001b7';
const BACK = '\u001b8';

/** Where it is printed: a terminal, a pipe, a file. */
export interface Printed {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
  on(event: 'error', listener: () => void): unknown;
}

/**
 * What the program prints. On a terminal a line of status may stand at the foot, written again and again in its place;
 * whoever types has the line below it, and messages come out above it, each on a line of its own.
 */
export class Screen {
  readonly #to: Printed;
  #status = '';

  constructor(to: Printed) {
    this.#to = to;
    // A terminal that has gone, or a pipe that nobody reads any more, is no reason to end a run.
    to.on('error', () => {});
  }

  /** Whether a person sees it: a terminal that lines can be written again on. */
  get isTerminal(): boolean {
    return this.#to.isTTY === true;
  }

  /** Width in characters; undefined: no terminal. */
  get columns(): number | undefined {
    return this.isTerminal ? this.#to.columns : undefined;
  }

  /** A message. */
  say(text: string): void {
    this.#above(UP, text);
  }

  /** A person has typed this and Enter: it stays to be read, and the line for typing is empty again. */
  typed(text: string): void {
    if (this.#status !== '') this.#above(UP + UP, `> ${text}`);
  }

  /** The line of status, one that fits the width; without a terminal it is printed like a message. */
  status(line: string): void {
    if (!this.isTerminal || this.#status === '') this.#to.write(`${line}\n`);
    else this.#to.write(`${SAVE}${UP}${CLEAR_LINE}${line}${BACK}`);
    if (this.isTerminal) this.#status = line;
  }

  /** The line of status stays as it is; what comes now stands below it. */
  endStatus(): void {
    if (this.#status !== '') this.#to.write(CLEAR_LINE);
    this.#status = '';
  }

  #above(up: string, text: string): void {
    if (this.#status === '') this.#to.write(`${text}\n`);
    else this.#to.write(`${up}${CLEAR_BELOW}${text.replace(/^\n/, '')}\n${this.#status}\n`);
  }
}
