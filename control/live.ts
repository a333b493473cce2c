import { basename } from 'node:path';
import type { Device } from '../drivers/contract/device.ts';
import { Listeners } from '../drivers/contract/listeners.ts';
import { pictureOf } from './bench/picture/picture.ts';
import { shownPhases } from './contract/phase-plan.ts';
import { shownUnit } from './contract/shown-unit.ts';
import { NOT_SHOWN } from './record/event-words.ts';
import type { JournalEvent } from './record/events.ts';
import { saidOfEvent } from './record/kinds/said-of-event.ts';
import type { RecordShown, RunShown } from './review/live/at-hand.ts';
import { editedText } from './review/live/edited-text.ts';
import { NearLimits } from './review/live/near-limits.ts';
import { PastAlarms, type PastAlarmsAsked, type SessionAlarms } from './review/live/past-alarms.ts';
import { roundOf, worstAlarm } from './review/live/shown-channel.ts';
import { shownPlace } from './review/live/shown-place.ts';
import { standingAlarms } from './review/live/standing-alarms.ts';
import { shownSpectrum } from './review/shown-spectrum.ts';
import { shownVoltammogram } from './review/shown-voltammogram.ts';
import type { MeasuredSpectrum } from './run/measure/kept.ts';
import { allowedNow, type Decision, decide, type EditRun, type StartAgain } from './run/operator.ts';
import type { BenchSession } from './run/session.ts';
import { type WhatNext, whatNext, whyHere } from './run/what-next.ts';
import { LastUsable } from './tick/last-usable.ts';
import { shownCell } from './tick/shown-cell.ts';
import { CELLS, shownCells, shownRoles } from './tick/shown-roles.ts';
import type {
  ChangeableLimit,
  ChannelShown,
  Command,
  ControllerFigures,
  DeviceView,
  LiveSnapshot,
  LiveView,
  Picture,
  ReadingsAsked,
  RunMark,
  Series,
  ShownSpectrum,
  ShownVoltammogram,
  TrendLimit,
  TrendWindow,
  WindowAsked,
} from './view.ts';
import { changeableLimits, drawnLimits } from './watch/changed-limits.ts';

const EVENTS_SHOWN = 50;
const NEAREST_SHOWN = 8;
/** Whether what stands in a file is real. */
const MODE_WORDS = { rehearsal: 'SIMULATED', wire: 'EMULATED', bench: 'REAL' } as const;
const NO_RECORD = 'no run has a record yet';

/** What a bench shows and lets people ask; the only thing that dashboards see of control. */
export class Live implements LiveView {
  readonly #session: BenchSession;
  readonly #mode: LiveSnapshot['run']['mode'];
  readonly #subject: string;
  readonly #listeners = new Listeners<void>();
  /** With times of the session. */
  readonly #events: LiveSnapshot['events'][number][] = [];
  /** Spectra that have ended are tested once. */
  readonly #tested = new WeakMap<MeasuredSpectrum, ShownSpectrum>();
  readonly #deviceReasons = new Map<string, string>();
  #shown: RunShown = { id: '', verdict: 'running', report: undefined };
  #isLive = true;
  #begun = { of: Number.NaN, utc: '' };
  #startAgain: StartAgain | undefined;
  #edit: EditRun | undefined;
  #record: RecordShown | undefined;
  readonly #past = new PastAlarms();
  #trips = 0;
  readonly #near: NearLimits;
  readonly #last: LastUsable;

  /** `subject`: its name, on a bench with several. */
  constructor(session: BenchSession, mode: LiveSnapshot['run']['mode'], subject = '') {
    this.#subject = subject;
    this.#session = session;
    this.#mode = mode;
    session.parts.recording.add({
      frame: () => {},
      setpoint: () => {},
      checkpoint: () => {},
      event: event => this.#keep(event),
    });
    for (const device of session.parts.devices.values()) {
      device.onState((_, reason) => this.#deviceReasons.set(device.id, reason));
    }
    this.#near = new NearLimits(session, mode === 'rehearsal');
    this.#last = new LastUsable(session, CELLS, mode === 'rehearsal');
    session.changed$.add(() => {
      this.#near.look(session.parts.clock.now_s());
      this.#last.look(session.parts.clock.now_s());
      this.#listeners.tell();
    });
  }

  /** What to show of the run at hand. */
  show(shown: RunShown): void {
    this.#shown = shown;
    this.#listeners.tell();
  }

  /** From now on a person may begin the same method again. */
  offerStart(startAgain: StartAgain): void {
    this.#startAgain = startAgain;
    this.#listeners.tell();
  }

  /** From now on a person may edit what of the method is left. */
  offerEdit(edit: EditRun): void {
    this.#edit = edit;
  }

  /** Readings are over (or, in virtual time, stand still): what is shown is the last of them. */
  standStill(isStill: boolean): void {
    this.#isLive = !isStill;
    this.#listeners.tell();
  }

  /** From now on this is the record that is written and sent. */
  showRecord(record: RecordShown): void {
    this.#record = record;
    this.#past.show(record);
  }

  /** What an operator does next. */
  get next(): WhatNext {
    return whatNext(this.#session, this.#startAgain !== undefined);
  }

  snapshot(): LiveSnapshot {
    const session = this.#session;
    const { run, parts } = session;
    const origin_s = run?.origin_s ?? 0;
    const canStart = this.#startAgain !== undefined;
    const cells = shownCells(session, this.#last);
    return {
      run: {
        id: this.#shown.id,
        bench: parts.bench.bench,
        subject: this.#subject,
        method: run?.spec.procedure.method ?? '',
        edited: editedText(run?.edits ?? []),
        mode: this.#mode,
        startedUtc: this.#startedUtc(),
        state: session.state,
        ...shownPlace(session),
        time_s: run?.time_s ?? parts.clock.now_s(),
        planned_s: run?.planned_s ?? 0,
        ended_s: run?.left?.t_s ?? null,
        verdict: this.#shown.verdict,
        reason: session.reason,
        ...whyHere(session),
        report: this.#shown.report === undefined ? '' : '/report',
        unproven: (session.safeState.outcome?.unproven ?? []).map(u => `${u.what}: ${u.otherwise}`),
        unmet: this.#shown.unmet ?? [],
      },
      isLive: this.#isLive,
      phases: run === undefined ? [] : shownPhases(run),
      phasesBy: run?.phasePlan.by ?? 'method',
      roles: shownRoles(session, this.#last),
      ...(cells === undefined ? {} : { cells }),
      alarms: standingAlarms(session),
      nearest: this.#near.nearest(NEAREST_SHOWN),
      suppressed: session.alarms.suppressed(),
      shelve_s: parts.bench.alarms.shelve_h * 3600,
      devices: [...parts.devices.values()].map(device => this.#device(device)),
      sinks: this.#record?.sinks ?? [],
      spectraNews: run?.measuring.news ?? 0,
      events: this.#events.map(event => ({ ...event, t_s: event.t_s - origin_s })),
      allowed: allowedNow(session, canStart),
      next: this.next,
    };
  }

  figures(): ControllerFigures {
    const counts = [...this.#session.sampling.counts.values()];
    const waiting = this.#record?.journal.waiting;
    const { rss, heapUsed } = process.memoryUsage();
    return {
      ticks: counts.reduce((sum, count) => sum + count.frames, 0),
      missed: counts.reduce((sum, count) => sum + count.missedTicks, 0),
      queue: waiting?.batches ?? 0,
      queue_bytes: waiting?.bytes ?? 0,
      trips: this.#trips,
      resident_bytes: rss,
      heap_bytes: heapUsed,
      up_s: process.uptime(),
    };
  }

  channel(): ChannelShown {
    const session = this.#session;
    return {
      ...shownCell(session),
      state: session.state,
      step: session.run?.step ?? '',
      round: roundOf(session.run?.round ?? null),
      alarm: worstAlarm(session.alarms.standing()),
      isLive: this.#isLive,
    };
  }

  picture(): Picture {
    const { bench, roles } = this.#session.parts;
    return pictureOf(bench, roles.measured.keys());
  }

  trendRoles(): readonly string[] {
    return this.#session.run?.trends.names ?? [];
  }

  trendLimits(): readonly TrendLimit[] {
    return drawnLimits(this.#session);
  }

  thresholds(): readonly ChangeableLimit[] {
    return changeableLimits(this.#session);
  }

  history(role: string): Series {
    return this.#session.run?.trends.series(role) ?? { role, unit: shownUnit(role), t_s: [], value: [] };
  }

  windows(asked: WindowAsked): Promise<readonly TrendWindow[]> {
    return this.#record?.windows.ask(asked) ?? Promise.reject(new Error(NO_RECORD));
  }

  marks(from_s: number, to_s: number): Promise<readonly RunMark[]> {
    return this.#record?.windows.marks(from_s, to_s) ?? Promise.reject(new Error(NO_RECORD));
  }

  alarms(asked: PastAlarmsAsked): Promise<SessionAlarms> {
    return this.#past.page(asked, standingAlarms(this.#session));
  }

  async readings(asked: ReadingsAsked): Promise<AsyncIterable<string>> {
    const whose = { run: basename(this.#shown.id), mode: MODE_WORDS[this.#mode] };
    if (this.#record === undefined) throw new Error(NO_RECORD);
    return this.#record.downloads.begin({ ...asked, ...whose });
  }

  spectra(): readonly ShownSpectrum[] {
    return (this.#session.run?.measuring.spectra ?? []).map(spectrum => {
      const shown = this.#tested.get(spectrum) ?? shownSpectrum(spectrum);
      if (spectrum.state !== 'under way') this.#tested.set(spectrum, shown);
      return shown;
    });
  }

  voltammograms(): readonly ShownVoltammogram[] {
    return (this.#session.run?.measuring.voltammograms ?? []).map(shownVoltammogram);
  }

  onChange(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  ask(command: Command, by = 'page'): Promise<Decision> {
    return decide(this.#session, command, by, this.#startAgain, this.#edit);
  }

  report(): string | undefined {
    return this.#shown.report;
  }

  /** UTC of second 0, looked up once for each run. */
  #startedUtc(): string {
    const { run, parts } = this.#session;
    if (run === undefined) return '';
    if (this.#begun.of !== run.origin_s || this.#begun.utc === '') {
      const utc_ms = parts.clock.utc_ms() - (parts.clock.now_s() - run.origin_s) * 1000;
      this.#begun = { of: run.origin_s, utc: new Date(utc_ms).toISOString() };
    }
    return this.#begun.utc;
  }

  #keep(event: JournalEvent): void {
    const { t_s, kind, text } = event;
    if (event.kind === 'alarm' && event.data.reaction === 'trip') this.#trips++;
    if (NOT_SHOWN.includes(kind)) return;
    const said = saidOfEvent(event);
    this.#events.unshift({ t_s, kind, text, ...(said === undefined ? {} : { said }) });
    if (this.#events.length > EVENTS_SHOWN) this.#events.pop();
  }

  #device(device: Device): DeviceView {
    const count = this.#session.sampling.counts.get(device.id);
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
}
