import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cellbench, ROOT, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';
import { eventsOf, resultSchema, withTables } from './support/run-folder.ts';

/** A night that follows a measured wind. */

const scratch = scratchFolder();
const folder = (name: string): string => join(scratch.path, name);
afterAll(() => scratch.remove());

describe('a measured wind series', () => {
  it('stands by in the lulls and keeps H2 in O2 below 2 %', { timeout: RUN_TIMEOUT_MS }, async ctx => {
    const wind = '../shared/data/wind-1s-1day.csv';
    if (!existsSync(join(ROOT, wind))) ctx.skip(`no measured wind series at ${wind}`);
    const dir = folder('wind');
    const method = 'examples/pem-500kw/night.yaml';
    const ended = await cellbench('--no-serve', '--method', method, '--wind', wind, '--out', dir);
    expect(ended.code, told(ended)).toBe(0);
    const result = resultSchema.parse(JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')));
    expect(result.verdict).toBe('completed');
    const phase = result.phases.find(p => p.name === 'wind');
    if (phase === undefined) throw new Error('no phase wind');
    withTables(dir, db => {
      const standby = eventsOf(db, 'standby');
      expect(standby.length).toBeGreaterThan(0);
      expect(eventsOf(db, 'restart').length).toBeGreaterThan(0);
      expect(standby.length - eventsOf(db, 'restart').length).toBeLessThanOrEqual(1);
      const idle = db
        .prepare('SELECT count(*) AS n FROM frames_supply WHERE t_s > ? AND t_s <= ? AND current_A < 20')
        .get(phase.start_s, phase.end_s) as { n: number };
      expect(idle.n).toBeGreaterThan(60);
      const h2 = db
        .prepare('SELECT max(h2InO2_vol_pct) AS most FROM frames_plc WHERE t_s > ? AND t_s <= ?')
        .get(phase.start_s, phase.end_s) as { most: number };
      expect(h2.most).toBeGreaterThan(0.05);
      expect(h2.most).toBeLessThan(2);
      const source = db.prepare("SELECT value FROM meta WHERE key = 'loadSource'").get() as { value: string };
      expect(source.value).toContain('wind-1s-1day.csv');
    });
  });
});
