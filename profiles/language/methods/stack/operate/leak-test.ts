import { leakFigures } from '../../../../stack/leak.ts';
import { defineEvaluation, numberOf, stepsOf } from '../../evaluation.ts';

/** The first moments of the hold belong to the closing valves: this part of it counts. */
const SETTLED = 0.95;

/** Leak of both sides together, from gas closed in. */
export const leakTest = defineEvaluation({
  method: 'leak-test',
  figures: [
    { id: 'leak-rate', unit: 'NL/min', doc: 'leak of both sides together, temperature-corrected' },
    { id: 'leak-decay', unit: 'pct', doc: 'gas lost over the hold in parts of the gas closed in' },
    { id: 'leak-test-pressure', unit: 'barg', doc: 'mean cathode pressure during the hold' },
  ],
  evaluate(run, part) {
    const step = stepsOf(run, part, 'hold').at(-1);
    const hold =
      step === undefined
        ? undefined
        : { from_s: step.end_s - SETTLED * (step.end_s - step.start_s), to_s: step.end_s };
    return leakFigures(
      run,
      { name: part.name, hold },
      {
        testPressure_barg: numberOf(part, 'testPressure_barg'),
        factor: numberOf(part, 'factor_pct') / 100,
        hold_s: numberOf(part, 'hold_min') * 60,
        cathodeVolume_L: numberOf(part, 'cathodeVolume_L'),
        anodeVolume_L: numberOf(part, 'anodeVolume_L'),
      },
    );
  },
});
