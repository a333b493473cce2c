import type { Core } from '../core.ts';
import type { OpenStep } from '../open-step.ts';
import { DUST_S } from './dust.ts';

/** Where `exact_` says nothing, a duration that is wrong by more than the larger of these is told: s of the run, part of it. */
const TOLD_S = 0.5;
const TOLD_PART = 0.02;

/** A step whose duration may be wrong by so much only, and was. Times in s of the method. */
export interface Inexact {
  readonly step: string;
  readonly asked_s: number;
  readonly lasted_s: number;
  readonly allowed_s: number;
}

/** What is known of the last such step until the next set points are applied; JSON. */
export interface ExactState {
  readonly step: string;
  readonly asked_s: number;
  readonly allowed_s: number;
  /** How late its end was seen, and how long its set points took to be applied. */
  readonly late_s: number;
  readonly took_s: number;
}

/**
 * Holds a duration, with `exact_` or without, against what came out: a step lasts from its set points applied to the next ones applied. How long that
 * takes on the line is much the same from one to the next; where it is not, the step was longer or shorter.
 */
export class ExactTimes {
  readonly #core: Core;
  readonly #tell: (found: Inexact) => void;
  #open: ExactState | undefined;

  constructor(core: Core, tell: (found: Inexact) => void) {
    this.#core = core;
    this.#tell = tell;
    core.onCounting = (kind, took_s) => this.#next(kind, took_s);
  }

  /** A step is over, by its time or otherwise. */
  closed({ label, watch, action, exact_s }: OpenStep, isByTime: boolean): void {
    this.end();
    if (!isByTime) return;
    const { for_s, elapsed_s } = watch;
    const { speed } = this.#core;
    this.#open = {
      step: label,
      asked_s: for_s,
      allowed_s: exact_s < Infinity ? exact_s : Math.max(TOLD_S * speed, TOLD_PART * for_s),
      late_s: elapsed_s - for_s,
      took_s: action.took_s * speed,
    };
  }

  /** The set points of the next step are applied. */
  #next(kind: string, took_s: number): void {
    // A step that sets nothing leaves the output as it is: its time is over when it ends.
    this.end(kind === 'wait' || kind === 'ask' ? undefined : took_s * this.#core.speed);
  }

  /** Nothing comes behind it, or `took_s` of what comes. */
  end(took_s?: number): void {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    const off_s = open.late_s + (took_s === undefined ? 0 : took_s - open.took_s);
    if (Math.abs(off_s) <= open.allowed_s + DUST_S) return;
    const { step, asked_s, allowed_s } = open;
    this.#tell({ step, asked_s, lasted_s: asked_s + off_s, allowed_s });
  }

  /** What it remembers. */
  state(): ExactState | null {
    return this.#open ?? null;
  }

  /** Goes on from there. */
  restore(saved: ExactState | null): void {
    this.#open = saved ?? undefined;
  }
}
