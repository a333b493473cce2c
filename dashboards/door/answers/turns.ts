import type { Clock } from '../../../control/view.ts';

/** Who is served when: many questions of one do not keep the others waiting. */

/** So many questions of one are under way at a time, and so many wait; more are turned away. */
export const TURNS = { most: 8, waiting: 200 } as const;

/** What one has asked: how much of it is under way, and what waits. */
interface Line {
  going: number;
  readonly waiting: (() => void)[];
}

/**
 * Begins one question after the other, of each who asks in turn: between two of them whatever has come meanwhile is taken in,
 * so that a stop, which waits for no turn, is held up by one answer at the most.
 */
export class Turns {
  readonly #clock: Pick<Clock, 'nextTurn'>;
  readonly #limits: { readonly most: number; readonly waiting: number };
  /** In the order in which their turn comes. */
  readonly #lines = new Map<string, Line>();
  #isDue = false;

  constructor(
    clock: Pick<Clock, 'nextTurn'>,
    limits: { readonly most: number; readonly waiting: number } = TURNS,
  ) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Resolves when it is their turn, with what ends it; undefined: too many of theirs wait already. */
  take(who: string): Promise<() => void> | undefined {
    const line = this.#lines.get(who) ?? { going: 0, waiting: [] };
    if (line.waiting.length >= this.#limits.waiting) return undefined;
    this.#lines.set(who, line);
    return new Promise(resolve => {
      line.waiting.push(() => resolve(this.#turn(who, line)));
      this.#goOn();
    });
  }

  #turn(who: string, line: Line): () => void {
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      line.going--;
      if (line.going === 0 && line.waiting.length === 0) this.#lines.delete(who);
      else this.#goOn();
    };
  }

  #goOn(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#clock.nextTurn(() => {
      this.#isDue = false;
      for (const [who, line] of this.#lines) {
        if (line.going >= this.#limits.most) continue;
        const begin = line.waiting.shift();
        if (begin === undefined) continue;
        this.#lines.delete(who);
        this.#lines.set(who, line);
        line.going++;
        begin();
        this.#goOn();
        return;
      }
    });
  }
}
