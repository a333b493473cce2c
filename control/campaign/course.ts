import { z } from 'zod';
import type { Campaign } from './campaign-file.ts';
import { type Channels, stationOf } from './needs.ts';
import { runOf, windowOf } from './queue.ts';
import type { CampaignCourse, Rehearsed, Waited } from './rehearse.ts';
import { openingAt, utcOf } from './windows.ts';

/** What a rehearsed campaign says, as `campaign rehearse --json` prints it. Times: UTC, or s; null where there is no value. */

const figure = z.number();
const amounts = {
  energy_kWh: figure.nullable(),
  h2_kg: figure.nullable(),
  n2_NL: figure.nullable(),
  bytes: figure,
};

const courseRunSchema = z.strictObject({
  id: z.string(),
  run: z.string(),
  bench: z.string(),
  subject: z.string().nullable(),
  state: z.enum(['completed', 'failed', 'skipped', 'waiting', 'running']),
  reason: z.string(),
  beginUtc: z.string().nullable(),
  endUtc: z.string().nullable(),
  duration_s: figure.nullable(),
  /** Of that which it waited for a window, a bench or a resource: what, and how long. */
  waited: z.array(
    z.strictObject({ for: z.string(), what: z.string(), by: z.string().nullable(), wait_s: figure }),
  ),
  ...amounts,
});
export type CourseRun = z.output<typeof courseRunSchema>;

export const courseSchema = z.strictObject({
  campaign: z.string(),
  zone: z.string(),
  seed: z.number().int(),
  beginUtc: z.string(),
  endUtc: z.string(),
  runs: z.array(courseRunSchema),
  /** Share of the time from first to last in which a bench, or a channel of it, had a run. */
  benches: z.array(z.strictObject({ bench: z.string(), busy_s: figure, busy_frac: figure })),
  total: z.strictObject(amounts),
  findings: z.array(z.string()),
});
/** A rehearsed campaign. */
export type CampaignSummary = z.output<typeof courseSchema>;

/** What one rehearsed run used. */
export interface Amounts {
  readonly energy_kWh: number | null;
  readonly h2_kg: number | null;
  readonly n2_NL: number | null;
  readonly bytes: number;
}

const HOUR_MS = 3_600_000;

/** Puts together what came out. */
export function summaryOf(
  campaign: Campaign,
  seed: number,
  { begin_ms, end_ms, queue, runs, waited }: CampaignCourse<Rehearsed & Amounts>,
  channels: Channels = new Set(),
): CampaignSummary {
  const findings: string[] = [];
  const rows = queue.items.map((item): CourseRun => {
    const { id, run, state, reason, begun_ms, over_ms } = item;
    const { bench = campaign.bench, subject = null, window } = runOf(campaign, item);
    const done = runs.get(id);
    const own = (waited.get(id) ?? []).filter(({ what }) => what.for !== 'run');
    if (state === 'failed') findings.push(`${id} did not complete: ${reason}`);
    if (state === 'skipped') findings.push(`${id} is not run: ${reason}`);
    if (state === 'waiting') findings.push(`${id} has never begun`);
    for (const { what, from_ms, until_ms } of own)
      if (what.for === 'window' && until_ms - from_ms >= HOUR_MS)
        findings.push(
          `${id} is ready at ${utcOf(from_ms)} and waits ${((until_ms - from_ms) / HOUR_MS).toFixed(1)} h for the window "${what.window}"`,
        );
    const times = windowOf(campaign, { window });
    if (times !== undefined && begun_ms !== null && over_ms !== null) {
      const { to_ms } = openingAt(times, campaign.zone, begun_ms);
      if (over_ms > to_ms)
        findings.push(
          `${id} begins in the window "${window}" and ends ${((over_ms - to_ms) / HOUR_MS).toFixed(1)} h after it has closed`,
        );
    }
    return {
      id,
      run,
      bench,
      subject,
      state,
      reason,
      beginUtc: utcOf(begun_ms),
      endUtc: utcOf(over_ms),
      duration_s: done?.duration_s ?? null,
      waited: own.map(waitOf),
      energy_kWh: done?.energy_kWh ?? null,
      h2_kg: done?.h2_kg ?? null,
      n2_NL: done?.n2_NL ?? null,
      bytes: done?.bytes ?? 0,
    };
  });
  const all_s = (end_ms - begin_ms) / 1000;
  const stations = rows.map(row => stationOf(campaign, row, channels));
  const benches = [...new Set(stations)].map(bench => {
    const busy_s = sum(rows.filter((_, i) => stations[i] === bench).map(row => row.duration_s)) ?? 0;
    return { bench, busy_s, busy_frac: all_s > 0 ? busy_s / all_s : 0 };
  });
  return {
    campaign: campaign.campaign,
    zone: campaign.zone,
    seed,
    beginUtc: new Date(begin_ms).toISOString(),
    endUtc: new Date(end_ms).toISOString(),
    runs: rows,
    benches,
    total: {
      energy_kWh: sum(rows.map(row => row.energy_kWh)),
      h2_kg: sum(rows.map(row => row.h2_kg)),
      n2_NL: sum(rows.map(row => row.n2_NL)),
      bytes: sum(rows.map(row => row.bytes)) ?? 0,
    },
    findings,
  };
}

/** Null where nothing is known of any. */
function sum(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}

function waitOf({ what, from_ms, until_ms }: Waited): CourseRun['waited'][number] {
  const wait_s = (until_ms - from_ms) / 1000;
  if (what.for === 'window') return { for: what.for, what: what.window, by: null, wait_s };
  if (what.for === 'run') return { for: what.for, what: what.run, by: null, wait_s };
  if (what.for === 'person') return { for: what.for, what: what.what, by: null, wait_s };
  return { for: what.for, what: what.what, by: what.by, wait_s };
}
