import { followingFigures } from '../../../../stack/grid/following.ts';
import { numberOf, stepsOf } from '../../evaluation.ts';
import { ofStack } from '../of-stack.ts';

/** What a bench sets a power by; one that only sets a current has none. */
const POWER_SET = 'stack.powerSet_W';

/** How a stack followed a power series. */
export const loadFollowing = ofStack({
  method: 'load-following',
  figures: [
    {
      id: 'tracking-error',
      unit: 'pct',
      doc: 'drawn minus asked power while load is asked, root mean square, without delay',
    },
    {
      id: 'tracking-error-offered',
      unit: 'pct',
      doc: 'drawn minus offered power, standby and cuts included',
    },
    { id: 'energy-offered', unit: 'kWh', doc: 'energy that the series offered' },
    { id: 'energy-used', unit: 'kWh', doc: 'DC energy drawn' },
    { id: 'energy-curtailed', unit: 'kWh', doc: 'energy offered and not drawn, by means over 5 min' },
    { id: 'starts', unit: '1', doc: 'rises from no load' },
  ],
  evaluate(run, part) {
    const step = stepsOf(run, part, 'follow').at(-1) ?? part;
    // A follow step of one's own says in its file what it asks for at most.
    const most_pct = numberOf(part, 'max_pct');
    return followingFigures(run, step, { most_pct: Number.isNaN(most_pct) ? 100 : most_pct, set: POWER_SET });
  },
});
