import { describe, expect, it } from 'vitest';
import { loadSubjects } from '../../../control/bench/bench-file.ts';
import { againstSharing } from '../../../control/bench/sharing.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';

/** On which benches several subjects may be under way at a time. */

const two = loadSubjects('examples/two-cells/bench.yaml', describeDevice);
const [first, second] = two.benches;
const withFirst = (bench: Partial<typeof first.bench>) => ({
  ...two,
  benches: [{ ...first, bench: { ...first.bench, ...bench } }, second],
});

describe('subjects of one bench at a time', () => {
  it('may be where each has its own channel, and what all use is no output of theirs', () => {
    expect(two.shared).toEqual(['chamber']);
    expect(againstSharing(two)).toBe('');
  });

  it('may not on a bench with one subject without a name', () => {
    const one = loadSubjects('examples/cell-cycling/bench.yaml', describeDevice);
    expect(one.shared).toEqual([]);
    expect(againstSharing(one)).toContain('one subject without a name');
  });

  it('may not where what switches one off, or proves it, is an instrument of the bench', () => {
    const against = againstSharing({ ...two, shared: ['chamber', 'cycler'] });
    expect(against).toMatch(
      /cell\.\S+ of nickel is on cycler, which all subjects use: it could not go off alone/,
    );
    const roles = { ...first.bench.roles, 'cell.current_A': 'chamber.chamberTemperature_degC' };
    expect(againstSharing(withFirst({ roles }))).toContain('cell.current_A of nickel is on chamber');
  });

  it('may not where a hold or a suspension of one would move what all use, or the guards differ', () => {
    const hold = { 'chamber.temperatureSet_degC': { to: 20, ramp_per_s: 1 } };
    expect(againstSharing(withFirst({ hold }))).toContain(
      'chamber.temperatureSet_degC, which all subjects use',
    );
    expect(againstSharing(withFirst({ guard: { timeout_s: 9 } }))).toContain('one guard watches for all');
  });
});
