import { z } from 'zod';
import { defineStep } from '../../file/define-step.ts';

/** Cycles at the most. */
export const MOST_SCANS = 1000;

/** The potential is swept by the instrument while the current is read. */
export const voltammetry = defineStep({
  key: 'voltammetry',
  doc: 'the instrument sweeps the potential at a scan rate and reads the current: from begin to end (linear sweep), or from begin to vertex1, to vertex2 and back to begin, cycle after cycle (cyclic voltammetry)',
  example:
    '{ voltammetry: { begin_V: 0, vertex1_V: 0.8, vertex2_V: -0.2, rate_mV_per_s: 50, cycles: 3 }, within_min: 5 }',
  own: {
    stems: {
      begin: 'potential that it begins at',
      end: 'potential at which a linear sweep ends',
      vertex1: 'first potential at which a cycle turns',
      vertex2: 'second potential at which a cycle turns, begin unless said',
      rate: 'scan rate',
      step: 'height of a step of the staircase, 1 mV unless said',
      quiet: 'time at begin before the sweep, 0 unless said',
      currentMax:
        'largest current either way: the instrument takes its range for it, and the sweep fails beyond it',
    },
    oneOf: ['end', 'vertex1'],
    needs: ['begin', 'rate'],
    plain: {
      cycles: z
        .union([z.number().int().min(1).max(MOST_SCANS), z.string().min(1)], {
          error: `expected a whole number 1..${MOST_SCANS} or an expression`,
        })
        .optional()
        .meta({ description: 'cycles, 1 unless said' }),
    },
  },
  ends: 'deadline',
  says: ({ value, plain }) => {
    const quiet = value('quiet');
    const before = quiet === undefined ? '' : `after ${quiet} there, `;
    const most = value('currentMax');
    const how = `at ${value('rate')}, steps of ${value('step') ?? '1 mV'}${most === undefined ? '' : `, at most ${most}`}`;
    if (value('end') !== undefined)
      return `linear sweep voltammetry: ${before}from ${value('begin')} to ${value('end')} ${how}`;
    const cycles = (plain('cycles') ?? '1') === '1' ? '1 cycle' : `${plain('cycles')} cycles`;
    const back = value('vertex2') === undefined ? '' : `, to ${value('vertex2')}`;
    return `cyclic voltammetry: ${before}${cycles} from ${value('begin')} to ${value('vertex1')}${back} and back ${how}`;
  },
  resume: 'again',
  isElectrical: true,
});
