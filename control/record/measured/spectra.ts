import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { IMPEDANCE_COLUMNS, type ImpedanceAbility } from '../../../drivers/contract/measure/impedance.ts';
import type { RecordedSpectrum } from '../../../profiles/recorded-run.ts';
import type { RecordedEvent } from '../recorded-events.ts';
import { measuredOf, wholeOf } from './measured-dataset.ts';

/** Impedance spectra of a record: datasets with what was asked, and whether they were measured to their end. */

/** Kind of dataset. */
export const SPECTRUM_KIND = 'impedance-spectrum';

const figure = z.number();
const aboutSchema = z.object({
  /** Id of the step. */
  step: z.string().exactOptional(),
  label: z.string(),
  /** Device that measured it. */
  instrument: z.string(),
  request: z.object({
    control: z.enum(['voltage', 'current']),
    amplitude: figure,
    from_Hz: figure,
    to_Hz: figure,
    pointsPerDecade: figure,
    cycles: figure,
    dc: z.union([z.enum(['keep', 'open']), z.object({ voltage_V: figure }), z.object({ current_A: figure })]),
  }),
  /** Names of the loops around the step with their values. */
  levels: z.record(z.string(), figure),
  /** Declared accuracy of the instrument, k = 2. */
  accuracy: z.object({
    modulus_pct: figure,
    phase_deg: figure,
    basis: z.enum(['sourced', 'recalled', 'default']),
  }),
  /** By whose clock `elapsed_s` of its points counts: that of the instrument, or ours when they arrived. Absent: there is none. */
  elapsedIs: z.enum(['instrument', 'arrival']).exactOptional(),
  /** Frequencies that were asked for. */
  points: z.number().int(),
});

/** What is said of a spectrum as it begins (column `about`). */
export type SpectrumAbout = z.infer<typeof aboutSchema>;

/** By whose clock `elapsed_s` of its points counts, of an instrument that can this. */
export const elapsedOf = ({
  tellsTime,
}: Pick<ImpedanceAbility, 'tellsTime'>): Pick<SpectrumAbout, 'elapsedIs'> => ({
  elapsedIs: tellsTime === true ? 'instrument' : 'arrival',
});

/** The spectra of an open record in the order in which they were begun; one whose head cannot be read is left out. */
export function spectraOf(db: DatabaseSync, events: readonly RecordedEvent[]): RecordedSpectrum[] {
  const found = measuredOf(db, events, {
    kind: SPECTRUM_KIND,
    event: 'spectrum',
    about: aboutSchema,
    needed: IMPEDANCE_COLUMNS,
  });
  return found.map(({ head, about: { points: _, ...about }, column }) => ({
    ...about,
    ...head,
    ...wholeOf(about.request, head, IMPEDANCE_COLUMNS.map(column)),
    frequency_Hz: column('frequency_Hz'),
    re_Ohm: column('re_Ohm'),
    im_Ohm: column('im_Ohm'),
    voltage_V: column('voltage_V'),
    current_A: column('current_A'),
    temperature_degC: column('temperature_degC'),
  }));
}
