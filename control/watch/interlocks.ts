import type { Frame } from '../../drivers/contract/frame.ts';
import type { Json } from '../../profiles/steps/step.ts';
import type { InterlockSpec } from '../bench/bench.ts';
import type { RoleTable } from '../contract/role-table.ts';
import type { RunState } from '../contract/run-state.ts';
import { isRunning } from '../contract/run-state.ts';
import type { AlarmView } from '../contract/shown.ts';
import type { Probe } from '../kinds/interlocks/probe.ts';
import type { Seen } from '../kinds/interlocks/words.ts';
import { changedLimit } from './changed-limits.ts';
import { type Guarded, guard, latches, saidOf, takePeak, textOf } from './guarded.ts';
import { memoryOf, recall } from './memory.ts';
import { gravestFirst, makePanel, type Panel } from './panel.ts';
import { makeProbe } from './probe.ts';
import { empty, fill, leak } from './window.ts';

/** What an interlock says when it fires. `text` is built when it is asked for: on a trip, after the first frame has left. */
export interface Raised {
  readonly id: string;
  readonly reaction: InterlockSpec['reaction'];
  readonly t_s: number;
  readonly text: string;
  /** What it looks at is not usable (bad, NaN, silent), which counts as exceeded: nothing is known to be beyond the limit. */
  readonly isUnusable: boolean;
  /** What one does that suspends. */
  readonly recover: InterlockSpec['recover'];
}

/** Whom the interlocks tell, and what they ask. A listener that throws stops neither the others nor the checking. */
export interface Listeners {
  raised(raised: Raised): void;
  /** `text`: what is read now, or that the interlock is no longer armed. `peak`: the largest figure meanwhile. */
  cleared(id: string, text: string, peak: number): void;
  /** Something threw: a listener, or an interlock itself. Told after every other interlock has been judged. */
  failed(error: unknown): void;
  /** Last value of a settable role that was read back; NaN before the first. */
  applied(role: string): number;
}

/** Whether an interlock with this `armed` of the bench file counts in a run state and in a step with these tags. */
export function isArmedIn(armed: string, state: RunState, tags: readonly string[]): boolean {
  if (armed === 'always') return true;
  if (armed === 'running') return isRunning(state);
  return tags.includes(armed);
}

/**
 * All limits of the bench, checked synchronously on every frame before anything else sees it.
 * NaN, bad and silent count as exceeded. Hold, stop and trip latch until a person acknowledges them with the
 * cause gone; a warning goes by itself, a suspension with its recovery.
 */
export class Interlocks {
  /** In the order of the bench file. */
  readonly all: readonly Guarded[];
  readonly #gravest: readonly Guarded[];
  readonly #panels: Panel[];
  readonly #panelOf = new Map<string, Panel>();
  readonly #listeners: Listeners;
  /** What threw in the pass that is under way. */
  #failures: unknown[] = [];
  readonly #roles: RoleTable;
  readonly #open: (spec: InterlockSpec, from?: Json) => Probe;
  #state: RunState = 'Idle';
  #tags: readonly string[] = [];

  /** `from`: what `state` once said, to judge on as if nothing had been. */
  constructor(specs: readonly InterlockSpec[], roles: RoleTable, listeners: Listeners, from?: Json) {
    this.#listeners = listeners;
    const memory = from === undefined ? undefined : recall(from);
    const seen = new Map<string, Seen>();
    const seenOf = (device: string): Seen => {
      const found = seen.get(device) ?? { device, frame: undefined, last_s: memory?.seen[device] ?? 0 };
      seen.set(device, found);
      return found;
    };
    const applied = (role: string): number => listeners.applied(role);
    this.#roles = roles;
    this.#open = (spec, from) => makeProbe(spec, { roles, seenOf, applied }, from);
    this.all = specs.map(spec => guard(spec, memory?.locks[spec.id], from => this.#open(spec, from)));
    this.#gravest = gravestFirst(this.all);
    this.#panels = [...seen.values()].map(of => makePanel(of, this.all, roles));
    for (const panel of this.#panels) this.#panelOf.set(panel.seen.device, panel);
    this.context(memory?.state ?? 'Idle', memory?.tags ?? []);
    for (const [id, value] of Object.entries(memory?.limits ?? {})) this.change(id, value);
  }

  /** The limit of a threshold as it is in force now; undefined: no such interlock. */
  limitOf(id: string): number | undefined {
    const spec = this.all.find(one => one.spec.id === id)?.spec;
    return spec?.kind === 'threshold' ? spec.limit : undefined;
  }

  /** From the next reading on another limit is in force, as strict as the bench or more. Returns what stands against it. */
  change(id: string, value: number): string {
    const guarded = this.all.find(one => one.spec.id === id);
    if (guarded === undefined)
      return `no interlock ${id}, expected one of ${this.all.map(({ spec }) => spec.id).join(', ')}`;
    const changed = changedLimit(guarded.bench, value);
    if (typeof changed === 'string') return changed;
    textOf(guarded); // in the words of the limit that it fired at
    guarded.spec = changed;
    guarded.probe = this.#open(changed);
    for (const [i, panel] of this.#panels.entries()) {
      this.#panels[i] = makePanel(panel.seen, this.all, this.#roles);
      this.#panelOf.set(panel.seen.device, this.#panels[i]);
    }
    return '';
  }

  /** The next run begins with the limits of the bench. */
  unchange(): void {
    for (const { spec, bench } of this.all)
      if (spec !== bench && bench.kind === 'threshold') this.change(bench.id, bench.limit);
  }

  /** What is going on, for `armed`: the run state and the tags of the present step. */
  context(state: RunState, tags: readonly string[]): void {
    this.#state = state;
    this.#tags = tags;
    for (const guarded of this.all) guarded.isArmed = isArmedIn(guarded.spec.armed, state, tags);
  }

  /** Sampling begins: silence counts from now. */
  begin(now_s: number): void {
    for (const { seen } of this.#panels) seen.last_s = now_s;
  }

  /** First in the sampling path: every interlock that looks at this frame's device. */
  check(frame: Frame): void {
    const panel = this.#panelOf.get(frame.device);
    if (panel === undefined) return;
    panel.seen.frame = frame;
    panel.seen.last_s = frame.t_s;
    if (panel.isQuiet && panel.fence.holds(frame)) {
      for (let i = 0; i < panel.historic.length; i++) this.#take(panel.historic[i], frame);
    } else {
      let isQuiet = true;
      for (let i = 0; i < panel.all.length; i++) {
        const guarded = panel.all[i];
        this.#take(guarded, frame);
        const { probe, window, active, unusable_s } = guarded;
        const isAtRest = !active && Number.isNaN(window.since_s) && Number.isNaN(unusable_s);
        if (probe.band !== undefined && !isAtRest) isQuiet = false;
      }
      panel.isQuiet = isQuiet;
    }
    if (this.#failures.length > 0) this.#tellFailures();
  }

  #take(guarded: Guarded, frame: Frame): void {
    try {
      const exceeded = guarded.probe.take(frame, guarded.active, guarded.isArmed);
      if (!exceeded || guarded.probe.figure() !== Infinity) guarded.unusable_s = Number.NaN;
      else if (Number.isNaN(guarded.unusable_s)) guarded.unusable_s = frame.t_s;
      this.#judge(guarded, exceeded, frame.t_s, guarded.spec.delay_s);
      if (guarded.active) takePeak(guarded);
    } catch (error) {
      this.#failures.push(error);
    }
  }

  /** Once a tick: a device that says nothing trips what looks at it. The stale limit is the delay. */
  tick(now_s: number): void {
    for (let i = 0; i < this.#panels.length; i++) {
      const { seen, stale_after_s } = this.#panels[i];
      if (now_s - seen.last_s > stale_after_s) {
        this.#judgeSilence(now_s);
        return;
      }
    }
  }

  #judgeSilence(now_s: number): void {
    for (const panel of this.#panels) panel.isQuiet = false;
    for (const guarded of this.#gravest) {
      try {
        if (!guarded.probe.isSilent(now_s)) continue;
        // In its words the silence says for how long.
        if (!guarded.active) guarded.unusable_s = now_s;
        this.#judge(guarded, true, now_s, 0);
      } catch (error) {
        this.#failures.push(error);
      }
    }
    if (this.#failures.length > 0) this.#tellFailures();
  }

  #tellFailures(): void {
    const failures = this.#failures;
    this.#failures = [];
    for (const error of failures) this.#listeners.failed(error);
  }

  /** True while a latched or active interlock of this reaction exists. */
  isBlocked(): boolean {
    return this.all.some(g => g.latched && g.spec.reaction !== 'warn');
  }

  /** Its cause is present now. */
  isActive(id: string): boolean {
    return this.all.some(g => g.active && g.spec.id === id);
  }

  /** What has ended a run stands until a person acknowledges it, also where it goes by itself otherwise: one that suspends. */
  latch(id: string): void {
    for (const guarded of this.all) if (guarded.spec.id === id) guarded.latched = true;
  }

  /** Ids whose cause is present now (a run must not start on them). */
  activeIds(): string[] {
    return this.all.filter(g => g.active && g.spec.reaction !== 'warn').map(g => g.spec.id);
  }

  /**
   * Ids of hold, stop and trip alarms that are active, or whose cause has gone but that nobody has acknowledged: also
   * those that were raised while nothing reacted to them yet. Nothing may start or go on while there is one.
   */
  blocking(): string[] {
    return this.all.filter(g => (g.active || g.latched) && g.spec.reaction !== 'warn').map(g => g.spec.id);
  }

  /** A person acknowledges one alarm, or all: it unlatches once its cause is clear. Returns what still stands. */
  acknowledge(id: string | undefined): { readonly cleared: string[]; readonly standing: string[] } {
    const cleared: string[] = [];
    const standing: string[] = [];
    for (const guarded of this.all) {
      if (!(guarded.latched || guarded.active) || (id !== undefined && guarded.spec.id !== id)) continue;
      guarded.acknowledged = true;
      if (guarded.active) standing.push(guarded.spec.id);
      else {
        guarded.latched = false;
        cleared.push(guarded.spec.id);
      }
    }
    return { cleared, standing };
  }

  alarms(): AlarmView[] {
    return this.all
      .filter(g => g.active || g.latched)
      .map(g => ({
        id: g.spec.id,
        reaction: g.spec.reaction,
        state: g.active ? ('active' as const) : ('latched' as const),
        since_s: g.firedAt_s,
        text: textOf(g),
        acknowledged: g.acknowledged,
      }));
  }

  /** What one of them says now; undefined: there is no such. */
  look(id: string): ReturnType<typeof saidOf> | undefined {
    return this.all.filter(g => g.spec.id === id).map(saidOf)[0];
  }

  /** All that the interlocks remember: made anew with it, they raise and clear as if nothing had been. */
  state(): Json {
    return memoryOf({
      state: this.#state,
      tags: this.#tags,
      seen: this.#panels.map(panel => panel.seen),
      all: this.all,
    });
  }

  #judge(guarded: Guarded, exceeded: boolean, t_s: number, delay_s: number): void {
    if (!exceeded || !guarded.isArmed) {
      leak(guarded.window, t_s);
      if (guarded.active) this.#clear(guarded, exceeded ? 'no longer armed' : guarded.probe.reading());
      return;
    }
    const filled_s = fill(guarded.window, t_s);
    if (guarded.active || filled_s < delay_s) return;
    guarded.active = true;
    guarded.latched = latches(guarded.spec.reaction);
    guarded.acknowledged = false;
    guarded.firedAt_s = t_s;
    guarded.peak = Number.NEGATIVE_INFINITY;
    guarded.text = undefined;
    this.#listeners.raised({
      id: guarded.spec.id,
      reaction: guarded.spec.reaction,
      t_s,
      isUnusable: !Number.isNaN(guarded.unusable_s),
      recover: guarded.spec.recover,
      get text() {
        return textOf(guarded);
      },
    });
    textOf(guarded); // of this frame, not of a later one
  }

  #clear(guarded: Guarded, text: string): void {
    guarded.active = false;
    empty(guarded.window);
    if (guarded.acknowledged) guarded.latched = false;
    this.#listeners.cleared(guarded.spec.id, text, guarded.peak);
  }
}
