import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rehearsalSchema } from '../../control/rehearse/summary.ts';
import { cellbench, RUN_TIMEOUT_MS, scratchFolder, told } from './support/program.ts';

/** What goes wrong in a rehearsal by a fault file: the interlocks meant for it act, and the record says that it was put in. */

const BENCH = 'examples/pem-500kw/bench.yaml';
const scratch = scratchFolder();
afterAll(() => scratch.remove());
const METHOD = `method: load
version: 2
phases:
- name: purge
  steps:
  - call: purge
    with: { pressure_barg: 1, purge_min: 5 }
- name: load
  steps:
  - set: { water.pump_on: on, stack.current_A: 0 }
  - wait: {}
    for_s: 30
  - set: { stack.voltage_V: 300, stack.power_W: 600000, stack.output_on: on }
  - set: { stack.current_A: 1000 }
  - wait: {}
    for_s: 900
finally:
- set: { stack.current_A: 0, stack.output_on: off }
`;

async function rehearse(name: string, faults: string) {
  const args = ['--json', '--out', join(scratch.path, name)];
  const with_ = faults === '' ? [] : ['--faults', scratch.write(`${name}-faults.yaml`, `faults:\n${faults}`)];
  const ended = await cellbench('rehearse', BENCH, scratch.write('load.yaml', METHOD), ...args, ...with_);
  return { ended, summary: rehearsalSchema.parse(JSON.parse(ended.stdout.trim())) };
}

describe('a rehearsal with faults', { timeout: RUN_TIMEOUT_MS }, () => {
  it('is not needed for the same method to complete', async () => {
    const { summary } = await rehearse('healthy', '');
    expect(summary.outcome).toBe('completed');
    expect(summary.findings.filter(f => /Fault/.test(f.text))).toEqual([]);
  });

  it.each([
    ['pump', '  - { kind: pump-stop, target: water, from_s: 700 }', 'water-flow-low'],
    ['lead', "  - { kind: lead-off, target: 'cell[9].voltage_V', from_s: 700 }", 'cell-spread'],
    [
      'thermocouple',
      '  - { kind: open-thermocouple, target: stack.temperature_degC, from_s: 700 }',
      'stack-temperature-high',
    ],
    [
      'offset',
      '  - { kind: sensor-offset, target: room.h2_vol_pct, from_s: 700, size: 1.5 }',
      'room-h2-trip',
    ],
  ])('%s: the interlock for it trips, and the fault is named', async (name, faults, interlock) => {
    const { ended, summary } = await rehearse(name, faults);
    expect(ended.code, told(ended)).toBe(4);
    expect(summary.end?.interlock).toBe(interlock);
    expect(summary.end?.at.t_s).toBeGreaterThan(700);
    expect(summary.findings.map(f => f.text).join('\n')).toMatch(/Fault put in: .* from 700 s, for good/);
  });

  it('a fault that the plant cannot have is one message, exit code 2', async () => {
    const faults = scratch.write('odd.yaml', 'faults:\n  - { kind: lye-loss, target: lye, from_s: 1 }\n');
    const ended = await cellbench('rehearse', BENCH, scratch.write('load.yaml', METHOD), '--faults', faults);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/odd\.yaml:2: .*lye-loss.*expected one of/);
  });

  it('the instruments have real faults: --real refuses the file', async () => {
    const ended = await cellbench('--real', '--faults', 'any.yaml');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/--faults are for simulated runs/);
  });
});
