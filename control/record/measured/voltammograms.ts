import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { SWEEP_COLUMNS } from '../../../drivers/contract/measure/sweep.ts';
import type { RecordedVoltammogram } from '../../../profiles/recorded-run.ts';
import type { RecordedEvent } from '../recorded-events.ts';
import { measuredOf, wholeOf } from './measured-dataset.ts';

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
  const found = measuredOf(db, events, {
    kind: VOLTAMMOGRAM_KIND,
    event: 'voltammogram',
    about: aboutSchema,
    needed: SWEEP_COLUMNS,
  });
  return found.map(({ head, about, column }) => ({
    ...about,
    ...head,
    ...wholeOf(about.request, head, SWEEP_COLUMNS.map(column)),
    scan_count: column('scan_count'),
    voltageSet_V: column('voltageSet_V'),
    voltage_V: column('voltage_V'),
    current_A: column('current_A'),
    temperature_degC: column('temperature_degC'),
  }));
}
