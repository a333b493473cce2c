import { wearFigures } from '../../../../stack/wear.ts';
import { stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** What stops and starts cost. */
export const onOff = ofStack({
  method: 'on-off',
  bearsThinning: true,
  without: 'without degradation-rate there is none',
  figures: [
    {
      id: 'voltage-rise',
      unit: 'mV',
      doc: 'last minus first polarisation curve at the current nearest to 1 A/cm2',
    },
    { id: 'degradation', unit: 'uV/start', doc: 'that by start' },
    { id: 'degradation-rate', unit: 'uV/h', doc: 'slope of the cell voltage over the holds after run-in' },
    { id: 'degradation-between-stops', unit: 'uV/h', doc: 'slope within the stretches between stops' },
    { id: 'degradation-reversible', unit: 'uV/h', doc: 'what the stops give back' },
  ],
  evaluate(run, part) {
    const loads = stepsOf(run, part, 'load');
    return wearFigures(run, part, { countOf: of => of.length, unit: 'uV/start', loads });
  },
});
