import { subjectOf } from '../../control/bench/bench.ts';
import type { RunOutcome } from '../../control/contract/run-outcome.ts';
import { isInStep } from '../../control/contract/run-state.ts';
import { Recording, type Sink } from '../../control/record/recording.ts';
import type { Checkpoint } from '../../control/run/checkpoint.ts';
import { acknowledge } from '../../control/run/lead-out.ts';
import { readCheckpoint } from '../../control/run/read-checkpoint.ts';
import { resumeRun } from '../../control/run/resume/take-up.ts';
import { type Run, type RunSpec, startRun } from '../../control/run/run.ts';
import { BenchSession } from '../../control/run/session.ts';
import type { SessionParts } from '../../control/run/session-parts.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import type { RunState } from '../../control/view.ts';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import { oneColumn } from './one-column.ts';
import { devicesOf, ResumablePlant } from './resumable-bench.ts';
import type { ResumeCase } from './resumable-cases.ts';
import { testMethod } from './test-method.ts';

/** A person looks in on a held bench this often, s. */
const ROUND_S = 3.265625;
/** Whatever is not over by then is aborted, s. */
const LONGEST_S = 90;

/** How a run went, uninterrupted or not. */
export interface ResumedRun {
  /** All that was recorded, a line each: frames, events, set points, and when a checkpoint was written. */
  readonly journal: readonly string[];
  readonly outcome: RunOutcome;
  readonly end_s: number;
  /** Where it was cut: in which state, and in which step. */
  readonly cuts: readonly { readonly t_s: number; readonly state: RunState; readonly step: string }[];
  readonly checkpoints: readonly { readonly t_s: number; readonly state: Checkpoint }[];
}

/** Where a bench can be taken up so that nobody sees it: the safe state is not under way or in charge. */
function canBeCut(session: BenchSession): boolean {
  const { state } = session;
  return state === 'Starting' || isInStep(state) || (state === 'Stopping' && !session.safeState.isInCharge);
}

/**
 * Runs a case; at each of these times the program is ended and begun anew from what it would have saved, `unseen` only
 * where the whole run's journal can be expected of it.
 */
export async function resumedRun(
  of: ResumeCase,
  cutsAt_s: readonly number[],
  where: 'unseen' | 'anywhere' = 'unseen',
): Promise<ResumedRun> {
  const clock = new VirtualClock({ utcStart_ms: 0 });
  const plant = new ResumablePlant(of.seed, clock, of.troubles);
  const journal: string[] = [];
  const checkpoints: { t_s: number; state: Checkpoint }[] = [];
  const cuts: { t_s: number; state: RunState; step: string }[] = [];
  const wind_pct = (s: number): number => 50 + 60 * Math.sin(s / 2 + of.seed);
  const procedure = testMethod(
    of.bench,
    devicesOf(plant, clock, () => true),
    of.method,
    {
      name: 'random',
      head: 'data: { wind: { file: wind.csv, time_s: t, share_pct: p } }\n',
    },
  );
  const spec: RunSpec = {
    procedure: {
      ...procedure,
      data: oneColumn(wind_pct),
    },
    subject: subjectOf(of.bench),
    timeFactor: 1,
    trendRoles: [],
  };

  /** A program on this bench, from its beginning to its death. */
  function makeParts(): { parts: SessionParts; end(): void } {
    let isOver = false;
    const devices = devicesOf(plant, clock, () => isOver);
    const recording = new Recording();
    const sink: Sink = {
      frame({ device, t_s, values, quality, reason }) {
        journal.push(
          `${t_s} frame ${device} ${[...values].join(' ')} ${[...quality].join('')} ${reason ?? ''}`,
        );
      },
      event: event => journal.push(`${event.t_s} event ${JSON.stringify(event)}`),
      setpoint: setpoint => journal.push(`${setpoint.t_s} set ${JSON.stringify(setpoint)}`),
      checkpoint(t_s, state) {
        journal.push(`${t_s} checkpoint`);
        checkpoints.push({ t_s, state: state as Checkpoint });
      },
    };
    const remove = recording.add(sink);
    const parts: SessionParts = {
      bench: of.bench,
      entryOf: device => device,
      roles: compileRoles(of.bench, devices),
      devices,
      clock,
      recording,
      control_s: of.control_s,
      flush_s: 1,
      checkpoint_s: 10,
      checkpointsSteps: true,
    };
    return {
      parts,
      end() {
        isOver = true;
        remove();
      },
    };
  }

  let program = makeParts();
  let session: BenchSession;
  let finish: (outcome: RunOutcome) => void = () => {};
  const finished = new Promise<RunOutcome>(resolve => {
    finish = resolve;
  });
  // What a dead program still says of its run is nobody's.
  const follow = (run: Run): void =>
    void run.finished.then(outcome => {
      if (run === session.run) finish(outcome);
    });

  function cut(): void {
    if (where === 'unseen' && !canBeCut(session)) return;
    cuts.push({ t_s: clock.now_s(), state: session.state, step: session.run?.step.split(' ')[0] ?? '' });
    const json: unknown = JSON.parse(JSON.stringify(session.save()));
    session.letGo();
    program.end();
    program = makeParts();
    const saved = readCheckpoint(json);
    session = BenchSession.restore(program.parts, saved);
    if (saved.run !== null) follow(resumeRun(session, spec, saved.run));
  }

  // The world's own doings are made first, in the same order in every run.
  for (const { t_s, what } of of.acts) {
    clock.schedule(t_s, () => {
      if (what === 'hold') session.hold('a person');
      else if (what === 'resume') session.resume();
      else if (what === 'stop') session.stop({ by: 'person', id: 'test' }, 'a person stops');
      else if (what === 'abort') session.abort({ by: 'person', id: 'test' }, 'a person aborts');
      else plant.set('currentSet_A', 3);
    });
  }
  const stopRounds = clock.every(ROUND_S, () => {
    acknowledge(session, undefined, 'test');
    if (session.state === 'Held') session.resume();
  });
  clock.schedule(LONGEST_S, () => session.abort({ by: 'person', id: 'test' }, 'too long'));
  for (const t_s of cutsAt_s) clock.schedule(t_s, cut);

  session = await BenchSession.open(program.parts);
  follow(startRun(session, spec));
  const outcome = await clock.runUntil(finished);
  stopRounds();
  const end_s = clock.now_s();
  await session.close();
  return { journal, outcome, end_s, cuts, checkpoints };
}
