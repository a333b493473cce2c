import { Windows } from '../../../control/record/window/windows.ts';
import { serveDashboard } from '../../../dashboards/server.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { fakeRun } from '../../dashboards/fake-view.ts';
import type { LongRecord } from './long-record.ts';
import { COLUMNS, type Got, look, spread } from './pictures.ts';

/** A long record on the page of a run: the first picture of all of it, and zooms. */

/** First pictures, each by a server that has not seen the record, and looks at the same place again. */
const FIRST_TIMES = 5;
const AGAIN_TIMES = 5;
/** Places that each zoom is made to. */
const PLACES = 7;
/** So long until a whole record has been gone through, s. */
const FINE_WITHIN_S = 1200;
/** Lengths of zooms, s. The longest that readings are read for: a column is less than the 60 s of the overview. */
const SPANS_S = [1_800_000, 360_000, 59 * COLUMNS, 30 * COLUMNS, 14_400, 5 * COLUMNS, 3600, 600, 60];

/** Serves the record with this server until `close`. */
async function served({ path, roles }: LongRecord): Promise<{ url: string; close(): Promise<void> }> {
  const windows = new Windows(path, roles);
  const view = {
    ...fakeRun().view,
    windows: windows.ask.bind(windows),
    marks: windows.marks.bind(windows),
  };
  const server = await serveDashboard(view, { port: 0 });
  return {
    url: server.url,
    async close() {
      await server.close();
      await windows.close();
    },
  };
}

const figures = (got: readonly Got[]) => ({
  ms: spread(got.map(({ ms }) => ms)),
  cpu_ms: spread(got.map(({ cpu_ms }) => cpu_ms)),
  payload_kB: Math.round(Math.max(...got.map(({ bytes }) => bytes)) / 1000),
});

/**
 * First pictures (cold: right after the server's start) and zooms of these trends, cold and asked again, by span. `fine_s`:
 * until the whole record had been gone through. Throws where a picture is not what was written.
 */
export async function lookedAt(record: LongRecord, trends: readonly string[]) {
  const { rows: end_s, spike } = record;
  const clock = realClock();
  const first: Got[] = [];
  const whileRough: Got[] = [];
  for (let i = 0; i < FIRST_TIMES; i++) {
    const page = await served(record);
    first.push(await look(page.url, trends, 0, end_s));
    // Somebody zooms before the record has been gone through.
    const at_s = end_s * (0.1 + 0.15 * i);
    whileRough.push(await look(page.url, trends, at_s, Math.min(end_s, at_s + 14_400)));
    await page.close();
  }
  const page = await served(record);
  try {
    const begin_s = clock.now_s();
    for (;;) {
      const { windows } = await look(page.url, trends, 0, end_s);
      if (windows.every(({ isRough }) => !isRough)) break;
      if (clock.now_s() - begin_s > FINE_WITHIN_S) throw new Error(`still rough after ${FINE_WITHIN_S} s`);
      await clock.sleep(0.5);
    }
    const fine_s = Number((clock.now_s() - begin_s).toFixed(1));
    const again: Got[] = [];
    for (let i = 0; i < AGAIN_TIMES; i++) again.push(await look(page.url, trends, 0, end_s));
    const seen = again[0].windows.find(({ role }) => role === spike.role);
    if (seen !== undefined && !seen.max.includes(spike.value))
      throw new Error(`the picture of ${spike.role} lacks its one reading of ${spike.value}`);
    const zooms = [];
    for (const span_s of SPANS_S.filter(span => span < end_s)) {
      const cold: Got[] = [];
      const warm: Got[] = [];
      for (let i = 0; i < PLACES; i++) {
        // Places that no other zoom has been to.
        const from_s = Math.floor((end_s - span_s) * ((i * 0.618 + span_s / 7919) % 1));
        cold.push(await look(page.url, trends, from_s, from_s + span_s));
        warm.push(await look(page.url, trends, from_s, from_s + span_s));
      }
      zooms.push({ span_s, cold: figures(cold), warm: figures(warm) });
    }
    return {
      trends: trends.length,
      first: figures(first),
      zoom_while_rough: figures(whileRough),
      fine_s,
      first_again: figures(again),
      zooms,
    };
  } finally {
    await page.close();
  }
}
