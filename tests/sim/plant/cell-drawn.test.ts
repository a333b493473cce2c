import { describe, expect, it } from 'vitest';
import { CHAYAMBUKA2022 } from '../../../sim/plant/battery-sets/chayambuka2022.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { ECKER2015 } from '../../../sim/plant/battery-sets/ecker2015.ts';
import { LFP_POWER } from '../../../sim/plant/battery-sets/lfp-power.ts';
import { PRADA2013 } from '../../../sim/plant/battery-sets/prada2013.ts';
import type { BatteryModel } from '../../../sim/plant/cell/battery-model.ts';
import { holdVoltage } from '../../../sim/plant/cell/battery-runs.ts';
import { dfn } from '../../../sim/plant/dfn/model.ts';
import { ecm } from '../../../sim/plant/ecm/ecm.ts';
import { ECM_SETS } from '../../../sim/plant/ecm/parameters.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { hostCapacity_Ah } from '../../../sim/plant/spme/parameters.ts';
import { drawn } from '../../validate/drawn.ts';
import { heatError_pct } from '../../validate/heat-cycle.ts';

/** A charge that is out can only have come out of the negative host: to a thousandth of the cell. */
const WITHIN_FRAC = 1e-3;

describe('what a cell gives is what its hosts held', () => {
  for (const set of [CHEN2020, PRADA2013, ECKER2015]) {
    it.each([1, 2, 2.5, 3, 5, 10, 20])(
      `${set.name} from full at %d C to the lower limit, then held`,
      rate => {
        const model = spme(set, { soc_frac: 1 });
        const host_Ah = hostCapacity_Ah(set.negative, set.area_m2);
        const before = model.negativeFilling_frac();
        const atOnce_Ah = drawn(model, { rate_A: rate * set.nominal_Ah, until_V: set.lower_V });
        const given_Ah = (before - model.negativeFilling_frac()) * host_Ah;
        // The last step alone may ask for more than the salt carries; it ends the run.
        expect(atOnce_Ah - given_Ah).toBeLessThan((rate * set.nominal_Ah) / 3600 + WITHIN_FRAC);
        expect(atOnce_Ah).toBeLessThanOrEqual(model.state.capacity_Ah);
        holdVoltage(model, set.lower_V, set.nominal_Ah / 20, 1);
        const held_Ah = (before - model.negativeFilling_frac()) * host_Ah;
        expect(model.state.discharged_Ah - held_Ah).toBeLessThan(
          (rate * set.nominal_Ah) / 3600 + WITHIN_FRAC * set.nominal_Ah,
        );
        expect(model.state.discharged_Ah).toBeLessThan(model.state.capacity_Ah * (1 + WITHIN_FRAC));
      },
    );
  }

  it('a short of 10 mOhm: charge from the hosts, energy of the hosts, current of what diffusion brings', () => {
    const shorted = (model: BatteryModel): BatteryModel => {
      drawn(model, { short_Ohm: 0.01, for_s: 400 });
      return model;
    };
    const single = spme(CHEN2020, { soc_frac: 1 });
    const before = single.negativeFilling_frac();
    shorted(single);
    const given_Ah =
      (before - single.negativeFilling_frac()) * hostCapacity_Ah(CHEN2020.negative, CHEN2020.area_m2);
    expect(Math.abs(single.state.discharged_Ah - given_Ah)).toBeLessThan(WITHIN_FRAC * given_Ah);
    expect(single.state.exhausted_on).toBe(1);
    const porous = shorted(dfn(CHEN2020, { soc_frac: 1 }));
    console.log(
      `short, 400 s: SPMe ${given_Ah.toFixed(2)} Ah, DFN ${porous.state.discharged_Ah.toFixed(2)} Ah`,
    );
    expect(single.state.discharged_Ah).toBeLessThan(porous.state.discharged_Ah);
  });

  it('says where a single particle stands for the electrode no more', () => {
    const outside = (rate: number): number => {
      const model = spme(CHEN2020, { soc_frac: 1 });
      drawn(model, { rate_A: rate * 5, for_s: 300 });
      return model.state.outsideValidity_on;
    };
    expect([outside(0.5), outside(1), outside(2)]).toEqual([0, 0, 1]);
  });
});

describe('down to 0 V no more comes out than what is usual below the lower limit', () => {
  /** Of the capacity between the limits. */
  const MOST_FRAC = 1.04;
  const cells: readonly (readonly [name: string, cell: () => BatteryModel])[] = [
    ...ECM_SETS.map(
      set => [`ecm ${set.name}`, () => ecm(set, { soc_frac: 1, temperature_degC: 25 })] as const,
    ),
    ...[CHEN2020, PRADA2013, ECKER2015, LFP_POWER, CHAYAMBUKA2022].flatMap(set => [
      [`dfn ${set.name}`, () => dfn(set, { soc_frac: 1 })] as const,
      [`spme ${set.name}`, () => spme(set, { soc_frac: 1 })] as const,
    ]),
  ];
  it.each(cells)('%s', (_, cell) => {
    for (const rate of [0.2, 1, 5]) {
      const model = cell();
      const { capacity_Ah } = model.state;
      drawn(model, { rate_A: rate * capacity_Ah, until_V: 0 });
      expect(model.state.discharged_Ah).toBeLessThan(MOST_FRAC * capacity_Ah);
    }
  });
});

describe('heat', () => {
  it.each([0.05, 0.2, 1])('over a cycle of 20 %% of the charge at %d C is the electric loss', rate => {
    for (const model of [spme(CHEN2020, { soc_frac: 0.5 }), dfn(CHEN2020, { soc_frac: 0.5 })]) {
      expect(heatError_pct(model, rate)).toBeLessThan(0.5);
    }
  });
});
