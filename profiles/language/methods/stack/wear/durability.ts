import { wearFigures } from '../../../../stack/wear.ts';
import { stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** What a long constant load costs. */
export const durability = ofStack({
  method: 'durability',
  bearsThinning: true,
  without: 'without degradation-rate there is none',
  figures: [
    {
      id: 'voltage-rise',
      unit: 'mV',
      doc: 'last minus first polarisation curve at the current nearest to 1 A/cm2',
    },
    { id: 'degradation', unit: 'uV/h', doc: 'that by hour of load' },
    { id: 'degradation-rate', unit: 'uV/h', doc: 'slope of the cell voltage over the holds after run-in' },
    { id: 'degradation-between-stops', unit: 'uV/h', doc: 'slope within the stretches between stops' },
    { id: 'degradation-reversible', unit: 'uV/h', doc: 'what the stops give back' },
  ],
  evaluate(run, part) {
    const loads = stepsOf(run, part, 'load');
    const countOf = (of: typeof loads): number =>
      of.reduce((sum, s) => sum + ((s.end_s - s.start_s) * run.timeFactor) / 3600, 0);
    return wearFigures(run, part, { countOf, unit: 'uV/h', loads });
  },
});
