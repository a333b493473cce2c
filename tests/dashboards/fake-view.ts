import type { Command, LiveSnapshot, LiveView, ShownSpectrum, WindowAsked } from '../../control/view.ts';
import {
  ALARM,
  alarmsOf,
  channelAt,
  marksOf,
  nearestAt,
  PICTURE,
  ROLES,
  readingsOf,
  rolesAt,
  TREND_LIMITS,
  windowsOf,
} from './fake-record.ts';

/** A run that moves when the test says so, and remembers what it was asked. */
export interface FakeRun {
  readonly view: LiveView;
  readonly asked: Command[];
  /** Stretches of the record that were asked for. */
  readonly windowsAsked: WindowAsked[];
  /** Whether the record says that its windows are rough ones. */
  beRough(isRough: boolean): void;
  /** How many listen for changes now. */
  listeners(): number;
  /** How many snapshots were made so far. */
  snapshots(): number;
  /** Lets one second of run time pass and tells the listeners. */
  tick(): void;
  /** Tells the listeners although nothing changed. */
  tellOnly(): void;
  /** Makes every snapshot this many characters longer. */
  pad(length: number): void;
  trip(): void;
  /** A limit warns while the run goes on. */
  warn(): void;
  /** The supply's line is lost; what it said last is no reading. */
  lose(): void;
  /** Something could not be proved safe. */
  leaveUnproven(what: string): void;
  /** A figure misses what its method asks of it. */
  miss(what: string): void;
  finishEarly(by: string): void;
  /** Readings are over. */
  end(): void;
  finish(html: string): void;
  /** Spectra stand as they are given from now on. */
  measure(spectra: readonly ShownSpectrum[]): void;
}

export function fakeRun(): FakeRun {
  const listeners = new Set<() => void>();
  const asked: Command[] = [];
  const windowsAsked: WindowAsked[] = [];
  let isRough = false;
  let time_s = 600;
  let made = 0;
  let padding = '';
  let tripped = false;
  let acknowledged = false;
  let warns = false;
  let shelving: { by: string; reason: string } | undefined;
  let lost = false;
  let isLive = true;
  let unproven: string[] = [];
  let unmet: string[] = [];
  let finishedBy = '';
  let html: string | undefined;
  let spectra: readonly ShownSpectrum[] = [];
  let spectraNews = 0;
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const snapshot = (): LiveSnapshot => {
    made++;
    const seen = acknowledged
      ? ({ state: 'acknowledged', acknowledged, acknowledgedBy: 'A. Miller' } as const)
      : {};
    return {
      isLive,
      nearest: nearestAt(lost, tripped),
      run: {
        id: 'run-1',
        bench: 'test bench',
        subject: 'cell-b',
        edited: '',
        method: 'night',
        mode: 'rehearsal',
        startedUtc: '2026-05-01T20:00:00.000Z',
        state: tripped ? 'Aborted' : 'Execute',
        phase: 'wind',
        step: 'follow the wind',
        finishedBy,
        time_s,
        planned_s: 3600,
        ended_s: null,
        verdict: tripped ? 'failed' : '',
        reason: tripped ? 'Tripped by h2-in-o2-trip' : '',
        report: html === undefined ? '' : '/report',
        unproven,
        unmet,
      },
      phases: [
        { name: 'warm-up', start_s: 0, end_s: 400, planned_s: 380 },
        { name: 'wind', start_s: 400, end_s: null, planned_s: 3000 },
        { name: 'cool-down', start_s: null, end_s: null, planned_s: null },
      ],
      phasesBy: 'rehearsal',
      cells: {
        role: 'cell.voltage_V[]',
        unit: 'V',
        values: lost ? [null, null, null] : [1.852, 1.871, null],
        ...(lost ? { last: { values: [1.852, 1.871, null], age_s: 133 } } : {}),
      },
      roles: rolesAt(time_s, lost),
      alarms: tripped
        ? [
            {
              ...ALARM,
              id: 'h2-in-o2-trip',
              reaction: 'trip',
              priority: 'high',
              isFirstOut: true,
              text: 'o2.h2_vol_pct 2.10 > 2.0',
              ...seen,
            },
          ]
        : warns
          ? [
              {
                ...ALARM,
                id: 'h2-in-o2-warn',
                text: 'o2.h2_vol_pct 1.10 > 1.0',
                ...seen,
                ...(shelving === undefined
                  ? {}
                  : { state: 'shelved', shelved: { ...shelving, until_s: 2400 } }),
              },
            ]
          : [],
      suppressed: ['h2-low'],
      shelve_s: 8 * 3600,
      devices: [
        {
          id: 'supply',
          driver: 'ea/psb-10000',
          state: lost ? 'lost' : 'ready',
          reason: lost ? 'no answer' : '',
          frames: time_s,
          badFrames: 0,
          missedTicks: 0,
        },
      ],
      sinks: [
        {
          name: 'lab',
          state: 'waiting',
          reason: 'no answer in 10 s',
          sent: 1000,
          dead: 2,
          lag_rows: 345,
          lag_s: 12.5,
        },
      ],
      spectraNews,
      events: [{ t_s: time_s, kind: 'step', text: `follow the wind${padding}` }],
      allowed: tripped
        ? ['acknowledge']
        : warns
          ? ['hold', 'stop', 'abort', 'acknowledge', 'shelve', 'unshelve']
          : ['hold', 'stop', 'abort'],
      next:
        tripped && !acknowledged
          ? { text: 'Tripped: acknowledge the alarms, then clear', command: 'acknowledge' }
          : { text: '', command: '' },
    };
  };
  return {
    asked,
    windowsAsked,
    beRough(now) {
      isRough = now;
    },
    listeners: () => listeners.size,
    snapshots: () => made,
    tick() {
      time_s++;
      tell();
    },
    tellOnly: tell,
    pad(length) {
      padding = ' '.repeat(length);
    },
    trip() {
      tripped = true;
      tell();
    },
    warn() {
      warns = true;
      tell();
    },
    lose() {
      lost = true;
      tell();
    },
    leaveUnproven(what) {
      unproven = [what];
      tell();
    },
    finishEarly(by) {
      finishedBy = by;
      tell();
    },
    miss(what) {
      unmet = [what];
      tell();
    },
    end() {
      isLive = false;
      tell();
    },
    measure(now) {
      spectra = now;
      spectraNews++;
      tell();
    },
    finish(report) {
      html = report;
      tell();
    },
    view: {
      snapshot,
      windows(window) {
        windowsAsked.push(window);
        if (lost) return Promise.reject(new Error('the record is being closed'));
        return windowsOf(window, time_s, isRough);
      },
      async readings({ device, from_s, to_s }) {
        if (lost) throw new Error('the record is being closed');
        return readingsOf(device, from_s, to_s);
      },
      picture: () => PICTURE,
      channel: () => channelAt(lost, tripped),
      figures: () => ({
        ticks: time_s,
        missed: 3,
        queue: 2,
        queue_bytes: 4096,
        trips: tripped ? 1 : 0,
        resident_bytes: 1e8,
        heap_bytes: 5e7,
        up_s: 600,
      }),
      trendRoles: () => ROLES.map(([role]) => role),
      marks: (from_s, to_s) => Promise.resolve(marksOf(from_s, to_s)),
      alarms: asked => alarmsOf(asked),
      trendLimits: () => TREND_LIMITS,
      thresholds: () => [],
      history(role) {
        const [, unit, at] = ROLES.find(([name]) => name === role) ?? ROLES[0];
        const t_s = Array.from({ length: time_s + 1 }, (_, i) => i);
        return { role, unit, t_s, value: t_s.map(t => (t > 300 && t < 330 ? null : at(t))) };
      },
      voltammograms: () => [],
      spectra: () => spectra,
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      async ask(command) {
        asked.push(command);
        if (command.command === 'acknowledge') acknowledged = true;
        if (command.command === 'shelve') shelving = { by: command.by ?? '', reason: command.reason ?? '' };
        if (command.command === 'unshelve') shelving = undefined;
        tell();
        return { accepted: command.command !== 'hold', text: `heard ${command.command}` };
      },
      report: () => html,
    },
  };
}
