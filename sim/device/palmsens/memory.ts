import { compare } from './loops.ts';
import { scriptNumber, type Variable } from './words.ts';

/** The variables of a script that runs. */
export class Memory {
  readonly #variables: Map<string, Variable>;

  constructor(names: Iterable<string>) {
    this.#variables = new Map([...names].map(name => [name, { type: 'aa', value: 0, isWhole: false }]));
  }

  set(name: string, value: Variable): void {
    this.#variables.set(name, value);
  }

  /** A variable, or a number of the script. */
  read(text: string): Variable {
    const known = this.#variables.get(text);
    if (known !== undefined) return known;
    return { type: 'aa', ...(scriptNumber(text) ?? { value: Number.NaN, isWhole: false }) };
  }

  /** Whether a condition holds: value, sign, value. */
  holds([left, sign, right]: readonly string[]): boolean {
    return compare(this.read(left).value, sign, this.read(right).value);
  }

  /** Carries out a command that does nothing but calculate; false for any other. */
  calculate(command: string, args: readonly string[]): boolean {
    const [a, b] = [this.read(args[0] ?? ''), this.read(args[1] ?? '')];
    switch (command) {
      case 'store_var':
        this.set(args[0], { ...b, type: args[2] });
        return true;
      case 'copy_var':
        this.set(args[1], { ...a });
        return true;
      case 'alter_vartype':
        this.set(args[0], { ...a, type: args[1], status: undefined, range: undefined });
        return true;
      case 'add_var':
        this.set(args[0], { ...a, value: a.value + b.value });
        return true;
      case 'sub_var':
        this.set(args[0], { ...a, value: a.value - b.value });
        return true;
      case 'mul_var':
        this.set(args[0], { ...a, value: a.value * b.value });
        return true;
      case 'div_var':
        this.set(args[0], { ...a, value: a.value / b.value });
        return true;
      default:
        return false;
    }
  }
}
