import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import { loadNight, rehearseOnce } from '../../control/program/rehearse/rehearse-once.ts';
import { recordedBench } from '../../control/program/result/recorded-bench.ts';
import { reportDataOf } from '../../control/program/result/report-data.ts';
import { openRecord } from '../../control/record/record.ts';
import { reviewed } from '../../control/review/review.ts';
import { renderReport } from '../../dashboards/report.ts';

/** Record rules of a method, from its file to the rows that are there. */

const dir = mkdtempSync(join(tmpdir(), 'rules-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const EXAMPLE = 'examples/cell-cycling';

/** Rehearses on the cell's bench, polled at 10 Hz; the times of its rows, its steps, its file. */
async function rehearsed(name: string, rule: string, pulseRule: string) {
  const at = join(dir, name);
  mkdirSync(at);
  copyFileSync(join(EXAMPLE, 'cycler-nodes.yaml'), join(at, 'cycler-nodes.yaml'));
  const text = readFileSync(join(EXAMPLE, 'bench.yaml'), 'utf8').replace('poll_s: 1', 'poll_s: 0.1');
  writeFileSync(join(at, 'bench.yaml'), text);
  writeFileSync(
    join(at, 'pulses.yaml'),
    `method: pulses\nversion: 2\n${rule}steps:
- repeat: { times: 2 }
  steps:
  - { rest: {}, for_min: 6 }
  - { cc: { current_C: -1 }, id: pulse, for_s: 10${pulseRule} }
- { rest: {}, for_min: 12 }
`,
  );
  const files = loadNight({ bench: join(at, 'bench.yaml'), method: join(at, 'pulses.yaml'), seed: 1 });
  const run = join(at, 'run');
  mkdirSync(run);
  const { result, record } = await rehearseOnce(files, run, 1);
  const pulses = (record.steps ?? []).filter(step => step.id === 'pulse');
  record.close();
  const source = openRunSource(run);
  const t_s = [...source.reader('cycler').stretches({ channels: [] })].flatMap(stretch => [...stretch.t_s]);
  const said = source.meta.get('recording');
  if (source.result === undefined || source.bench.subject === undefined) throw new Error('no result');
  const bench = recordedBench(source);
  const kept = openRecord(source.path, bench.roles, source.bench.subject);
  const html = renderReport(reportDataOf(bench, source.result, kept));
  kept.close();
  const again = reviewed(source.path, { ...bench, bench: files.loaded.bench }, files.method.procedure).limits;
  source.close();
  return { t_s, pulses, said, result, html, again, bytes: statSync(join(run, 'run.sqlite')).size };
}

describe('a pulse of 10 s in long rests', () => {
  it('is recorded at 10 Hz inside and at 60 s outside, lasts 10 s, and the record says so', async () => {
    const whole = await rehearsed('whole', '', '');
    const thin = await rehearsed(
      'thin',
      'record: { every_s: 60 }\n',
      ', record: { every_s: 0.1, before_s: 1 }',
    );
    expect(thin.pulses).toHaveLength(2);
    for (const { start_s, end_s } of thin.pulses) {
      expect(end_s - start_s).toBeCloseTo(10, 6);
      const inside = thin.t_s.filter(t => t > start_s - 1.01 && t < end_s + 1e-6);
      expect(inside).toHaveLength(whole.t_s.filter(t => t > start_s - 1.01 && t < end_s + 1e-6).length);
      const [after, then] = thin.t_s.filter(t => t > end_s + 0.15);
      expect(then - after).toBeCloseTo(60, 3);
    }
    // The nearest approach lies between two rows that were kept: all readings tell it, and the report alone says the same.
    const near = ({ limits }: typeof thin.result) =>
      limits.map(({ id, closest, armed_s, at }) => ({ id, closest, armed_s, at }));
    expect(near(thin.result)).toEqual(near(whole.result));
    expect(thin.result.limits.some(({ ofKeptRows }) => ofKeptRows === true)).toBe(false);
    expect(thin.again).toEqual(thin.result.limits);
    expect(thin.html).toContain('set by the method');
    expect(thin.html).not.toContain('rules of the bench');
    expect(thin.result.phases).toEqual(whole.result.phases);
    expect(thin.result.thinned).toMatchObject([{ device: 'cycler', interval_s: 60, seen: whole.t_s.length }]);
    expect(thin.said).toContain('"interval_s":60');
    expect(whole.said).toBeUndefined();
    // The last minute before its end is kept whole.
    expect(thin.t_s.length).toBeLessThan(0.08 * whole.t_s.length);
    expect(thin.bytes).toBeLessThan(whole.bytes);
  });
});
