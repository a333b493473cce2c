import { scriptNumber } from './words.ts';

/** A script as it is received, line by line: what the instrument refuses before it runs anything. */

/** One command; those that stand inside it where it opens a block. */
export interface Statement {
  readonly command: string;
  readonly args: readonly string[];
  /** Words in brackets behind the arguments: `add_meas(0 ab u)`, `nscans(3)`. */
  readonly extras: readonly (readonly string[])[];
  readonly line: number;
  readonly body: Statement[];
}

/** A script that has been taken. */
export interface Script {
  readonly main: readonly Statement[];
  readonly onFinished: readonly Statement[];
  readonly variables: ReadonlySet<string>;
}

/** Why a script is not taken. */
export class LoadError extends Error {
  readonly code: string;
  readonly line: number;
  constructor(code: string, line: number) {
    super(`${code}: Line ${line}`);
    this.code = code;
    this.line = line;
  }
}

const MEASURING = ['ca', 'cp', 'ocp', 'lsv', 'cv', 'eis', 'geis'].map(name => `meas_loop_${name}`);
/** How many arguments each takes, and how many of the first are variables that are filled. */
const COMMANDS: Readonly<Record<string, readonly [args: number, outputs: number]>> = {
  store_var: [3, 1],
  copy_var: [2, 1],
  alter_vartype: [2, 1],
  add_var: [2, 1],
  sub_var: [2, 1],
  mul_var: [2, 1],
  div_var: [2, 1],
  set_pgstat_chan: [1, 0],
  set_pgstat_mode: [1, 0],
  set_max_bandwidth: [1, 0],
  set_range: [2, 0],
  set_range_minmax: [3, 0],
  set_autoranging: [3, 0],
  set_e: [1, 0],
  set_i: [1, 0],
  cell_on: [0, 0],
  cell_off: [0, 0],
  timer_start: [0, 0],
  timer_get: [1, 1],
  wait: [1, 0],
  abort: [0, 0],
  pck_start: [0, 0],
  pck_add: [1, 1],
  pck_end: [0, 0],
  meas_loop_ca: [5, 2],
  meas_loop_cp: [5, 2],
  meas_loop_ocp: [3, 1],
  meas_loop_lsv: [6, 2],
  meas_loop_cv: [7, 2],
  meas_loop_eis: [8, 3],
  meas_loop_geis: [8, 3],
};
/** Words that are no variable and no number, by the place of the argument. */
const TYPE_AT: Readonly<Record<string, number>> = {
  store_var: 2,
  alter_vartype: 1,
  set_range: 0,
  set_range_minmax: 0,
  set_autoranging: 0,
};
const NEEDS_CELL = MEASURING.filter(name => name !== 'meas_loop_ocp');
const LONGEST_LINE = 128;

/** Takes a script line by line. */
export class ScriptReader {
  readonly #variables = new Set<string>();
  readonly #main: Statement[] = [];
  readonly #finished: Statement[] = [];
  #open: Statement[] = [];
  #line = 0;
  #isFinishing = false;
  #isCellOn = false;

  /** One line. @throws LoadError where the instrument refuses it */
  take(text: string): void {
    this.#line++;
    if (text.length > LONGEST_LINE) this.#refuse('0008');
    const bare = text.replace(/#.*/, '').trim();
    if (bare === '') return;
    const extras = [...bare.matchAll(/(\w+)\(([^)]*)\)/g)].map(([, name, inside]) => [
      name,
      ...inside.split(/\s+/).filter(word => word !== ''),
    ]);
    const [command, ...args] = bare
      .replace(/\w+\([^)]*\)/g, '')
      .trim()
      .split(/\s+/);
    if (!/^[\w:<>=!-]+$/.test(command)) this.#refuse('4004');
    const statement: Statement = { command, args, extras, line: this.#line, body: [] };
    if (command === 'var') this.#declare(args);
    else if (command === 'on_finished:') this.#finish();
    else if (command === 'endloop' || command === 'endif') this.#close(command);
    else if (command === 'loop' || command === 'if') this.#condition(statement);
    else this.#command(statement);
  }

  /** The empty line has come. @throws LoadError where a block is still open */
  end(): Script {
    if (this.#open.length > 0) this.#refuse('4018');
    return { main: this.#main, onFinished: this.#finished, variables: this.#variables };
  }

  #refuse(code: string): never {
    throw new LoadError(code, this.#line);
  }

  #declare([name = '', ...others]: readonly string[]): void {
    if (others.length > 0 || !/^[a-z][a-z0-9_]*$/.test(name)) this.#refuse('4002');
    if (this.#variables.has(name)) this.#refuse('4026');
    this.#variables.add(name);
  }

  #finish(): void {
    if (this.#open.length > 0 || this.#isFinishing) this.#refuse('400C');
    this.#isFinishing = true;
  }

  #add(statement: Statement): void {
    const inside = this.#open.at(-1);
    (inside?.body ?? (this.#isFinishing ? this.#finished : this.#main)).push(statement);
  }

  #close(command: string): void {
    const open = this.#open.pop();
    if (open === undefined || (command === 'endif') !== (open.command === 'if')) this.#refuse('400E');
  }

  #condition(statement: Statement): void {
    const [left = '', sign = '', right = ''] = statement.args;
    if (!['<', '<=', '>', '>=', '==', '!='].includes(sign)) this.#refuse('4002');
    this.#value(left);
    this.#value(right);
    this.#add(statement);
    this.#open.push(statement);
  }

  #command(statement: Statement): void {
    const { command, args, extras } = statement;
    const shape = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : this.#refuse('4001');
    const [count, outputs] = shape;
    if (args.length !== count) this.#refuse('4002');
    for (const [i, arg] of args.entries()) {
      if (TYPE_AT[command] === i) {
        if (!/^[a-j][a-z]$/.test(arg)) this.#refuse('4006');
      } else if (i < outputs) this.#variable(arg);
      else this.#value(arg);
    }
    for (const [name, ...words] of extras) {
      if (name === 'add_meas') this.#variable(words[2] ?? '');
      else if (name !== 'nscans') this.#refuse('4008');
    }
    const isMeasuring = MEASURING.includes(command);
    if (isMeasuring && this.#open.some(({ command: outer }) => MEASURING.includes(outer)))
      this.#refuse('400B');
    if ((command === 'set_e' || command === 'set_i') && this.#open.length > 0) this.#refuse('4032');
    if (command === 'cell_on') this.#isCellOn = true;
    if (command === 'cell_off') this.#isCellOn = false;
    if (NEEDS_CELL.includes(command) && !this.#isCellOn) this.#refuse('4027');
    this.#add(statement);
    if (isMeasuring) this.#open.push(statement);
  }

  #variable(name: string): void {
    if (!this.#variables.has(name)) this.#refuse('4007');
  }

  #value(text: string): void {
    if (/^[a-z]/.test(text)) this.#variable(text);
    else if (scriptNumber(text) === undefined) this.#refuse('4004');
  }
}
