import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { RecordedVoltammogram } from '../../../profiles/recorded-run.ts';
import { datasetStretches, datasetsOf, type RecordedDataset } from '../datasets.ts';
import type { RecordedEvent } from '../recorded-events.ts';

/** Voltammograms of a record: datasets with what was asked, and whether they were swept to their end. */

/** Kind of dataset. */
export const VOLTAMMOGRAM_KIND = 'voltammogram';

const figure = z.number();
const sweep = {
  from_V: figure,
  step_V: figure,
  rate_V_per_s: figure,
  currentMax_A: figure.exactOptional(),
};
const accuracy = z.object({
  reading_pct: figure,
  abs: figure,
  basis: z.enum(['sourced', 'recalled', 'default']),
});
const aboutSchema = z.object({
  /** Id of the step. */
  step: z.string().exactOptional(),
  label: z.string(),
  /** Device that swept. */
  instrument: z.string(),
  request: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('lsv'), ...sweep, to_V: figure }),
    z.object({
      kind: z.literal('cv'),
      ...sweep,
      vertices_V: z.tuple([figure, figure]).readonly(),
      scans: figure,
    }),
  ]),
  /** Names of the loops around the step with their values. */
  levels: z.record(z.string(), figure),
  /** Declared accuracy of the instrument, k = 2. */
  accuracy: z.object({ voltage: accuracy, current: accuracy }),
  /** The potential is what was set: the instrument does not measure it. Absent: it does. */
  voltageIs: z.literal('set').exactOptional(),
});

/** What is said of a voltammogram as it begins (column `about`). */
export type VoltammogramAbout = z.infer<typeof aboutSchema>;

/** Those of an open record in the order in which they were begun; one whose head cannot be read is left out. */
export function voltammogramsOf(db: DatabaseSync, events: readonly RecordedEvent[]): RecordedVoltammogram[] {
  return datasetsOf(db)
    .filter(({ kind }) => kind === VOLTAMMOGRAM_KIND)
    .flatMap(dataset => {
      const about = aboutOf(dataset);
      return about === undefined ? [] : [voltammogramOf(db, dataset, about, events)];
    });
}

function aboutOf({ about }: RecordedDataset): VoltammogramAbout | undefined {
  try {
    return aboutSchema.safeParse(JSON.parse(about)).data;
  } catch {
    return undefined;
  }
}

const COLUMNS = ['scan_count', 'voltageSet_V', 'voltage_V', 'current_A', 'temperature_degC'] as const;
/** A point without these is none. */
const NEEDED = 4;

function voltammogramOf(
  db: DatabaseSync,
  dataset: RecordedDataset,
  about: VoltammogramAbout,
  events: readonly RecordedEvent[],
): RecordedVoltammogram {
  const places = COLUMNS.map(name => dataset.columns.indexOf(name));
  const t_s: number[] = [];
  const found: Record<(typeof COLUMNS)[number], number[]> = {
    scan_count: [],
    voltageSet_V: [],
    voltage_V: [],
    current_A: [],
    temperature_degC: [],
  };
  for (const stretch of datasetStretches(db, dataset)) {
    const columns = places.map(place => (place < 0 ? undefined : stretch.usable(place)));
    for (let r = 0; r < stretch.rows; r++) {
      if (!columns.slice(0, NEEDED).every(column => Number.isFinite(column?.[r]))) continue;
      t_s.push(stretch.t_s[r]);
      for (const [i, name] of COLUMNS.entries()) found[name].push(columns[i]?.[r] ?? Number.NaN);
    }
  }
  const end = events.find(
    e =>
      e.kind === 'voltammogram' &&
      e.data.name === dataset.name &&
      Math.abs(e.data.start_s - dataset.t_s) < 1e-3,
  );
  const { step, ...said } = about;
  return {
    name: dataset.name,
    ...(step === undefined ? {} : { step }),
    ...said,
    start_s: dataset.t_s,
    end_s: end?.t_s ?? t_s.at(-1) ?? dataset.t_s,
    isWhole: end?.kind === 'voltammogram' && end.data.whole,
    t_s: Float64Array.from(t_s),
    scan_count: Float64Array.from(found.scan_count),
    voltageSet_V: Float64Array.from(found.voltageSet_V),
    voltage_V: Float64Array.from(found.voltage_V),
    current_A: Float64Array.from(found.current_A),
    temperature_degC: Float64Array.from(found.temperature_degC),
  };
}
