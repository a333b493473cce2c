import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadBench } from '../../control/bench/bench-file.ts';
import { describeDevice } from '../../control/program/open-devices.ts';
import { type RunResult, resultSchema } from '../../control/review/result.ts';
import { cellbench, ROOT, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';
import { withTables } from './support/run-folder.ts';

/** What a night leaves for a lab's own programs: result.json by its schema, and the same in the report. */

const scratch = scratchFolder();
afterAll(() => scratch.remove());

describe('result.json of a night', () => {
  const dir = join(scratch.path, 'night');
  let whole: RunResult;
  beforeAll(async () => {
    const ended = await cellbench('--no-serve', '--out', dir);
    expect(ended.code, told(ended)).toBe(0);
    whole = resultSchema.parse(JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')));
  }, RUN_TIMEOUT_MS);

  it('is as its schema says, and tells what it was made from: files with hashes, software, times', () => {
    expect(whole.inputs.map(input => input.what)).toEqual(['bench', 'method', 'data', 'data']);
    for (const { path, bytes, sha256 } of whole.inputs) {
      const now = readFileSync(resolve(ROOT, path));
      expect(bytes, path).toBe(now.length);
      expect(sha256, path).toBe(createHash('sha256').update(now).digest('hex'));
    }
    expect(whole.software.commit === null || /^[0-9a-f]{40}(-dirty)?$/.test(whole.software.commit)).toBe(
      true,
    );
    const took_s = (Date.parse(whole.endedUtc) - Date.parse(whole.startedUtc)) / 1000;
    expect(Math.abs(took_s - whole.simulated_s)).toBeLessThan(60);
  });

  it('has the margin to every limit, its alarms, every point of both curves, and its criteria', () => {
    const file = loadBench(join(ROOT, 'examples/pem-500kw/bench.yaml'), describeDevice);
    expect(whole.limits.map(l => l.id).toSorted()).toEqual(file.bench.interlocks.map(i => i.id).toSorted());
    expect(whole.limits.flatMap(l => (l.fired > 0 ? [l.id] : []))).toEqual(whole.alarms.map(a => a.id));
    // At pressure the stack comes near its hydrogen limit: a warning, and nothing more.
    for (const alarm of whole.alarms) {
      expect(alarm).toMatchObject({
        id: 'h2-in-o2-warn',
        reaction: 'warn',
        limit: 1,
        phase: 'high-pressure',
      });
      expect(alarm.peak).toBeGreaterThan(1);
      expect(alarm.cleared_s).toBeGreaterThan(alarm.raised_s);
    }
    const pressure = whole.limits.find(l => l.id === 'cathode-pressure-high');
    // The leak test goes to 33 barg, the trip stands at 35.
    expect(pressure?.closest).toBeGreaterThan(32.5);
    expect(pressure?.distance).toBeCloseTo(35 - (pressure?.closest ?? Number.NaN), 9);
    expect(whole.curves.map(c => [c.phase, c.points.length])).toEqual([
      ['polarisation', 37],
      ['polarisation (2)', 37],
    ]);
    for (const point of whole.curves[0].points) {
      expect(point.currentDensity_A_per_cm2).toBeCloseTo(point.current_A / 1000, 12);
      expect(point.u95_V).toBeGreaterThan(0);
    }
    const criteria = whole.kpis.filter(kpi => kpi.criterion !== undefined);
    expect(criteria.map(kpi => kpi.id)).toEqual(
      expect.arrayContaining(['leak-decay', 'stable-band', 'h2-in-o2-at-pressure']),
    );
    expect(whole.criteria).toBe('pass');
    const { supply } = Object.fromEntries(whole.counts.devices.map(d => [d.id, d]));
    withTables(dir, db => {
      const { n } = db.prepare('SELECT count(*) AS n FROM frames_supply').get() as { n: number };
      expect(Math.abs(supply.frames - n)).toBeLessThan(10);
    });
    const html = readFileSync(join(dir, 'report.html'), 'utf8');
    for (const words of [
      '<h2>Limits</h2>',
      '<h2>Alarms</h2>',
      '<h2>Made from</h2>',
      'Criteria of the methods',
    ])
      expect(html).toContain(words);
  });
});
