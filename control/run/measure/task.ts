import type { Device } from '../../../drivers/contract/device.ts';
import {
  type DatasetRow,
  frequenciesOf,
  type ImpedanceRequest,
  SPECTRUM_COLUMNS,
} from '../../../drivers/contract/measure/impedance.ts';
import { isSpectrum, type MeasureRequest } from '../../../drivers/contract/measure/request.ts';
import {
  SWEEP_COLUMNS,
  type SweepRequest,
  sweepColumns,
  sweepPoints,
} from '../../../drivers/contract/measure/sweep.ts';
import type { MeasuredOf, MeasuringNow } from '../../../profiles/language/run/measure/measuring.ts';
import type { EventBody } from '../../record/events.ts';
import type { DatasetHead } from '../../record/journal-messages.ts';
import { elapsedOf, SPECTRUM_KIND, type SpectrumAbout } from '../../record/measured/spectra.ts';
import { VOLTAMMOGRAM_KIND, type VoltammogramAbout } from '../../record/measured/voltammograms.ts';
import {
  keepPoint,
  keepSwept,
  type MeasuredSpectrum,
  type MeasuredVoltammogram,
  withModulus,
} from './kept.ts';

/** What a measurement that was asked for is on a bench: its dataset, what the page keeps of it, how its end is told. */

/** How it ended. */
export interface MeasuredEnd {
  /** Run time, s. */
  readonly start_s: number;
  readonly points: number;
  readonly whole: boolean;
  /** Why it is not whole; empty otherwise. */
  readonly reason: string;
}

/** One measurement. */
export interface MeasureTask {
  /** Roles beside each point. */
  readonly beside: readonly string[];
  /** Of its dataset; undefined: it has none. */
  readonly head: Omit<DatasetHead, 't_s'> | undefined;
  /** For the page. */
  readonly spectrum?: MeasuredSpectrum;
  readonly voltammogram?: MeasuredVoltammogram;
  keep(row: DatasetRow): void;
  /** What a row adds to what is known of it. */
  seen(row: DatasetRow, now: MeasuringNow): Pick<MeasuringNow, 'modulus_Ohm'>;
  /** The event that says how it ended. */
  ended(end: MeasuredEnd, now: MeasuringNow): EventBody & { readonly text: string };
}

/** What is asked of a device, with these roles beside each point; undefined: it cannot. */
export function taskOf(
  { id, impedance, sweep }: Device,
  request: MeasureRequest,
  of: MeasuredOf,
  beside: readonly string[],
): MeasureTask | undefined {
  const about = {
    ...(of.id === undefined ? {} : { step: of.id }),
    label: of.label,
    instrument: id,
    levels: of.levels,
  };
  if (!isSpectrum(request)) {
    return sweep === undefined ? undefined : voltammogram(of, { ...about, request }, sweep, beside);
  }
  if (impedance === undefined) return undefined;
  const { trialOf } = of;
  if (trialOf !== undefined) return trial(of, request, trialOf);
  const { accuracy } = impedance;
  const points = frequenciesOf(request).length;
  return spectrum(of, { ...about, request, accuracy, points, ...elapsedOf(impedance) }, beside);
}

function spectrum(of: MeasuredOf, about: SpectrumAbout, beside: readonly string[]): MeasureTask {
  const { accuracy, points: asked } = about;
  const name = nameOf(of);
  const state = 'under way';
  const kept: MeasuredSpectrum = { name, state, asked, frequency_Hz: [], re_Ohm: [], im_Ohm: [], accuracy };
  return {
    beside,
    head: headOf(SPECTRUM_KIND, name, [...SPECTRUM_COLUMNS], beside, about),
    spectrum: kept,
    keep: row => keepPoint(kept, row),
    seen: modulusSeen,
    ended: end => ({ kind: 'spectrum', ...toldEnd(of, kept, end) }),
  };
}

function voltammogram(
  of: MeasuredOf,
  about: Pick<VoltammogramAbout, 'step' | 'label' | 'instrument' | 'levels'> & {
    readonly request: SweepRequest;
  },
  sweep: NonNullable<Device['sweep']>,
  besideAll: readonly string[],
): MeasureTask {
  const name = nameOf(of);
  const asked = sweepPoints(about.request);
  const kept: MeasuredVoltammogram = {
    name,
    state: 'under way',
    asked,
    scan_count: [],
    voltage_V: [],
    current_A: [],
  };
  const { voltage, current, voltageIs } = sweep;
  // Voltage and current are those of the point itself.
  const beside = besideAll.filter(role => !(SWEEP_COLUMNS as readonly string[]).includes(columnOf(role)));
  const whole: VoltammogramAbout = {
    ...about,
    accuracy: { voltage, current },
    ...(voltageIs === undefined ? {} : { voltageIs }),
  };
  return {
    beside,
    head: headOf(VOLTAMMOGRAM_KIND, name, sweepColumns(sweep), beside, whole),
    voltammogram: kept,
    keep: row => keepSwept(kept, row),
    seen: () => ({}),
    ended: end => ({ kind: 'voltammogram', ...toldEnd(of, kept, end) }),
  };
}

/** A point of a small amplitude before a spectrum: no spectrum for anybody who works figures out, but told. */
function trial(
  of: MeasuredOf,
  { control, amplitude, from_Hz: frequency_Hz }: ImpedanceRequest,
  asked: number,
): MeasureTask {
  const name = nameOf(of);
  return {
    beside: [],
    head: undefined,
    keep: () => {},
    seen: modulusSeen,
    ended: ({ start_s, whole, reason }, { modulus_Ohm }) => {
      const found_Ohm = whole ? (modulus_Ohm?.[0] ?? Number.NaN) : Number.NaN;
      const unit = control === 'voltage' ? 'V' : 'A';
      const tried = `tried with ${short(amplitude)} ${unit} in place of ${short(asked)} ${unit} at ${short(frequency_Hz)} Hz`;
      return {
        kind: 'amplitudeTrial',
        data: { name, start_s, control, frequency_Hz, amplitude, asked, modulus_Ohm: found_Ohm, reason },
        text: `${of.label}: ${tried}: ${whole ? `${short(1000 * found_Ohm)} mOhm` : reason}`,
      };
    },
  };
}

const modulusSeen: MeasureTask['seen'] = ({ values: [, re, im] }, now) =>
  withModulus(now.modulus_Ohm, Math.hypot(re, im));

function headOf(
  kind: string,
  name: string,
  columns: readonly string[],
  beside: readonly string[],
  about: SpectrumAbout | VoltammogramAbout,
): Omit<DatasetHead, 't_s'> {
  return { kind, name, columns: [...columns, ...beside.map(columnOf)], about: JSON.stringify(about) };
}

/** How the end of a spectrum or curve is told; for the page it has ended, too. */
function toldEnd(
  { label }: MeasuredOf,
  kept: MeasuredSpectrum | MeasuredVoltammogram,
  { start_s, points, whole, reason }: MeasuredEnd,
) {
  const { name, asked } = kept;
  kept.state = whole ? 'whole' : 'cut short';
  const text = whole ? `${points} points` : `${points} of ${asked} points: ${reason}`;
  return { data: { name, start_s, points, asked, whole, reason }, text: `${label}: ${text}` };
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

const short = (value: number): string => String(Number(value.toPrecision(4)));
