import type { Procedure } from '../../profiles/procedure.ts';
import { isInStep, type RunState } from '../contract/run-state.ts';
import { eventsOf, type RecordedEvent } from '../record/recorded-events.ts';
import type { Replay } from '../record/replay.ts';
import type { Moment } from './result.ts';

/** What was going on at a time of a recorded run. */
export interface Timeline {
  at(t_s: number): Moment;
  /** The same for an event of this record: among those of its very time their order decides. */
  of(event: RecordedEvent): Moment;
  /**
   * Whether an interlock with this `armed` counted for a frame at t_s. Times must not fall. What changes at the very
   * time of a frame counts from the next frame on: sampling comes before the control tick.
   */
  readonly context: (t_s: number) => { readonly state: RunState; readonly tags: readonly string[] };
}

const NO_TAGS: readonly string[] = [];

/** The tags of a step that count in a run state. */
export function armedBy(state: RunState, tags: readonly string[]): readonly string[] {
  return isInStep(state) ? tags : NO_TAGS;
}

/** Reads phases, steps, run states and tags of a journal's events. */
export function timelineOf(replay: Replay, procedure: Procedure): Timeline {
  const phases = replay.events.flatMap(e => (e.kind === 'phase' || e.kind === 'phaseEnd' ? [e] : []));
  const steps = eventsOf(replay.events, 'step');
  const changes = replay.events.flatMap(e => (e.kind === 'state' || e.kind === 'tags' ? [e] : []));
  let next = 0;
  let state: RunState = 'Idle';
  let stepTags = NO_TAGS;
  let context: { readonly state: RunState; readonly tags: readonly string[] } = { state, tags: NO_TAGS };
  return {
    at(t_s) {
      // A moment at a border belongs to what led up to it.
      const mark = phases.findLast(e => e.t_s < t_s);
      const phase = mark === undefined ? 'start' : mark.kind === 'phase' ? mark.data.name : 'safe end';
      return { t_s, phase, step: mark?.kind === 'phase' ? stepAt(t_s) : '' };
    },
    of(event) {
      const place = replay.events.indexOf(event);
      const { t_s } = event;
      const mark = replay.events.findLast(
        (e, i) => i < place && (e.kind === 'phase' || (e.kind === 'phaseEnd' && e.t_s < t_s)),
      );
      const phase = mark?.kind === 'phase' ? mark.data.name : mark === undefined ? 'start' : 'safe end';
      if (mark?.kind !== 'phase') return { t_s, phase, step: '' };
      const next = replay.events.find((e, i) => i > place && e.kind === 'step');
      const pc = next?.kind === 'step' ? next.data.pc : replay.lastPc;
      return { t_s, phase, step: procedure.instructions[pc]?.label ?? '' };
    },
    context(t_s) {
      while (next < changes.length && changes[next].t_s < t_s) {
        const change = changes[next++];
        if (change.kind === 'tags') stepTags = change.data.tags;
        else state = change.data.to;
        context = { state, tags: armedBy(state, stepTags) };
      }
      return context;
    },
  };

  function stepAt(t_s: number): string {
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle].t_s < t_s) low = middle + 1;
      else high = middle;
    }
    const pc = low < steps.length ? steps[low].data.pc : replay.lastPc;
    return procedure.instructions[pc]?.label ?? '';
  }
}
