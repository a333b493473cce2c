import { SERIES } from '../ea/series.ts';
import { MODEL_IDS } from '../keithley/models.ts';

/** Instruments with a driver of their own, by what they say to `*IDN?`. */

/** A driver that fits, and what its options would say beside the address. */
interface OwnDriver {
  readonly driver: string;
  readonly options: Readonly<Record<string, string>>;
  /** No family of supplies is meant, whatever the maker. */
  readonly isAlone: boolean;
}

const LOGGERS: readonly string[] = ['34970A', '34972A', 'DAQ970A'];

/** The driver of this maker and model; undefined where it has none of its own. */
export function ownDriver(maker: string, model: string, serial: string): OwnDriver | undefined {
  const named: Readonly<Record<string, string>> = serial === '' ? {} : { serial };
  const bare = model.replace(/^MODEL /i, '');
  if (/^KEITHLEY/i.test(maker) && (MODEL_IDS as readonly string[]).includes(bare))
    return { driver: 'keithley/source-meter', options: { model: bare, ...named }, isAlone: true };
  if (LOGGERS.includes(model))
    return { driver: 'keysight/data-logger', options: { model, ...named }, isAlone: true };
  const series = eaSeries(model);
  if (series === undefined) return undefined;
  return { driver: 'ea/psb-10000', options: { series, model, ...named }, isAlone: false };
}

/** The series of EA that a type of device is of; undefined: none that is driven here. */
export const eaSeries = (type: string): string | undefined =>
  Object.entries(SERIES).find(([, series]) => series.type.test(type))?.[0];
