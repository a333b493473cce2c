import type { RecoverySet } from '../../../steps/recovery.ts';
import type { LanguageEnv } from '../env.ts';
import { isLoad } from './recover.ts';

/** One set point on its way back; `isToNothing`: only so that the output comes on with nothing. */
export interface BackItem extends RecoverySet {
  readonly isToNothing?: true;
}

/** What a way back remembers, JSON. */
export interface WayBackState {
  /** Set points that a hold has taken away, with what they stood at. */
  readonly back: readonly (readonly [role: string, value: number])[];
  /** How fast some of them were taken there, per second of the run. */
  readonly rates?: readonly (readonly [role: string, per_s: number])[];
  /** Those that stand at nothing before the output comes on. */
  readonly nothing?: readonly string[];
  /** Those that stay there: what drives them begins anew. */
  readonly anew?: readonly string[];
}

/** What a hold has taken away, and how it comes back: what cools and guards first, the output, the load last. */
export class WayBack {
  readonly #stood = new Map<string, number>();
  readonly #rates = new Map<string, number>();
  readonly #nothing = new Set<string>();
  readonly #anew = new Set<string>();

  /** Nothing was taken away. */
  get isEmpty(): boolean {
    return this.#stood.size === 0;
  }

  has(role: string): boolean {
    return this.#stood.has(role);
  }

  /** What it stood at before the hold; undefined: it was not taken away. */
  stood(role: string): number | undefined {
    return this.#stood.get(role);
  }

  /** It is taken away; the first value that it stood at is the one that comes back. */
  takes(role: string, value: number): void {
    if (!Number.isNaN(value) && !this.#stood.has(role) && !this.#anew.has(role)) this.#stood.set(role, value);
  }

  /** How fast it is taken there, and comes back. */
  goesAt(role: string, per_s: number): void {
    this.#rates.set(role, per_s);
  }

  /** It is at nothing before the output comes on; `isAnew`: and stays there until the step asks for more. */
  fromNothing(role: string, isAnew: boolean): void {
    this.#nothing.add(role);
    if (!isAnew) return;
    this.#anew.add(role);
    this.#stood.delete(role);
  }

  /** Whether a load is among it. */
  hasLoad(env: LanguageEnv): boolean {
    return [...this.#stood.keys()].some(role => isLoad(env, role));
  }

  /** In the order in which they come back. */
  items(env: LanguageEnv): readonly BackItem[] {
    const output = env.output?.roles.output;
    const stood = [...this.#stood].map(([role, to]): BackItem => {
      const per_s = this.#rates.get(role);
      return per_s === undefined ? { role, to } : { role, to, per_s };
    });
    const others = stood.filter(({ role }) => !isLoad(env, role));
    const switched = stood.filter(({ role }) => role === output);
    const load = stood.filter(({ role }) => isLoad(env, role) && role !== output);
    const nothing = [...this.#nothing].map((role): BackItem => ({ role, to: 0, isToNothing: true }));
    return [...others, ...nothing, ...switched, ...load];
  }

  /** The first so many are back: what is taken away anew is remembered anew. */
  forget(env: LanguageEnv, returned: number): void {
    for (const { role, isToNothing } of this.items(env).slice(0, returned))
      if (isToNothing !== true) this.#stood.delete(role);
  }

  /** All is back. */
  clear(): void {
    for (const all of [this.#stood, this.#rates, this.#nothing, this.#anew]) all.clear();
  }

  state(): WayBackState {
    return {
      back: [...this.#stood],
      rates: [...this.#rates],
      nothing: [...this.#nothing],
      anew: [...this.#anew],
    };
  }

  restore({ back, rates = [], nothing = [], anew = [] }: WayBackState): void {
    for (const [role, value] of back) this.#stood.set(role, value);
    for (const [role, per_s] of rates) this.#rates.set(role, per_s);
    for (const role of nothing) this.#nothing.add(role);
    for (const role of anew) this.#anew.add(role);
  }
}
