import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { RecordedSpectrum } from '../../../profiles/recorded-run.ts';
import { datasetStretches, datasetsOf, type RecordedDataset } from '../datasets.ts';
import type { RecordedEvent } from '../recorded-events.ts';

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
  /** Frequencies that were asked for. */
  points: z.number().int(),
});

/** What is said of a spectrum as it begins (column `about`). */
export type SpectrumAbout = z.infer<typeof aboutSchema>;

/** The spectra of an open record in the order in which they were begun; one whose head cannot be read is left out. */
export function spectraOf(db: DatabaseSync, events: readonly RecordedEvent[]): RecordedSpectrum[] {
  return datasetsOf(db)
    .filter(({ kind }) => kind === SPECTRUM_KIND)
    .flatMap(dataset => {
      const about = aboutOf(dataset);
      return about === undefined ? [] : [spectrumOf(db, dataset, about, events)];
    });
}

function aboutOf({ about }: RecordedDataset): SpectrumAbout | undefined {
  try {
    return aboutSchema.safeParse(JSON.parse(about)).data;
  } catch {
    return undefined;
  }
}

function spectrumOf(
  db: DatabaseSync,
  dataset: RecordedDataset,
  { step, label, instrument, request, levels, accuracy, points }: SpectrumAbout,
  events: readonly RecordedEvent[],
): RecordedSpectrum {
  const rows: number[][] = [];
  const wanted = ['frequency_Hz', 're_Ohm', 'im_Ohm'].map(name => dataset.columns.indexOf(name));
  for (const stretch of datasetStretches(db, dataset)) {
    const columns = dataset.columns.map((_, i) => stretch.usable(i));
    for (let r = 0; r < stretch.rows; r++)
      if (wanted.every(i => Number.isFinite(columns[i]?.[r])))
        rows.push([stretch.t_s[r], ...columns.map(column => column[r])]);
  }
  const end = events.find(
    e =>
      e.kind === 'spectrum' && e.data.name === dataset.name && Math.abs(e.data.start_s - dataset.t_s) < 1e-3,
  );
  const column = (name: string): Float64Array => {
    const at = dataset.columns.indexOf(name);
    return Float64Array.from(rows, row => (at < 0 ? Number.NaN : row[at + 1]));
  };
  return {
    name: dataset.name,
    ...(step === undefined ? {} : { step }),
    label,
    instrument,
    request,
    levels,
    accuracy,
    start_s: dataset.t_s,
    end_s: end?.t_s ?? rows.at(-1)?.[0] ?? dataset.t_s,
    isWhole: end?.kind === 'spectrum' && end.data.whole && rows.length === points,
    t_s: Float64Array.from(rows, ([t_s]) => t_s),
    frequency_Hz: column('frequency_Hz'),
    re_Ohm: column('re_Ohm'),
    im_Ohm: column('im_Ohm'),
    voltage_V: column('voltage_V'),
    current_A: column('current_A'),
    temperature_degC: column('temperature_degC'),
  };
}
