import type { ImpedanceAbility, ImpedanceRequest } from '../../../../drivers/contract/measure/impedance.ts';
import type { LanguageEnv } from '../env.ts';
import { beyondPeak, type PeakLimit, peaksOfStep } from './peaks.ts';

/**
 * What spectra of this run have found stands for a first point as far as this part of its frequency; and if |Z| is so many
 * times off by now, in another state of the cell, all must stay within the limits all the same.
 */
const NEAR = 1.5;
const STATE = 10;

/**
 * Holds the peaks of a spectrum within their limits while it is measured: what is driven by its amplitude, the other one by
 * the impedance, of earlier spectra before the first point and then as it is found. The direct values are as read, smoothed
 * over the longest period: an instrument may read a slow alternating part, too, which must not count twice.
 */
export class PeakGuard {
  readonly #env: LanguageEnv;
  readonly #can: ImpedanceAbility;
  readonly #request: ImpedanceRequest;
  readonly #limits: readonly PeakLimit[];
  readonly #roles: { readonly voltage: string; readonly current: string };
  readonly #period_s: number;
  readonly #direct = { voltage: Number.NaN, current: Number.NaN };
  #last_s = Number.NaN;

  constructor(env: LanguageEnv, can: ImpedanceAbility, request: ImpedanceRequest, tags: readonly string[]) {
    this.#env = env;
    this.#can = can;
    this.#request = request;
    this.#limits = peaksOfStep(env.peaks, tags);
    const subject = env.output?.subject ?? 'cell';
    this.#roles = { voltage: `${subject}.voltage_V`, current: `${subject}.current_A` };
    this.#period_s = 1 / Math.min(request.from_Hz, request.to_Hz);
  }

  /** A direct value that is measured and limited is not known now: nothing may be laid over it. */
  get isUnknown(): boolean {
    return (['voltage', 'current'] as const).some(of => {
      if (!this.#limits.some(limit => limit.of === of)) return false;
      return this.#env.count(this.#roles[of]) > 0 && Number.isNaN(this.#env.value(this.#roles[of]));
    });
  }

  /** Before the first point, in words what would be passed; undefined: nothing. */
  before(t_s: number): string | undefined {
    const { from_Hz, to_Hz } = this.#request;
    const [least_Ohm] = this.#env.found_Ohm(Math.min(from_Hz, to_Hz), Math.max(from_Hz, to_Hz));
    // Of a current the largest impedance would be asked, and that of another state says little.
    return this.look(t_s, [least_Ohm, Number.NaN]);
  }

  /** What answers to the amplitude may pass a limit with the first point, for all that is known of the impedance. */
  get isOpen(): boolean {
    const { control, from_Hz } = this.#request;
    const of = control === 'voltage' ? 'current' : 'voltage';
    const hasOwn = control === 'voltage' && this.#can.amplitudeMax_A > 0;
    if (!hasOwn && !this.#limits.some(limit => limit.of === of)) return false;
    const [least_Ohm, most_Ohm] = this.#env.found_Ohm(from_Hz / NEAR, from_Hz * NEAR);
    return Number.isNaN(least_Ohm) || this.point([least_Ohm / STATE, most_Ohm * STATE]) !== undefined;
  }

  /** With what has been measured of it, least and most of |Z| in Ohm, NaN where nothing is known. */
  look(t_s: number, [least_Ohm, most_Ohm]: readonly [number, number]): string | undefined {
    this.#read(t_s);
    return this.point([least_Ohm, most_Ohm]);
  }

  /** The same at the moment of a point, with the direct values as they were read last. */
  point([least_Ohm, most_Ohm]: readonly [number, number]): string | undefined {
    const { control, amplitude } = this.#request;
    const { voltage, current } = this.#direct;
    const limits = this.#limits;
    if (control === 'voltage') {
      const current_A = amplitude / least_Ohm;
      return (
        beyondPeak(limits, 'voltage', voltage, amplitude) ??
        this.#beyondOwn(current_A, least_Ohm) ??
        beyondPeak(limits, 'current', current, current_A)
      );
    }
    return (
      beyondPeak(limits, 'current', current, amplitude) ??
      beyondPeak(limits, 'voltage', voltage, amplitude * most_Ohm)
    );
  }

  /**
   * The current that answers to a voltage the instrument must give itself; a voltage that answers to a current is not what it
   * lays over the direct one. One that declares no current is not asked.
   */
  #beyondOwn(peak_A: number, least_Ohm: number): string | undefined {
    const most_A = this.#can.amplitudeMax_A;
    if (!(most_A > 0) || !(peak_A > most_A * (1 + 1e-9))) return undefined;
    const amplitude = `${short(this.#request.amplitude)} V at ${short(1000 * least_Ohm)} mOhm`;
    return `an alternating part of ${short(peak_A)} A peak (${amplitude}), expected at most ${short(most_A)} A (the impedance instrument)`;
  }

  #read(t_s: number): void {
    const part = 1 - Math.exp(-(t_s - this.#last_s) / this.#period_s);
    this.#last_s = t_s;
    for (const what of ['voltage', 'current'] as const) {
      const read = this.#env.value(this.#roles[what]);
      if (Number.isNaN(read)) continue;
      const old = this.#direct[what];
      this.#direct[what] = Number.isNaN(old) ? read : old + part * (read - old);
    }
  }
}

const short = (value: number): string => String(Number(value.toPrecision(4)));
