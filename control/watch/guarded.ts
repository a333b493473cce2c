import type { Json } from '../../profiles/steps/step.ts';
import type { InterlockSpec } from '../bench/bench.ts';
import type { GoneAt } from '../contract/alarm.ts';
import { kindOf } from '../kinds/interlocks/index.ts';
import type { Probe } from '../kinds/interlocks/probe.ts';
import { emptyWindow, type LeakyWindow } from './window.ts';

/** One interlock with its memory. */
export interface Guarded {
  /** As the bench file has it. */
  readonly bench: InterlockSpec;
  /** The one in force: a person may have made its limit stricter. */
  spec: InterlockSpec;
  probe: Probe;
  readonly window: LeakyWindow;
  isArmed: boolean;
  active: boolean;
  /** Fired and not yet acknowledged with the cause clear. */
  latched: boolean;
  acknowledged: boolean;
  firedAt_s: number;
  /** Since when it is exceeded because what it looks at is not usable, s of run time; NaN: it is usable. */
  unusable_s: number;
  /** Largest figure of the probe since it fired, while it is active; -Infinity: nothing usable. */
  peak: number;
  /** Undefined: fired a moment ago and not put into words yet. */
  text: string | undefined;
}

/** What one interlock remembers. */
export interface Remembered {
  readonly window: LeakyWindow;
  readonly active: boolean;
  readonly latched: boolean;
  readonly acknowledged: boolean;
  readonly firedAt_s: number;
  readonly unusable_s: number;
  readonly peak: number;
  readonly text: string;
  readonly probe: Json | undefined;
}

/** An interlock as it begins, or as it is remembered. */
export function guard(
  spec: InterlockSpec,
  from: Remembered | undefined,
  open: (from: Json | undefined) => Probe,
): Guarded {
  return {
    bench: spec,
    spec,
    probe: open(from?.probe),
    window: from?.window ?? emptyWindow(),
    isArmed: false,
    active: from?.active ?? false,
    latched: from?.latched ?? false,
    acknowledged: from?.acknowledged ?? false,
    firedAt_s: from?.firedAt_s ?? Number.NaN,
    unusable_s: from?.unusable_s ?? Number.NaN,
    peak: from?.peak ?? Number.NEGATIVE_INFINITY,
    text: from?.text ?? '',
  };
}

/** What is wrong, in words, as it was when it fired: neither high nor low where nothing usable was read. */
export function textOf(guarded: Guarded): string {
  guarded.text ??= `${unusableFor(guarded)}${guarded.probe.describe(guarded.firedAt_s)}`;
  return guarded.text;
}

function unusableFor({ unusable_s, firedAt_s }: Guarded): string {
  if (Number.isNaN(unusable_s)) return '';
  return firedAt_s > unusable_s
    ? `not usable for ${(firedAt_s - unusable_s).toFixed(2)} s: `
    : 'not usable: ';
}

/** What was read when an interlock fired, and the limit in force, in `unit`; null: nothing usable. */
export interface Came {
  readonly value: number | null;
  readonly limit: number;
  readonly unit: string;
}

/** What its probe judged last, as a person reads it. */
export function cameOf({ spec, probe }: Guarded): Came {
  const { limit, unit, trips } = kindOf(spec).rehearsed(spec);
  const figure = probe.figure();
  return { value: Number.isFinite(figure) ? (trips === '<' ? -figure : figure) : null, limit, unit };
}

/** What an interlock says when it fires. `text` is built when it is asked for: on a trip, after the first frame has left. */
export interface Raised {
  readonly id: string;
  readonly reaction: InterlockSpec['reaction'];
  readonly t_s: number;
  readonly text: string;
  /** What was read, built when it is asked for. */
  readonly came: Came;
  /** What it looks at is not usable (bad, NaN, silent), which counts as exceeded: nothing is known to be beyond the limit. */
  readonly isUnusable: boolean;
  /** What one does that suspends. */
  readonly recover: InterlockSpec['recover'];
}

/** One has fired just now. */
export function raisedBy(guarded: Guarded): Raised {
  const { id, reaction, recover } = guarded.spec;
  return {
    id,
    reaction,
    t_s: guarded.firedAt_s,
    isUnusable: !Number.isNaN(guarded.unusable_s),
    recover,
    get text() {
      return textOf(guarded);
    },
    get came() {
      return cameOf(guarded);
    },
  };
}

/** What nobody but a person takes back; a warning and a suspension go by themselves. */
export function latches(reaction: InterlockSpec['reaction']): boolean {
  return reaction !== 'warn' && reaction !== 'suspend';
}

/** The figure farthest towards and beyond its limit while its alarm stands. */
export function takePeak(guarded: Guarded): void {
  const figure = guarded.probe.figure();
  if (figure > guarded.peak && figure !== Infinity) guarded.peak = figure;
}

/** What it says now, how far it went while its alarm stood, whether it is armed, and where its cause is gone. */
export function saidOf(guarded: Guarded): {
  readonly text: string;
  readonly peak: number;
  readonly isArmed: boolean;
  readonly goneAt: GoneAt | null;
} {
  const { peak, isArmed, spec } = guarded;
  return { text: textOf(guarded), peak, isArmed, goneAt: goneAtOf(spec) };
}

/** Where its cause is gone, where its limit alone does not say so: of one with hysteresis, and of one that recovers. */
export function goneAtOf(spec: InterlockSpec): GoneAt | null {
  const { limit, rearm = limit, trips, isCondition, unit } = kindOf(spec).rehearsed(spec);
  const for_s = spec.recover?.for_s ?? 0;
  if (isCondition === true || unit === 'on' || (rearm === limit && for_s === 0)) return null;
  return { is: trips === '>' ? 'below' : 'above', value: rearm, for_s };
}
