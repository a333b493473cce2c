import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { explainCommand } from '../../../control/program/commands/language/explain.ts';

/** Which set point of a channel that is told its mode carries the voltage of a `cccv`: its own highest or lowest one. */

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'voltage-ends-'));
  cpSync('examples/cell-cycling', dir, { recursive: true });
  const path = join(dir, 'bench.yaml');
  const bench = readFileSync(path, 'utf8');
  const narrow = bench
    .replace(/cell\.voltageSet_V: \{ min: [\d.]+, max: [\d.]+/, 'cell.voltageSet_V: { min: 3.2, max: 3.9')
    .replace(
      /cell\.voltageMaxSet_V: \{ min: [\d.]+, max: [\d.]+/,
      'cell.voltageMaxSet_V: { min: 2.5, max: 4.1',
    );
  if (narrow === bench) throw new Error('the example has no such limits');
  writeFileSync(path, narrow);
});
afterAll(() => rmSync(dir, { recursive: true }));

it.each([
  ['a charge within its highest', 'current_C: 1, voltage_V: 4.05', 0, 'voltageMaxSet_V'],
  ['a charge beyond it', 'current_C: 1, voltage_V: 4.15', 1, 'voltageMaxSet_V'],
  ['a discharge within its lowest', 'current_C: -1, voltage_V: 2.7', 0, 'voltageMinSet_V'],
  ['a discharge beyond it', 'current_C: -1, voltage_V: 2.44', 1, 'voltageMinSet_V'],
])('%s', async (_what, own, code, name) => {
  const path = join(dir, 'm.yaml');
  writeFileSync(path, `method: m\nversion: 2\nsteps:\n- { cccv: { ${own} }, for_min: 5 }\n`);
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    expect(await explainCommand([path, '--bench', join(dir, 'bench.yaml'), '--json'])).toBe(code);
    const { gates } = JSON.parse(String(log.mock.calls[0][0])) as {
      readonly gates: readonly { readonly role: string; readonly isBeyond: boolean }[];
    };
    const voltages = gates.filter(({ role }) => role.startsWith('cell.voltage'));
    expect(voltages).toMatchObject([{ role: `cell.${name}`, isBeyond: code === 1 }]);
  } finally {
    log.mockRestore();
  }
});
