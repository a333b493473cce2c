import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openRunSource } from '../../../control/exchange/recorded-run.ts';
import { loadNight, rehearseOnce } from '../../../control/program/rehearse/rehearse-once.ts';
import { madeOf } from '../../../control/program/result/cut-off.ts';
import { recordedBench } from '../../../control/program/result/recorded-bench.ts';

/** The record of a run on a bench with several subjects says which one it was, and is read as that one's. */

const dir = mkdtempSync(join(tmpdir(), 'subject-record-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a run for one of two cells', () => {
  it('stands in record and result under its name, with its own sheet, channel and trips', async () => {
    const method = join(dir, 'm.yaml');
    writeFileSync(method, 'method: m\nversion: 2\nsteps:\n- { cc: { current_C: 1 }, for_s: 10 }\n');
    const bench = 'examples/two-cells/bench.yaml';
    const night = loadNight({ bench, method, subject: 'iron', seed: 1 });
    const { result, record } = await rehearseOnce(night, dir, 1);
    record.close();
    expect(result.subject).toBe('iron');
    const source = openRunSource(dir);
    try {
      expect(source.meta.get('subject')).toBe('iron');
      expect(source.result?.subject).toBe('iron');
      expect(source.bench.subject).toMatchObject({ kind: 'cell', name: 'LFP 26650, 3 Ah', capacity_Ah: 3 });
      expect(source.bench.roles['cell.current_A']).toBe('cycler.current_A');
      expect(source.bench.devices['cycler'].driver).toBe('opcua/plc');
      const trip = recordedBench(source).interlocks.find(({ id }) => id === 'cell-voltage-high');
      expect(trip).toMatchObject({ limit: 3.65 });
      expect(madeOf(source)).toMatchObject({
        subject: { capacity_Ah: 3 },
        bench: { cell: { voltageMax_V: 3.6 } },
      });
      const text = source.db.prepare("SELECT text FROM events WHERE kind = 'load'").all() as {
        text: string;
      }[];
      expect(text.map(row => row.text)).toContain('subject iron: LFP 26650, 3 Ah');
    } finally {
      source.close();
    }
  });
});
