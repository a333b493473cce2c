import { mkdtempSync, rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { TREND_ROLES } from '../../control/program/open-session.ts';
import { trendRole } from '../../control/record/window/trend-role.ts';
import { liveLoad } from './page/live-load.ts';
import { writeLongRecord } from './page/long-record.ts';
import { lookedAt } from './page/shown-record.ts';

/**
 * The live page under load: a record of many hours on it (first picture of all of it, zooms), then a run over emulated wires
 * with nobody and with 20 at its page. `npm run measure:page -- [--hours 1000] [--every] [--live_s 60] [--browsers 20]`.
 * Times are those of whoever asks, over loopback, from the question to the last byte; of the trends that the page of a stack
 * shows, with `--every` of each channel of the record at once as well. `first_ms`: the median first picture of a server that
 * has not seen the record yet; `zoom_ms`: the median of the slowest span at places not seen before. Payloads are as sent;
 * `_cpu_ms`: what of the time this process has worked, on a busy machine the better figure; `loads`: those of the machine
 * before each part. `--live_s 0`: without the run. Last line: JSON. Exit 1 where first_ms is above 1000, zoom_ms above 100,
 * or a visitor missed an answer.
 */

const ROOT = new URL('../..', import.meta.url).pathname;
const FIRST_MOST_MS = 1000;
const ZOOM_MOST_MS = 100;

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '1000' },
    live_s: { type: 'string', default: '60' },
    every: { type: 'boolean', default: false },
    browsers: { type: 'string', default: '20' },
  },
});
const [hours, live_s, browsers] = [values.hours, values.live_s, values.browsers].map(Number);

// As the program does it: its reading thread knows what was compiled before.
process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/cellbench');
enableCompileCache(process.env['NODE_COMPILE_CACHE']);

const load = (): number => Number(loadavg()[0].toFixed(1));
const loads: number[] = [load()];
const dir = mkdtempSync(join(tmpdir(), 'cellbench-page-'));
try {
  const record = writeLongRecord(dir, hours);
  const { path: _path, roles, bytes, made_s, ...made } = record;
  const about = {
    hours,
    channels: made.channels,
    rows: made.rows,
    MB: Number((bytes / 1e6).toFixed(1)),
    made_s: Number(made_s.toFixed(1)),
  };
  console.error(`record: ${JSON.stringify(about)}`);
  loads.push(load());
  const shown = await lookedAt(
    record,
    TREND_ROLES.filter(name => trendRole(name, roles) !== undefined),
  );
  console.error(`page: ${JSON.stringify(shown)}`);
  loads.push(load());
  const everyChannel = [...roles.measured.values()].flatMap(({ role, count }) =>
    count === 1 ? [role] : Array.from({ length: count }, (_, i) => role.replace('[]', `[${i + 1}]`)),
  );
  const all = values.every ? await lookedAt(record, everyChannel) : undefined;
  loads.push(load());
  const live = live_s === 0 ? undefined : await liveLoad(dir, browsers, live_s);
  loads.push(load());
  const line = {
    first_ms: shown.first.ms.median,
    zoom_ms: Math.max(...shown.zooms.map(({ cold }) => cold.ms.median)),
    first_cpu_ms: shown.first.cpu_ms.median,
    zoom_cpu_ms: Math.max(...shown.zooms.map(({ cold }) => cold.cpu_ms.median)),
    payload_kB: shown.first.payload_kB,
    browsers: live?.browsers ?? 0,
    missed_ticks: live?.looked_at.missed ?? 0,
    record: about,
    page: shown,
    every_channel: all,
    live,
    loads,
  };
  console.log(JSON.stringify(line));
  const isGood =
    line.first_ms <= FIRST_MOST_MS && line.zoom_ms <= ZOOM_MOST_MS && (live?.failures ?? 0) === 0;
  process.exitCode = isGood ? 0 : 1;
} finally {
  rmSync(dir, { recursive: true, force: true });
}
// Connections that are kept alive hold nobody up.
process.exit();
