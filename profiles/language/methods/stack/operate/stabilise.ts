import { stableFigures } from '../../../../stack/stable.ts';
import { numberOf, stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** How well a stack stands at its reference load. */
export const stabilise = ofStack({
  method: 'stabilise',
  figures: [
    { id: 'stable-drift', unit: 'mV/h', doc: 'slope of the mean cell voltage over the last window' },
    { id: 'stable-band', unit: 'mV', doc: 'largest minus smallest mean cell voltage of the last window' },
    { id: 'stable-temperature', unit: 'degC', doc: 'mean outlet temperature of the last window' },
  ],
  evaluate(run, part) {
    const step = stepsOf(run, part, 'stable').at(-1);
    return stableFigures(
      run,
      { ...part, start_s: step?.start_s ?? part.start_s, ended_by: step?.reason ?? 'it was left' },
      {
        load_frac: numberOf(part, 'load_pct') / 100,
        drift_mV: numberOf(part, 'drift_mV'),
        window_s: numberOf(part, 'window_min') * 60,
      },
    );
  },
});
