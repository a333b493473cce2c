import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { importCommand } from '../../control/program/commands/import.ts';
import { type RunResult, resultSchema } from '../../control/review/result.ts';

/** Files of cyclers, made up and imported one by one in the test's own process. */

/** One row of it. */
export interface Row {
  readonly t_s: number;
  readonly voltage_V: number;
  readonly current_A: number;
}

/** A cell of 2 Ah: rest, 1 h of 2 A in, rest, 1 h of 2 A out, rest; 3.1 V empty, 4.1 V full, 20 mOhm. */
export function rows(every_s = 10): Row[] {
  const all: Row[] = [];
  let [t_s, charge_Ah] = [0, 0];
  const run = (current_A: number, seconds: number): void => {
    for (let s = 0; s < seconds; s += every_s, t_s += every_s) {
      all.push({ t_s, current_A, voltage_V: 3.1 + 0.5 * charge_Ah + 0.02 * current_A });
      charge_Ah += (current_A * every_s) / 3600;
    }
  };
  for (const [current_A, seconds] of [
    [0, 600],
    [2, 3600],
    [0, 600],
    [-2, 3600],
    [0, 600],
  ])
    run(current_A, seconds);
  return all;
}

/** A table of it. */
export const text = (header: string, row: (r: Row, i: number) => string, all = rows()): string =>
  `${header}\n${all.map(row).join('\n')}\n`;
export const PLAIN = 'Test Time / s,Voltage / V,Current / A';
/** As BDF, with what is changed. */
export const plain = (change: (r: Row, i: number) => Partial<Row>): string =>
  text(PLAIN, (r, i) => {
    const { t_s, voltage_V, current_A } = { ...r, ...change(r, i) };
    return `${t_s},${voltage_V.toFixed(6)},${current_A}`;
  });

/** What an import says: the message with which it refuses, or what it prints, and its figures; for as long as the test runs. */
export async function imported(
  content: string,
  ...options: string[]
): Promise<{ refused: string; printed: string; figure: (id: string) => number; result: () => RunResult }> {
  const folder = mkdtempSync(join(tmpdir(), 'import-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'c.csv');
  writeFileSync(file, content);
  const out = join(folder, 'run');
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation(line => void printed.push(String(line)));
  let refused = '';
  try {
    await importCommand([file, '--out', out, ...options]);
  } catch (error) {
    refused = error instanceof Error ? error.message : String(error);
    expect(existsSync(out), 'nothing is half-done').toBe(false);
  } finally {
    log.mockRestore();
  }
  const result = (): RunResult =>
    resultSchema.parse(JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')));
  const figure = (id: string): number =>
    result().kpis.find(kpi => kpi.id === id && kpi.phase === undefined)?.value ?? Number.NaN;
  return { refused, printed: printed.join('\n'), figure, result };
}
