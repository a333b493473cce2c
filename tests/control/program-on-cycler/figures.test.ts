import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KpiValue } from '../../../profiles/kpi.ts';
import { evaluateRun } from '../../../profiles/run-kpis.ts';
import { type NewareBench, newareBench } from '../../drivers/neware/bench.ts';
import { type WireRun, wireRun } from './wire-run.ts';

/** Figures of a method that a cycler runs: of the rows that it has stored, also of the time before they were looked at. */

const METHOD = `method: short
version: 2
record: { every_s: 30 }
steps:
- { rest: {}, for_min: 2 }
- { cc: { current_C: -1/2 }, id: down, for_s: 1000 }
- { rest: {}, id: still, for_min: 5 }
- { cc: { current_C: 1/4 }, id: up, for_s: 500 }
`;

let bench: NewareBench;
let stopTime: () => void;
const runs: WireRun[] = [];
beforeEach(async () => {
  bench = await newareBench();
  stopTime = bench.clock.every(1, () => bench.hand.pass(1));
});
afterEach(async () => {
  stopTime();
  for (const run of runs.splice(0)) await run.letGo();
  await bench.end();
});

async function figuresOf({ record, run }: WireRun): Promise<(id: string) => KpiValue | undefined> {
  const read = await record();
  const all = evaluateRun(read, run.spec.procedure);

  read.close();
  return id => all.find(figure => figure.id === id && figure.phase === undefined);
}

describe('figures of a method on a cycler', () => {
  it('that came to its end while nobody looked are those of the whole test, of its own rows', async () => {
    const first = await wireRun(bench, METHOD);
    runs.push(first);
    await expect.poll(() => bench.bts.channel.state, { interval: 10, timeout: 20_000 }).toBe('running');
    bench.hand.pass(700);
    await expect.poll(() => first.program.ended, { interval: 10, timeout: 20_000 }).toBe(1);
    await first.letGo();
    bench.hand.pass(1500);
    const second = await wireRun(bench, METHOD, { device: bench.other(), name: 'again' });
    runs.push(second);
    const outcome = await second.run.finished;
    expect([outcome.state, outcome.reason]).toEqual(['Complete', '']);
    await second.program.close(true);
    const truth = bench.bts.channel.rows;
    expect((await second.kept()).rows).toEqual(truth.map(({ record }) => record));
    const of = await figuresOf(second);
    const out = truth.findLast(row => row.step === 2);
    const into = truth.findLast(row => row.step === 4);
    for (const [id, true_] of [
      ['charge-out', out?.charge_Ah],
      ['charge-in', into?.charge_Ah],
      ['energy-out', out?.energy_Wh],
      ['energy-in', into?.energy_Wh],
    ] as const) {
      const { value, u95, definition } = of(id) ?? {};
      expect(Math.abs((value ?? Number.NaN) - (true_ ?? Number.NaN)), id).toBeLessThan(u95 ?? Number.NaN);
      expect(Math.abs((value ?? Number.NaN) / (true_ ?? Number.NaN) - 1), id).toBeLessThan(5e-3);
      expect(definition).toContain(
        `Readings: the ${truth.length} rows that cycler itself has stored of test 143`,
      );
    }
    const read = await second.record();
    const took = (read.steps ?? []).filter(step => step.op !== 'let').map(step => step.end_s - step.start_s);
    read.close();
    expect(took.map(s => Math.round(s))).toEqual([120, 1000, 300, 500]);
  });
});
