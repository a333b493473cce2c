import type { Device } from '../drivers/contract/device.ts';
import { QUALITY_NAMES } from '../drivers/contract/frame.ts';
import { unitOf } from '../drivers/contract/units.ts';
import type { Run } from './run/run.ts';
import { isFinal } from './run/run-state.ts';
import type { Command, CommandName, DeviceView, LiveSnapshot, LiveView, RoleValue, Series } from './view.ts';

const EVENTS_SHOWN = 50;

/** What a run shows and lets people ask; the only thing that dashboards see of control. */
export class Live implements LiveView {
  readonly #run: Run;
  readonly #head: { readonly id: string; readonly mode: LiveSnapshot['run']['mode'] };
  readonly #listeners = new Set<() => void>();
  readonly #events: { t_s: number; kind: string; text: string }[] = [];
  readonly #deviceReasons = new Map<string, string>();
  #verdict = 'running';
  #report: string | undefined;

  constructor(run: Run, head: { id: string; mode: LiveSnapshot['run']['mode'] }) {
    this.#run = run;
    this.#head = head;
    run.parts.journal.onEvent = event => {
      // Steps and points come by the dozen and stand in the journal; the page shows what a person acts on.
      if (event.kind === 'point' || event.kind === 'phaseEnd') return;
      this.#events.unshift({ t_s: event.t_s, kind: event.kind, text: event.text });
      if (this.#events.length > EVENTS_SHOWN) this.#events.pop();
    };
    for (const device of run.parts.devices.values()) {
      device.onState((_, reason) => this.#deviceReasons.set(device.id, reason));
    }
    run.onChange = () => this.#changed();
  }

  /** The run is over: its verdict and the report's HTML. */
  finished(verdict: string, report: string): void {
    this.#verdict = verdict;
    this.#report = report;
    this.#changed();
  }

  snapshot(): LiveSnapshot {
    const run = this.#run;
    const { parts } = run;
    return {
      run: {
        id: this.#head.id,
        bench: parts.bench.bench,
        method: parts.procedure.method,
        mode: this.#head.mode,
        state: run.state,
        phase: run.phase,
        step: run.step,
        time_s: parts.clock.now_s(),
        planned_s: parts.procedure.planned_s,
        verdict: this.#verdict,
        reason: run.reason,
        report: this.#report === undefined ? '' : '/report',
      },
      roles: this.#roles(),
      alarms: run.interlocks.alarms(),
      devices: [...parts.devices.values()].map(device => this.#device(device)),
      events: this.#events,
      allowed: this.#allowed(),
    };
  }

  trendRoles(): readonly string[] {
    return this.#run.trends.names;
  }

  trendLimits(): readonly { role: string; label: string; value: number }[] {
    return this.#run.parts.bench.interlocks.flatMap(i => {
      if (i.kind !== 'threshold') return [];
      const role = i.role.endsWith('[]') ? `${i.role}.${i.trips === '>' ? 'max' : 'min'}` : i.role;
      return [{ role, label: `${i.reaction} ${i.limit}`, value: i.limit }];
    });
  }

  history(role: string): Series {
    return this.#run.trends.series(role);
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  ask(command: Command): Promise<{ accepted: boolean; text: string }> {
    return Promise.resolve(this.#decide(command));
  }

  report(): string | undefined {
    return this.#report;
  }

  #decide({ command, alarm }: Command): { accepted: boolean; text: string } {
    const run = this.#run;
    switch (command) {
      case 'hold':
        return run.hold('operator')
          ? yes('holding: set points stay, method time stands still')
          : no(run.state);
      case 'resume': {
        const refusal = run.resume();
        return { accepted: refusal === '', text: refusal === '' ? 'resumed' : refusal };
      }
      case 'stop':
        return run.stop('stopped by the operator')
          ? yes('stopping: load off, then the safe state')
          : no(run.state);
      case 'acknowledge':
        return yes(run.acknowledge(alarm));
    }
  }

  #allowed(): CommandName[] {
    const { state, interlocks } = this.#run;
    const allowed: CommandName[] = [];
    if (state === 'Execute') allowed.push('hold');
    if (state === 'Held' && !interlocks.isBlocked()) allowed.push('resume');
    if (!isFinal(state) && state !== 'Idle' && state !== 'Stopping' && state !== 'Aborting')
      allowed.push('stop');
    if (interlocks.alarms().length > 0) allowed.push('acknowledge');
    return allowed;
  }

  #roles(): RoleValue[] {
    const { image, parts } = this.#run;
    const result: RoleValue[] = [];
    for (const entry of parts.roles.measured.values()) {
      const quality = QUALITY_NAMES[image.quality(entry)];
      const unit = unitOf(entry.role) ?? '';
      for (const name of entry.count === 1
        ? [entry.role]
        : ['min', 'mean', 'max'].map(s => `${entry.role}.${s}`)) {
        const value = image.value(name);
        result.push({
          role: name,
          unit,
          value: Number.isFinite(value) ? value : null,
          quality,
          channel: entry.channel,
        });
      }
    }
    return result;
  }

  #device(device: Device): DeviceView {
    const count = this.#run.sampling.counts.get(device.id);
    return {
      id: device.id,
      driver: device.driver,
      state: device.state,
      reason: this.#deviceReasons.get(device.id) ?? '',
      frames: count?.frames ?? 0,
      badFrames: count?.badFrames ?? 0,
      missedTicks: count?.missedTicks ?? 0,
    };
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const yes = (text: string): { accepted: boolean; text: string } => ({ accepted: true, text });
const no = (state: string): { accepted: boolean; text: string } => ({
  accepted: false,
  text: `not possible in state ${state}`,
});
