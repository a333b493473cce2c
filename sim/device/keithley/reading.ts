import { number7 } from '../scpi/settings.ts';
import type { SourceMeter } from './source.ts';

/** How a reading is written. */

/** What was read, and when. */
export interface Told {
  readonly voltage_V: number;
  readonly current_A: number;
  readonly isLimited: boolean;
  readonly time_s: number;
  /** The source is measured, too. */
  readonly isBack: boolean;
  /** Bits that stand in its status whatever is true. */
  readonly forced: number;
}

const shown = (value: number): string => (Number.isNaN(value) ? '+9.900000E+37' : number7(value));

/** Five numbers of a 2400, the last its status word (bits recalled). */
export function words2400(source: SourceMeter, told: Told): string {
  const { voltage_V, current_A, isLimited, time_s, forced } = told;
  const status =
    (Number.isNaN(voltage_V + current_A) ? 1 : 0) |
    (isLimited ? 8 : 0) |
    (source.function === 'VOLT' ? 1 << 14 : 1 << 15) |
    (source.wires === 4 ? 1 << 22 : 0) |
    forced;
  return [voltage_V, current_A, Number.NaN, time_s, status].map(shown).join(',');
}

/** The elements that a 2450 is asked for; with its output off it senses with two wires. */
export function elements2450(source: SourceMeter, told: Told, argument: string): string {
  const { voltage_V, current_A, isLimited, isBack, forced, time_s } = told;
  const isVoltage = source.function === 'VOLT';
  const status =
    (isBack ? 8 : 0) |
    (isLimited ? 32 : 0) |
    (source.wires === 4 && source.isOn ? 64 : 0) |
    (source.isOn ? 128 : 0) |
    forced;
  const elements: Readonly<Record<string, string>> = {
    SOUR: shown(isBack ? (isVoltage ? voltage_V : current_A) : source.of[source.function].level),
    READ: shown(isVoltage ? current_A : voltage_V),
    SOURSTAT: String(status),
    STAT: source.terminals === 'FRON' ? '8' : '0',
    REL: shown(time_s),
  };
  const asked = argument
    .split(',')
    .slice(1)
    .map(part => part.trim().toUpperCase());
  return (asked.length === 0 ? ['READ'] : asked).map(name => elements[name] ?? '').join(',');
}
