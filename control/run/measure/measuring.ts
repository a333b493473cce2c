import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import {
  type DatasetRow,
  frequenciesOf,
  type ImpedanceAbility,
  SPECTRUM_COLUMNS,
} from '../../../drivers/contract/measure/impedance.ts';
import { isSpectrum, type MeasureRequest } from '../../../drivers/contract/measure/request.ts';
import {
  SWEEP_COLUMNS,
  type SweepAbility,
  sweepColumns,
  sweepPoints,
} from '../../../drivers/contract/measure/sweep.ts';
import { PointsCount, pointsText } from '../../../drivers/contract/measure/whole.ts';
import type {
  MeasuredOf,
  MeasuringNow,
  PointJudge,
} from '../../../profiles/language/run/measure/measuring.ts';
import type { Subject } from '../../../profiles/recorded-run.ts';
import { elapsedOf, SPECTRUM_KIND, type SpectrumAbout } from '../../record/measured/spectra.ts';
import { VOLTAMMOGRAM_KIND, type VoltammogramAbout } from '../../record/measured/voltammograms.ts';
import type { Recording } from '../../record/recording.ts';
import type { ProcessImage } from '../../tick/image.ts';
import type { SessionParts } from '../session-parts.ts';
import {
  keepNewest,
  keepPoint,
  keepSwept,
  type MeasuredSpectrum,
  type MeasuredVoltammogram,
  withModulus,
} from './kept.ts';

/** What measuring stands on. */
export interface MeasuringParts {
  readonly devices: ReadonlyMap<string, Device>;
  readonly recording: Recording;
  readonly image: ProcessImage;
  readonly clock: Clock;
  /** Roles that stand beside each point, the direct state that it was measured at. */
  readonly beside: readonly string[];
  /** Session time that is second 0 of the record. */
  readonly origin_s: number;
  /** Device that drives the output: only that one sweeps it. */
  readonly driver: string | undefined;
  /** A measurement has ended, one way or another. */
  readonly onEnd: () => void;
}

/** What a request is on this bench. */
interface Task {
  readonly event: 'spectrum' | 'voltammogram';
  readonly device: Device;
  readonly kind: string;
  readonly columns: readonly string[];
  /** Roles beside each point. */
  readonly beside: readonly string[];
  readonly about: SpectrumAbout | VoltammogramAbout;
  readonly asked: number;
  readonly kept: MeasuredSpectrum | MeasuredVoltammogram;
  readonly keep: (row: DatasetRow) => void;
  /** What its row adds to what is known of it now. */
  readonly seen: (row: DatasetRow) => Pick<MeasuringNow, 'modulus_Ohm'>;
}

const NOTHING: MeasuringNow = { is: 'none', points: 0, reason: '' };

/**
 * Spectra and voltammograms of a run, one at a time: asked of the one device that can, each point in the record as it comes,
 * with the readings of the moment. It sets nothing: set points and safe state have nothing to wait for here. Given up, it
 * ends at once, whatever the instrument does.
 */
export class Measuring {
  readonly #parts: MeasuringParts;
  readonly #analyser: Device | undefined;
  readonly #sweeper: Device | undefined;
  #now: MeasuringNow = NOTHING;
  #off: AbortController | undefined;
  /** The newest, the oldest first. */
  readonly spectra: MeasuredSpectrum[] = [];
  readonly voltammograms: MeasuredVoltammogram[] = [];
  /** Grows with each point and with each end. */
  news = 0;

  constructor(parts: MeasuringParts) {
    this.#parts = parts;
    this.#analyser = [...parts.devices.values()].find(device => device.impedance !== undefined);
    const driver = parts.devices.get(parts.driver ?? '');
    this.#sweeper = driver?.sweep === undefined ? undefined : driver;
  }

  /** What the impedance instrument can; undefined: there is none. */
  get ability(): ImpedanceAbility | undefined {
    return this.#analyser?.impedance;
  }

  /** What the instrument that drives the output can sweep; undefined: it does not. */
  get sweepAbility(): SweepAbility | undefined {
    return this.#sweeper?.sweep;
  }

  /** How far the measurement under way is, or the last one. */
  get now(): MeasuringNow {
    return this.#now;
  }

  /** Begins a spectrum or a sweep; one that is under way is given up. What `judge` says of a point ends it with that point. */
  begin(request: MeasureRequest, of: MeasuredOf, judge?: PointJudge): void {
    this.giveUp('another measurement is asked for');
    const task = this.#taskOf(request, of);
    const measure = task?.device.measure?.bind(task.device);
    if (task === undefined || measure === undefined) {
      const what = isSpectrum(request) ? 'measures impedance' : 'sweeps a potential';
      this.#now = { is: 'failed', points: 0, reason: `no device of this bench ${what}` };
      return;
    }
    const { recording, clock } = this.#parts;
    const off = new AbortController();
    this.#off = off;
    this.#now = { is: 'under way', points: 0, reason: '' };
    const start_s = clock.now_s();
    const name = nameOf(of);
    const { asked, kept, event } = task;
    const dataset = recording.spectrum({
      t_s: start_s,
      kind: task.kind,
      name,
      columns: [...task.columns, ...task.beside.map(columnOf)],
      about: JSON.stringify(task.about),
    });
    this.news++;
    const count = new PointsCount(request);
    const end = (is: 'done' | 'failed', failure: string): void => {
      // What is said of one that was given up is no news any more.
      if (this.#off !== off) return;
      this.#off = undefined;
      const { found } = count;
      // The instrument is content; what did not come, or is bad, is missing all the same.
      const whole = is === 'done' && found.isWhole;
      const reason = is === 'done' && !whole ? `only ${pointsText(found)} are usable` : failure;
      this.#now = { ...this.#now, is, reason };
      kept.state = whole ? 'whole' : 'cut short';
      this.news++;
      const { points } = found;
      const data = { name, start_s: start_s - this.#parts.origin_s, points, asked, whole, reason };
      const text = whole ? `${points} points` : `${points} of ${asked} points: ${reason}`;
      recording.event({ kind: event, data, t_s: clock.now_s(), text: `${of.label}: ${text}` });
      this.#parts.onEnd();
    };
    this.#end = end;
    measure(
      request,
      row => {
        if (this.#off !== off) return;
        this.#now = { ...this.#now, points: this.#now.points + 1, ...task.seen(row) };
        count.add(row.values, row.quality);
        dataset.add(this.#rowOf(row, task.beside));
        task.keep(row);
        this.news++;
        const { modulus_Ohm } = this.#now;
        const beyond = modulus_Ohm === undefined ? undefined : judge?.(modulus_Ohm);
        if (beyond !== undefined) this.giveUp(beyond);
      },
      off.signal,
    ).then(
      () => end('done', ''),
      (error: unknown) => end('failed', messageOf(error)),
    );
  }

  #end: (is: 'failed', reason: string) => void = () => {};

  /** Ends what is under way at once; what was measured stays in the record. */
  giveUp(reason: string): void {
    const off = this.#off;
    if (off === undefined) return;
    this.#end('failed', reason);
    off.abort(reason);
  }

  #taskOf(request: MeasureRequest, of: MeasuredOf): Task | undefined {
    const device = isSpectrum(request) ? this.#analyser : this.#sweeper;
    const common = {
      ...(of.id === undefined ? {} : { step: of.id }),
      label: of.label,
      instrument: device?.id ?? '',
      levels: of.levels,
    };
    const shown = { name: nameOf(of), state: 'under way' } as const;
    const { beside } = this.#parts;
    if (isSpectrum(request)) {
      const { impedance } = device ?? {};
      if (device === undefined || impedance === undefined) return undefined;
      const asked = frequenciesOf(request).length;
      const { accuracy } = impedance;
      const kept: MeasuredSpectrum = { ...shown, asked, frequency_Hz: [], re_Ohm: [], im_Ohm: [], accuracy };
      keepNewest(this.spectra, kept);
      return {
        event: 'spectrum',
        device,
        kind: SPECTRUM_KIND,
        columns: SPECTRUM_COLUMNS,
        beside,
        about: { ...common, request, accuracy, points: asked, ...elapsedOf(impedance) },
        asked,
        kept,
        keep: row => keepPoint(kept, row),
        seen: ({ values: [, re, im] }) => withModulus(this.#now.modulus_Ohm, Math.hypot(re, im)),
      };
    }
    const { sweep } = device ?? {};
    if (device === undefined || sweep === undefined) return undefined;
    const asked = sweepPoints(request);
    const kept: MeasuredVoltammogram = { ...shown, asked, scan_count: [], voltage_V: [], current_A: [] };
    keepNewest(this.voltammograms, kept);
    const { voltage, current, voltageIs } = sweep;
    return {
      event: 'voltammogram',
      device,
      kind: VOLTAMMOGRAM_KIND,
      columns: sweepColumns(sweep),
      // Voltage and current are those of the point itself.
      beside: beside.filter(role => !(SWEEP_COLUMNS as readonly string[]).includes(columnOf(role))),
      about: {
        ...common,
        request,
        accuracy: { voltage, current },
        ...(voltageIs === undefined ? {} : { voltageIs }),
      },
      asked,
      kept,
      keep: row => keepSwept(kept, row),
      seen: () => ({}),
    };
  }

  /** A row with the readings beside it: what is not usable is bad, never 0. */
  #rowOf(
    { t_s, values, quality }: DatasetRow,
    beside: readonly string[],
  ): {
    rows: number;
    values: Float64Array;
    quality: Uint8Array;
    reasons: ReadonlyMap<number, string>;
  } {
    const { image } = this.#parts;
    const read = beside.map(role => image.value(role));
    const ground = image.ground() ?? QUALITY.good;
    return {
      rows: 1,
      values: Float64Array.of(t_s, ...values, ...read),
      quality: Uint8Array.of(...quality, ...read.map(v => (Number.isNaN(v) ? QUALITY.bad : ground))),
      reasons: new Map(),
    };
  }
}

/** Name of a measurement in the record: its step, and the round of each loop around it. */
function nameOf({ id, label, levels }: MeasuredOf): string {
  const rounds = Object.entries(levels).map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`);
  return [id ?? label, ...rounds].join(', ');
}

/** `stack.voltage_V` stands as `voltage_V`. */
function columnOf(role: string): string {
  return role.slice(role.lastIndexOf('.') + 1);
}

/** Direct state of the device under test that stands beside each point, where it is measured. */
const BESIDE = ['voltage_V', 'current_A', 'temperature_degC'] as const;

/** Measuring on a bench session for a run that begins at `origin_s` of it; `onEnd`: a measurement has ended. */
export function measuringOf(
  session: MeasuredSession,
  subject: Subject,
  origin_s: number,
  onEnd: () => void,
): Measuring {
  const { parts, image } = session;
  const beside = BESIDE.map(name => `${subject.kind}.${name}`).filter(role => parts.roles.measured.has(role));
  const driver = parts.roles.settable.get(`${subject.kind}.voltageSet_V`)?.device;
  return new Measuring({ ...parts, image, beside, origin_s, driver, onEnd });
}

/** What of a session measuring needs. */
interface MeasuredSession {
  readonly parts: Pick<SessionParts, 'devices' | 'recording' | 'clock' | 'roles'>;
  readonly image: ProcessImage;
}
