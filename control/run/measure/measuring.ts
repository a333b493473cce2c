import type { Clock } from '../../../drivers/contract/clock.ts';
import type { Device } from '../../../drivers/contract/device.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import {
  type DatasetRow,
  frequenciesOf,
  IMPEDANCE_COLUMNS,
  type ImpedanceAbility,
  type ImpedanceAccuracy,
  type ImpedanceRequest,
} from '../../../drivers/contract/measure/impedance.ts';
import type { MeasuringNow, SpectrumOf } from '../../../profiles/language/run/measure/measuring.ts';
import type { Subject } from '../../../profiles/recorded-run.ts';
import type { Recording } from '../../record/recording.ts';
import { SPECTRUM_KIND, type SpectrumAbout } from '../../record/spectra.ts';
import type { ProcessImage } from '../../tick/image.ts';
import type { SessionParts } from '../session-parts.ts';

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
  /** A spectrum has ended, one way or another. */
  readonly onEnd: () => void;
}

/** A spectrum as far as it has been measured. */
export interface MeasuredSpectrum {
  readonly name: string;
  state: 'under way' | 'whole' | 'cut short';
  /** Frequencies that were asked for. */
  readonly asked: number;
  readonly frequency_Hz: number[];
  readonly re_Ohm: number[];
  readonly im_Ohm: number[];
  readonly accuracy: ImpedanceAccuracy;
}

/** So many are kept at hand for the page; all of them are in the record. */
const KEPT = 4;

const NOTHING: MeasuringNow = { is: 'none', points: 0, reason: '' };

/**
 * Spectra of a run, one at a time: asked of the one device that measures impedance, each point in the record as it comes,
 * with the readings of the moment. It sets nothing: set points and safe state have nothing to wait for here. Given up, it
 * ends at once, whatever the instrument does.
 */
export class Measuring {
  readonly #parts: MeasuringParts;
  readonly #device: Device | undefined;
  #now: MeasuringNow = NOTHING;
  #off: AbortController | undefined;
  /** The newest spectra, the oldest first. */
  readonly spectra: MeasuredSpectrum[] = [];
  /** Grows with each point and with each end. */
  news = 0;

  constructor(parts: MeasuringParts) {
    this.#parts = parts;
    this.#device = [...parts.devices.values()].find(device => device.impedance !== undefined);
  }

  /** What the instrument can; undefined: there is none. */
  get ability(): ImpedanceAbility | undefined {
    return this.#device?.impedance;
  }

  /** How far the spectrum under way is, or the last one. */
  get now(): MeasuringNow {
    return this.#now;
  }

  /** Begins a spectrum; one that is under way is given up. */
  begin(request: ImpedanceRequest, of: SpectrumOf): void {
    this.giveUp('another spectrum is asked for');
    const device = this.#device;
    if (device?.measure === undefined || device.impedance === undefined) {
      this.#now = { is: 'failed', points: 0, reason: 'no device of this bench measures impedance' };
      return;
    }
    const { recording, clock, beside } = this.#parts;
    const off = new AbortController();
    this.#off = off;
    this.#now = { is: 'under way', points: 0, reason: '' };
    const start_s = clock.now_s();
    const asked = frequenciesOf(request).length;
    const about: SpectrumAbout = {
      ...(of.id === undefined ? {} : { step: of.id }),
      label: of.label,
      instrument: device.id,
      request,
      levels: of.levels,
      accuracy: device.impedance.accuracy,
      points: asked,
    };
    const dataset = recording.spectrum({
      t_s: start_s,
      kind: SPECTRUM_KIND,
      name: nameOf(of),
      columns: [...IMPEDANCE_COLUMNS, ...beside.map(columnOf)],
      about: JSON.stringify(about),
    });
    const kept: MeasuredSpectrum = {
      name: nameOf(of),
      state: 'under way',
      asked,
      frequency_Hz: [],
      re_Ohm: [],
      im_Ohm: [],
      accuracy: about.accuracy,
    };
    this.spectra.push(kept);
    if (this.spectra.length > KEPT) this.spectra.shift();
    this.news++;
    const end = (is: 'done' | 'failed', reason: string): void => {
      // What is said of one that was given up is no news any more.
      if (this.#off !== off) return;
      this.#off = undefined;
      const { points } = this.#now;
      this.#now = { is, points, reason };
      kept.state = is === 'done' ? 'whole' : 'cut short';
      this.news++;
      const data = {
        name: nameOf(of),
        start_s: start_s - this.#parts.origin_s,
        points,
        asked,
        whole: is === 'done',
        reason,
      };
      const text = is === 'done' ? `${points} points` : `${points} of ${asked} points: ${reason}`;
      recording.event({ kind: 'spectrum', data, t_s: clock.now_s(), text: `${of.label}: ${text}` });
      this.#parts.onEnd();
    };
    this.#end = end;
    device
      .measure(
        request,
        row => {
          if (this.#off !== off) return;
          this.#now = { ...this.#now, points: this.#now.points + 1 };
          dataset.add(this.#rowOf(row));
          keep(kept, row);
          this.news++;
        },
        off.signal,
      )
      .then(
        () => end('done', ''),
        (error: unknown) => end('failed', messageOf(error)),
      );
  }

  #end: (is: 'failed', reason: string) => void = () => {};

  /** Ends the spectrum under way at once; what was measured stays in the record. */
  giveUp(reason: string): void {
    const off = this.#off;
    if (off === undefined) return;
    this.#end('failed', reason);
    off.abort(reason);
  }

  /** A row with the readings beside it: what is not usable is bad, never 0. */
  #rowOf({ t_s, values, quality }: DatasetRow): {
    rows: number;
    values: Float64Array;
    quality: Uint8Array;
    reasons: ReadonlyMap<number, string>;
  } {
    const { beside, image } = this.#parts;
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

/** A point that is usable. */
function keep(spectrum: MeasuredSpectrum, { values }: DatasetRow): void {
  const [f, re, im] = values;
  if (![f, re, im].every(Number.isFinite)) return;
  spectrum.frequency_Hz.push(f);
  spectrum.re_Ohm.push(re);
  spectrum.im_Ohm.push(im);
}

/** Name of a spectrum in the record: its step, and the round of each loop around it. */
function nameOf({ id, label, levels }: SpectrumOf): string {
  const rounds = Object.entries(levels).map(([name, value]) => `${name} ${Number(value.toPrecision(6))}`);
  return [id ?? label, ...rounds].join(', ');
}

/** `stack.voltage_V` stands as `voltage_V`. */
function columnOf(role: string): string {
  return role.slice(role.lastIndexOf('.') + 1);
}

/** Direct state of the device under test that stands beside each point, where it is measured. */
const BESIDE = ['voltage_V', 'current_A', 'temperature_degC'] as const;

/** Measuring on a bench session for a run that begins at `origin_s` of it; `onEnd`: a spectrum has ended. */
export function measuringOf(
  session: MeasuredSession,
  subject: Subject,
  origin_s: number,
  onEnd: () => void,
): Measuring {
  const { parts, image } = session;
  const beside = BESIDE.map(name => `${subject.kind}.${name}`).filter(role => parts.roles.measured.has(role));
  return new Measuring({ ...parts, image, beside, origin_s, onEnd });
}

/** What of a session measuring needs. */
interface MeasuredSession {
  readonly parts: Pick<SessionParts, 'devices' | 'recording' | 'clock' | 'roles'>;
  readonly image: ProcessImage;
}
