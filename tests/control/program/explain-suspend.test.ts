import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { explainCommand } from '../../../control/program/commands/language/explain.ts';

/** `cellbench explain`: what a method that may be suspended sets, and what never recovers. */

const CELL = 'examples/cell-cycling/bench.yaml';
let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'explain-suspend-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Writes a method and explains it. */
async function explain(
  text: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly out: string }> {
  const path = join(dir, 'm.yaml');
  writeFileSync(path, text);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    const code = await explainCommand([
      path,
      ...(args.includes('--bench') ? [] : ['--bench', CELL]),
      ...args,
    ]);
    return { code, out: log.mock.calls.map(([line]) => String(line)).join('\n') };
  } finally {
    log.mockRestore();
  }
}

describe('explain, of suspensions', () => {
  it('what a recovery sets is what the method sets, of a step, a phase, and the file', async () => {
    const suspend = (set: string): string =>
      `limits: [{ when: cell.temperature_degC > 40, then: suspend, recover: { set: ${set}, for_s: 1, within_s: 9, at_most: 2 } }]`;
    const { code, out } = await explain(
      [
        'method: m',
        'version: 2',
        'parameters: { cool_degC: 12 }',
        suspend('{ chamber.temperature_degC: { to: cool_degC, per_min: 2 } }'),
        'phases:',
        '- name: a',
        `  ${suspend('{ chamber.temperature_degC: 35 }')}`,
        '  steps:',
        '  - set: { chamber.temperature_degC: 25 }',
        `  - { cc: { current_A: 1 }, for_s: 9, ${suspend('{ chamber.temperature_degC: 15 }')} }`,
      ].join('\n'),
    );
    expect(out.split('\n')).toContain(
      '  chamber.temperatureSet_degC: 5 degC to 45 degC; set to 12 degC to 35 degC',
    );
    expect(code).toBe(0);
  });

  it('says which suspension no recovery cures: one of a load that the step itself asks for', async () => {
    const limit = (when: string, then = 'suspend'): string =>
      `{ when: ${when}, then: ${then}${then === 'suspend' ? ', recover: { for_s: 1, within_s: 9, at_most: 2 }' : ''} }`;
    const { out } = await explain(
      [
        'method: m',
        'version: 2',
        `limits: [${limit('cell.current_C > 0.3 for 2 s')}, ${limit('cell.current_A > 4')}]`,
        'steps:',
        '- { cc: { current_A: 2 }, for_s: 9 }',
        '- { cc: { current_A: 1 }, for_s: 9 }',
        `- { cc: { current_A: 2 }, for_s: 9, limits: [${limit('cell.temperature_degC > 40')}, ${limit('cell.current_A > 1', 'stop')}] }`,
        `- { cccv: { current_A: 1, voltage_V: 4.2 }, for_s: 9, limits: [${limit('cell.voltage_V > 4.1')}] }`,
      ].join('\n'),
    );
    const lines = out.split('\n');
    const from = lines.indexOf('Suspensions that no recovery cures');
    const says = (line: number, when: string, step: number): string =>
      `m.yaml:${line}: suspends where ${when}, but the step at line ${step} itself asks for that: whenever it goes on it comes back to it, until the run trips`;
    expect(
      lines.slice(from + 1, from + 5).map(line => line.trim().replace(dir, '').replace(/^\//, '')),
    ).toEqual([
      says(3, 'cell.current_C > 0.3 for 2 s', 5),
      says(3, 'cell.current_C > 0.3 for 2 s', 7),
      says(8, 'cell.voltage_V > 4.1', 8),
      '',
    ]);
  });
});
