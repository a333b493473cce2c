import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openRunSource } from '../../control/exchange/recorded-run.ts';
import { loadNight, rehearseOnce } from '../../control/program/rehearse/rehearse-once.ts';
import { recordedBench } from '../../control/program/result/recorded-bench.ts';
import { reportDataOf } from '../../control/program/result/report-data.ts';
import { openRecord } from '../../control/record/record.ts';
import { verifyRecord } from '../../control/record/seal/verify.ts';
import type { RunResult } from '../../control/review/result.ts';
import { renderReport } from '../../dashboards/report.ts';
import { joinLimit_s } from '../../profiles/record-math.ts';

/** The same night recorded whole and thinned: limits fire alike, figures agree within what they say of themselves. */

const dir = mkdtempSync(join(tmpdir(), 'thinned-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const EXAMPLE = 'examples/cell-cycling';
const RULES = `
recording:
  instruments:
    cycler: { interval_s: 60, change: { cell.current_A: 0.02, cell.voltage_V: 0.002, cell.power_W: 0.1 } }
`;

function steps(name: string, text: string): string {
  const path = join(dir, `${name}.yaml`);
  writeFileSync(
    path,
    `method: ${name}
version: 2
phases:
- name: condition
  steps:
  - set: { chamber.temperature_degC: 25 }
  - { cc: { current_A: 0 }, for_s: 60 }
- name: work
  steps:
${text}
`,
  );
  return path;
}

async function night(name: string, rules: string, method: string, change = (text: string) => text) {
  const at = join(dir, name);
  mkdirSync(at);
  const bench = join(at, 'bench.yaml');
  writeFileSync(bench, change(readFileSync(join(EXAMPLE, 'bench.yaml'), 'utf8')) + rules);
  copyFileSync(join(EXAMPLE, 'cycler-nodes.yaml'), join(at, 'cycler-nodes.yaml'));
  const files = loadNight({ bench, method, seed: 1 });
  const run = mkdtempSync(join(at, 'run-'));
  const { result, record } = await rehearseOnce(files, run, 1);
  record.close();
  return { result, run };
}
const whole = ({ kpis }: RunResult) => kpis.filter(kpi => kpi.phase === undefined);

const METHOD = steps(
  'pulses',
  `  - repeat: { times: 3 }
    steps:
    - { cc: { current_A: 3 }, for_s: 1200 }
    - { cc: { current_A: 0 }, for_s: 900 }
    - { cc: { current_A: -3 }, for_s: 1200 }
    - { cc: { current_A: 0 }, for_s: 900 }`,
);

describe('a night of pulses', () => {
  it('thinned: far fewer rows, nothing is a gap, figures agree, and it says so', async () => {
    const all = await night('all', '', METHOD);
    const thin = await night('thin', RULES, METHOD);
    const [of] = thin.result.thinned ?? [];
    expect(all.result.thinned).toBeUndefined();
    expect(of).toMatchObject({ device: 'cycler', interval_s: 60 });
    expect(of.seen).toBe(all.result.counts.devices[0].frames);
    expect(of.kept).toBeLessThan(0.2 * (of.seen ?? 0));
    expect(thin.result.verdict).toBe(all.result.verdict);
    expect(thin.result.phases).toEqual(all.result.phases);
    const others = new Map(whole(thin.result).map(kpi => [kpi.id, kpi]));
    let compared = 0;
    for (const kpi of whole(all.result)) {
      const other = others.get(kpi.id);
      expect(other?.value === null, kpi.id).toBe(kpi.value === null);
      if (kpi.value === null || other?.value == null) continue;
      const u95 = Math.hypot(kpi.u95 ?? 0, other.u95 ?? 0);
      if (u95 === 0) continue;
      compared++;
      expect(Math.abs(other.value - kpi.value), kpi.id).toBeLessThanOrEqual(u95);
      expect(other.definition, kpi.id).not.toMatch(/Gaps: [1-9]/);
    }
    expect(compared).toBeGreaterThan(2);
  });

  it('its record says alone what was left out, and is verified', async () => {
    const at = join(dir, 'thin');
    const run = join(at, readdirSync(at).find(name => name.startsWith('run-')) ?? '');
    expect(verifyRecord(join(run, 'run.sqlite'))).toMatchObject({ found: [], hasEnded: true });
    const source = openRunSource(run);
    const bench = recordedBench(source);
    if (source.result === undefined || source.bench.subject === undefined) throw new Error('no result');
    const record = openRecord(source.path, bench.roles, source.bench.subject);
    const current = record.series('cell.current_A');
    expect(joinLimit_s(current)).toBeGreaterThanOrEqual(120);
    const declared = bench.roles.measured.get('cell.current_A')?.accuracy.abs ?? 0;
    expect(record.accuracy('cell.current_A').abs).toBeCloseTo(
      Math.hypot(declared, (4 * 0.02) / Math.sqrt(3)),
      12,
    );
    const html = renderReport(reportDataOf(bench, source.result, record));
    expect(html).toMatch(
      /Thinned by recording rules.*cycler: .* readings kept, one each 60 s at least \(set by the bench\).*how near they came is of all of them/,
    );
    record.close();
    source.close();
  });
});

describe('a night that trips', () => {
  const RATE = steps(
    'rate',
    '  - { cc: { current_A: 0 }, for_s: 900 }\n  - { cc: { current_A: -9 }, for_s: 3000 }',
  );
  const lower = (text: string) =>
    text.replace('limit_per_min: 5, over_s: 60', 'limit_per_min: 0.3, over_s: 60');

  it('trips at the same reading, and every reading is kept from 60 s before it on', async () => {
    const all = await night('all-trip', '', RATE, lower);
    const thin = await night('thin-trip', RULES, RATE, lower);
    expect(all.result.alarms.map(alarm => alarm.id)).toContain('cell-temperature-rate');
    expect(thin.result.alarms).toEqual(all.result.alarms);
    expect(thin.result.verdict).toBe(all.result.verdict);
    const tripped_s = all.result.alarms[0].raised_s;
    const source = openRunSource(thin.run);
    const times = [...source.reader('cycler').stretches({ channels: [] })].flatMap(({ t_s }) => [...t_s]);
    source.close();
    const early = times.filter(t_s => t_s < tripped_s - 60);
    expect(early.length).toBeLessThan(0.2 * tripped_s);
    const around = times.filter(t_s => t_s >= tripped_s - 60 && t_s <= tripped_s + 600);
    const end_s = Math.min(tripped_s + 600, times[times.length - 1]);
    expect(around.length).toBe(Math.round(end_s - around[0]) + 1);
    expect(around[0]).toBeLessThanOrEqual(tripped_s - 59);
  });
});
