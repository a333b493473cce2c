/** Something that a method asks of the person at the bench. */
export interface Ask {
  /** The step that asks. */
  readonly what: string;
  readonly text: string;
}

/** What a run waits for until a person says that it is so. */
export class Asks {
  readonly #open = new Map<string, string>();
  readonly #confirmed = new Map<string, string>();
  readonly #byItself: string | undefined;
  readonly #tell: (t_s: number, ask: Ask) => void;

  /** `byItself`: who confirms where nobody is there to ask: a rehearsal. */
  constructor(byItself: string | undefined, tell: (t_s: number, ask: Ask) => void) {
    this.#byItself = byItself;
    this.#tell = tell;
  }

  /** What is open, the oldest first. */
  get open(): readonly Ask[] {
    return [...this.#open].map(([what, text]) => ({ what, text }));
  }

  /** A step asks. */
  ask(t_s: number, what: string, text: string): void {
    this.#confirmed.delete(what);
    this.#open.set(what, text);
    this.#tell(t_s, { what, text });
    if (this.#byItself !== undefined) this.confirm(this.#byItself);
  }

  /** A person says that everything that is asked is so; what that was. */
  confirm(by: string): readonly Ask[] {
    const open = this.open;
    for (const { what } of open) this.#confirmed.set(what, by);
    this.#open.clear();
    return open;
  }

  /** Who has confirmed it; undefined: nobody yet. */
  confirmedBy(what: string): string | undefined {
    return this.#confirmed.get(what);
  }
}
