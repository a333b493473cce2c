import { expect, it } from 'vitest';
import type { RunResult } from '../../control/view.ts';
import { notAsAskedSection } from '../../dashboards/report/not-as-asked.ts';
import { notAsAskedLines } from '../../dashboards/terminal/progress.ts';

it('a gauge that repeated itself shows in report and terminal', () => {
  const same = { role: 'cathode.pressure_barg', unit: 'barg', value: 10.02, readings: 60, count: 1 };
  const at = { t_s: 850, phase: 'run', step: 'hold' };
  const found: Pick<RunResult, 'sameFigures'> = { sameFigures: [{ ...same, at, usual_readings: 2 }] };
  const row = notAsAskedSection(found).split('<tr>').at(-1) ?? '';
  expect(row).toContain('cathode.pressure_barg');
  // Neither charge nor current speak against a gauge.
  expect(row).toContain('<td class="n"></td><td class="n"></td><td class="n">2</td></tr>');
  expect(notAsAskedLines(found)).toEqual([
    'cathode.pressure_barg stands at 10.02 bar(g) to the last digit from 0:14:10 h on (60 readings so far) after 2 equal ones in a row at most: it may be no reading',
  ]);
});

it('an instrument that was not read shows in report and terminal', () => {
  const one = {
    device: 'gauge',
    roles: ['chiller.pressure_barg'],
    part_frac: 0.793,
    from_s: 6.2,
    long_s: 23,
  };
  const found: Pick<RunResult, 'unread'> = { unread: [one] };
  expect(notAsAskedSection(found)).toContain('<th scope="row">gauge</th>');
  expect(notAsAskedLines(found)).toEqual([
    'gauge: no usable reading for 79 % of the run, the longest from 0:00:06 h on (chiller.pressure_barg)',
  ]);
});

it('a potential that was not held shows in report and terminal, one that was in the report', () => {
  const one = {
    phase: 'run',
    step: 'fast (cccv)',
    role: 'cell.negativePotential_V',
    unit: 'V',
    within: 0.005,
  };
  const away = { ...one, target: 0.02, rms: 0.0006, beyond: 0.031, readings: 900, count: 2 };
  const found: Pick<RunResult, 'controlled'> = {
    controlled: [away, { ...away, step: 'slow (cccv)', beyond: 0.004 }],
  };
  expect(notAsAskedSection(found).split('<tr')).toHaveLength(4);
  expect(notAsAskedLines(found)).toEqual([
    'Step "fast (cccv)" in run does not hold cell.negativePotential_V at 20 mV: up to 31 mV beyond, 0.6 mV rms (in 2 stretches); 5 mV count as held',
  ]);
});

it('a loop that was left early shows in report and terminal', () => {
  const left = { loop: 'each', where: 'lea.yaml:6', round: 2, rounds: 4, kind: 'exit', by: 'cc' } as const;
  const found: Pick<RunResult, 'leftLoops'> = {
    leftLoops: [{ ...left, reason: 'cell.current_A > 0.3', t_s: 640, count: 3 }],
  };
  expect(notAsAskedSection(found)).toContain('<td>cc: cell.current_A &gt; 0.3</td><td class="n">3</td></tr>');
  expect(notAsAskedLines(found)).toEqual([
    'Left in round 2 of 4 of the each in lea.yaml:6, by cc: cell.current_A > 0.3 (the first of 3 times)',
  ]);
});
