import { type Observable, Subject } from 'rxjs';
import { messageOf } from '../../../drivers/contract/errors.ts';
import type { Instruction } from '../../../profiles/procedure.ts';
import { followLoad, type LoadDemand } from '../pipelines/load.ts';
import { type PressureDemand, pressureSequence } from '../pipelines/pressure.ts';
import type { Tick } from '../pipelines/tick.ts';
import { ended, type Step, type StepEnd, type StepEnv, setFailed } from './step.ts';

type Of<Op extends Instruction['op']> = Extract<Instruction, { op: Op }>;

/** Follows a load profile: an RxJS pipeline over the step's ticks, its demands go to the gate. */
export function followStep(instruction: Of<'follow'>, env: StepEnv): Step {
  const spec = instruction.follow;
  const profile = env.source(spec.source);
  if (profile === undefined) {
    return { tick: () => ({ kind: 'failed', reason: `no load source "${spec.source}"`, leadsTo: 'stop' }) };
  }
  const startMode = env.gate.applied(spec.setRole) > 0 ? 'load' : 'standby';
  const ask = asker(env, instruction.label);
  let isLoaded = false;
  const step = streamStep<LoadDemand>(
    ticks$ =>
      followLoad(ticks$, spec, profile, () => env.image.value(spec.voltageRole), env.timeFactor, startMode),
    (demand, tick) => {
      note(env, tick, 'load.available_kW', demand.available_kW, instruction.label);
      note(env, tick, 'stack.powerAsked_kW', demand.asked_kW, instruction.label);
      ask.set(spec.setRole, demand.current_A);
      // Interlocks for a loaded stack: once the minimum load has really been asked for, until standby begins.
      isLoaded = demand.mode === 'load' && demand.asked_kW >= 0.99 * spec.minLoad_frac * spec.scale_kW;
      if (!demand.changed) return;
      const into = demand.mode === 'standby' ? spec.onStandby : spec.onRestart;
      for (const [role, value] of Object.entries(into)) ask.set(role, value);
      env.journal.event({
        t_s: tick.t_s,
        kind: demand.mode === 'standby' ? 'standby' : 'restart',
        data: { available_kW: demand.available_kW },
        text: `${demand.mode === 'standby' ? 'hot standby' : 'restart'} at ${demand.available_kW.toFixed(1)} kW offered`,
      });
    },
    () => ask.failure(),
    ended('time', 'profile ended'),
  );
  return { ...step, tags: () => (isLoaded ? LOADED : NOT_LOADED) };
}

const LOADED: readonly string[] = ['load'];
const NOT_LOADED: readonly string[] = [];

/** Pressurises or depressurises: an RxJS pipeline over the step's ticks; every wait at a gate is an event. */
export function pressureStep(instruction: Of<'pressure'>, env: StepEnv): Step {
  const spec = instruction.pressure;
  const measured = env.image.value(spec.pressureRole);
  const known = env.gate.applied(spec.setRole);
  const start_barg = Number.isNaN(known) ? Math.max(0, measured) : known;
  const ask = asker(env, instruction.label);
  let mode: PressureDemand['mode'] = 'ramp';
  const step = streamStep<PressureDemand>(
    ticks$ =>
      pressureSequence(
        ticks$,
        spec,
        () => ({
          pressure_barg: env.image.value(spec.pressureRole),
          h2InO2_vol_pct: env.image.value(spec.h2InO2Role),
          current_A: env.image.value(spec.currentRole),
        }),
        start_barg,
      ),
    (demand, tick) => {
      ask.set(spec.setRole, demand.set_barg);
      if (demand.mode === mode) return;
      mode = demand.mode;
      env.journal.event({
        t_s: tick.t_s,
        kind: 'pressure',
        data: { mode: demand.mode, set_barg: demand.set_barg },
        text: `${demand.mode} at ${demand.set_barg.toFixed(2)} barg set`,
      });
    },
    () => ask.failure(),
    ended('reached', 'pressure reached'),
  );
  return {
    tick(tick) {
      const end = step.tick(tick);
      if (end !== undefined || tick.elapsed_s < spec.timeout_s) return end;
      const reason = `${spec.to_barg} barg not reached within ${Number(spec.timeout_s.toPrecision(6))} s (${mode})`;
      return { kind: 'timeout', reason, leadsTo: spec.onTimeout === 'continue' ? 'next' : spec.onTimeout };
    },
    leave: step.leave,
  };
}

/** Runs a pipeline of demands over the step's ticks; ends when it completes, fails when it errors. */
function streamStep<Demand>(
  make: (ticks$: Observable<Tick>) => Observable<Demand>,
  apply: (demand: Demand, tick: Tick) => void,
  failure: () => StepEnd | undefined,
  completed: StepEnd,
): Step {
  const ticks$ = new Subject<Tick>();
  let now: Tick = { t_s: 0, dt_s: 0, elapsed_s: 0 };
  let end: StepEnd | undefined;
  const subscription = make(ticks$).subscribe({
    next: demand => apply(demand, now),
    // An exception in a pipeline ends it for good (RxJS): the run ends safely with it.
    error: (error: unknown) => {
      end = { kind: 'failed', reason: `pipeline failed: ${messageOf(error)}`, leadsTo: 'trip' };
    },
    complete: () => {
      end ??= completed;
    },
  });
  return {
    tick(tick) {
      now = tick;
      ticks$.next(tick);
      return failure() ?? end;
    },
    leave: () => subscription.unsubscribe(),
  };
}

/** Asks the gate without waiting; remembers the first refusal or failure. Equal values are not asked twice. */
function asker(
  env: StepEnv,
  source: string,
): { set(role: string, value: number): void; failure(): StepEnd | undefined } {
  const last = new Map<string, number>();
  let failed: StepEnd | undefined;
  return {
    set(role, value) {
      if (last.get(role) === value) return;
      last.set(role, value);
      void env.gate.ask(role, value, source).then(answer => {
        failed ??= setFailed(role, answer);
      });
    },
    failure: () => failed,
  };
}

function note(env: StepEnv, tick: Tick, role: string, value: number, source: string): void {
  env.journal.setpoint({ t_s: tick.t_s, role, asked: value, applied: Number.NaN, source, outcome: 'asked' });
}
