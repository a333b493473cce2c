import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import type { DatasetRow, ImpedanceAbility } from '../../../drivers/contract/measure/impedance.ts';
import { isSpectrum, type MeasureRequest } from '../../../drivers/contract/measure/request.ts';
import type { SweepAbility } from '../../../drivers/contract/measure/sweep.ts';
import { PointsCount, pointsText } from '../../../drivers/contract/measure/whole.ts';
import type {
  MeasuredOf,
  MeasuringNow,
  PointJudge,
} from '../../../profiles/language/run/measure/measuring.ts';
import type { Subject } from '../../../profiles/recorded-run.ts';
import type { Recording } from '../../record/recording.ts';
import type { ProcessImage } from '../../tick/image.ts';
import type { SessionParts } from '../session-parts.ts';
import { keepNewest, type MeasuredSpectrum, type MeasuredVoltammogram } from './kept.ts';
import { taskOf } from './task.ts';

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
    const device = isSpectrum(request) ? this.#analyser : this.#sweeper;
    const task = device === undefined ? undefined : taskOf(device, request, of, this.#parts.beside);
    if (task?.spectrum !== undefined) keepNewest(this.spectra, task.spectrum);
    if (task?.voltammogram !== undefined) keepNewest(this.voltammograms, task.voltammogram);
    const measure = device?.measure?.bind(device);
    if (task === undefined || measure === undefined) {
      const what = isSpectrum(request) ? 'measures impedance' : 'sweeps a potential';
      this.#now = { is: 'failed', points: 0, reason: `no device of this bench ${what}` };
      return;
    }
    const { recording, clock, origin_s } = this.#parts;
    const off = new AbortController();
    this.#off = off;
    this.#now = { is: 'under way', points: 0, reason: '' };
    const start_s = clock.now_s();
    const dataset = task.head && recording.spectrum({ ...task.head, t_s: start_s });
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
      this.news++;
      const ended = { start_s: start_s - origin_s, points: found.points, whole, reason };
      recording.event({ ...task.ended(ended, this.#now), t_s: clock.now_s() });
      this.#parts.onEnd();
    };
    this.#end = end;
    measure(
      request,
      row => {
        if (this.#off !== off) return;
        this.#now = { ...this.#now, points: this.#now.points + 1, ...task.seen(row, this.#now) };
        count.add(row.values, row.quality);
        dataset?.add(this.#rowOf(row, task.beside));
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
