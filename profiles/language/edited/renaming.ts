/**
 * Own names of a program stand behind the path of their file (`night.yaml#load`). The same file may lie elsewhere when its
 * method is edited: which path stands for which.
 */
export class Renaming {
  readonly #to = new Map<string, string>();
  #isLearning = true;

  /** `from`, `to`: the main file then and now. */
  constructor(from: string, to: string) {
    this.#to.set(from, to);
  }

  /** Takes no more pairs. */
  close(): void {
    this.#isLearning = false;
  }

  /** Whether two words mean the same, then and now. */
  isSame(then: string, now: string): boolean {
    const [path, name] = parted(then);
    const [otherPath, otherName] = parted(now);
    if (path === undefined || otherPath === undefined) return then === now;
    if (name !== otherName) return false;
    const known = this.#to.get(path);
    if (known === undefined && this.#isLearning) this.#to.set(path, otherPath);
    return (known ?? (this.#isLearning ? otherPath : path)) === otherPath;
  }

  /** A name of then as it is called now. */
  of(then: string): string {
    const [path, name] = parted(then);
    const to = path === undefined ? undefined : this.#to.get(path);
    return to === undefined ? then : `${to}#${name}`;
  }
}

function parted(word: string): readonly [path: string | undefined, name: string] {
  const at = word.lastIndexOf('#');
  return at < 0 ? [undefined, word] : [word.slice(0, at), word.slice(at + 1)];
}
