import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkMethod, loadBench } from '../../../control/bench/bench-file.ts';
import { benchOfMethods } from '../../../control/bench/program-channel.ts';
import { loadMethodFor } from '../../../control/program/method-of-bench.ts';
import { describeDevice, plantOf } from '../../../control/program/open-devices.ts';
import { readFaults } from '../../../sim/faults-file.ts';
import { openRig } from '../../../sim/open-rig.ts';

/** What a reader copies must work as it stands: each example bench, its methods, and the plant behind it. */

const EXAMPLES = new URL('../../../examples/', import.meta.url).pathname;
const benches = readdirSync(EXAMPLES).filter(name =>
  readdirSync(join(EXAMPLES, name)).includes('bench.yaml'),
);
const isMethod = (name: string): boolean => !/^bench|^faults|nodes|rack/.test(name) && name.endsWith('.yaml');

/** With each of its subjects, where it has several. */
const rows = benches.flatMap(name => {
  const { subjects } = parse(readFileSync(join(EXAMPLES, name, 'bench.yaml'), 'utf8')) as {
    subjects?: object;
  };
  const names: (string | undefined)[] = subjects === undefined ? [undefined] : Object.keys(subjects);
  return names.map(subject => [name, subject] as const);
});

describe.each(rows)('examples/%s %s', (name, subject) => {
  const dir = join(EXAMPLES, name);
  const { loaded } = benchOfMethods(loadBench(join(dir, 'bench.yaml'), describeDevice, subject));

  it('has methods that fit the bench', () => {
    const methods = readdirSync(dir).filter(isMethod);
    expect(methods).not.toEqual([]);
    for (const file of methods) {
      const method = loadMethodFor(join(dir, file), loaded);
      checkMethod(method, loaded);
      expect(method.procedure.planned_s, file).toBeGreaterThan(0);
    }
  });

  it('has faults that the plant can have, where it has a file of them', () => {
    for (const file of readdirSync(dir).filter(f => f.startsWith('faults')))
      expect(readFaults(join(dir, file), plantOf(loaded))).not.toEqual([]);
  });

  it('names a plant that has a signal for every role', () => {
    const rig = openRig(plantOf(loaded), 1);
    const unknown = Object.keys(loaded.bench.roles).filter(
      role => rig.sensorIndex(role) < 0 && rig.actuatorIndex(role) < 0 && rig.sensorRange(role).count === 0,
    );
    // What an instrument says of itself is no signal of the plant.
    expect(unknown.filter(role => !/remote_on|alarm_on|heartbeatTripped_on|owned_on/.test(role))).toEqual([]);
  });
});
