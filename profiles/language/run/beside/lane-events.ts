import type { StepEnd } from '../../../steps/step.ts';
import type { Core } from '../core.ts';
import type { Frame } from '../frame.ts';
import type { LaneEvents } from '../lane-types.ts';
import type { MethodEvents } from '../method-events.ts';
import { stepEndOf } from '../step-end.ts';
import type { Exceeded } from '../watch.ts';
import { tellFinish } from './early-end.ts';
import type { ExactTimes } from './exact-times.ts';
import type { Tags } from './load-state.ts';
import type { RecordRules } from './record-rules.ts';
import { tellStep } from './tell-step.ts';

/** What ended last, and under which label. */
export interface LastEnd {
  readonly label: string;
  readonly end: StepEnd;
}

/** What a run keeps of what its lanes tell, and what they must know of it. */
export interface Listener {
  rows(): RecordRules;
  exact(): ExactTimes;
  /** Run time of the look, s. */
  t_s(): number;
  isOver(): boolean;
  /** `isLeft`: by what ended elsewhere, which is the cause if it ends the run. */
  ended(last: LastEnd, why: string, isLeft?: boolean): void;
  readonly phases: { name: string };
  left(frame: Frame, isWhole: boolean): void;
  exceeded(found: Exceeded): void;
}

/** What the lanes of a run tell: passed on to whoever listens to the method, kept by the run. */
export function laneEvents(core: Core, events: MethodEvents, shown: Tags, run: Listener): LaneEvents {
  return {
    opened: open => {
      shown.forget();
      run.rows().opened(open, run.t_s());
      events.step(open.label);
      events.transition(run.t_s());
    },
    closed: (open, pc, end, t_s) => {
      shown.forget();
      const said = stepEndOf(open, end);
      const isPlain = said.kind === 'applied' || said.kind === 'reached';
      run.ended(
        { label: open.label, end: said },
        isPlain ? 'all steps done' : said.reason,
        end.kind === 'left',
      );
      tellStep(core, events, open, pc, said, t_s, run.rows().everyOf(open));
      run.rows().left(open, t_s);
      run.exact().closed(open, end.kind === 'time');
      tellFinish(core, events, end, open.label);
      events.transition(t_s);
    },
    left: (frame, isWhole) => {
      shown.forget();
      run.rows().left(frame, run.t_s());
      run.left(frame, isWhole);
    },
    roundValues: values => events.roundValues(values),
    roundsLeft: left => events.roundsLeft(left),
    callReturned: call => events.callReturned(call),
    phase: name => {
      run.phases.name = name;
      events.phase(name, 'steps', run.t_s());
    },
    phaseEnd: (name, endedBy) => {
      run.phases.name = '';
      events.phaseEnd(name, run.t_s(), endedBy);
    },
    finishes: (what, reason) => events.finishes(what, reason),
    exceeded: found => run.exceeded(found),
    isOver: () => run.isOver(),
    isHeld: () => events.isHeld?.() === true,
    stuck: (place, reason, kind = 'failed') =>
      run.ended({ label: place, end: { kind, reason, leadsTo: 'stop' } }, reason),
  };
}
