import { arrhenius } from '../parts/arrhenius.ts';

/**
 * Ageing of LFP/graphite cells (3 Ah, 26650): calendar part of Naumann, Schimpe, Keil, Hesse and Jossen, J. Energy
 * Storage 17 (2018) 153, cycle part of Naumann, Spingler and Jossen, J. Power Sources 451 (2020) 227666, with the
 * coefficients of the open simulator SimSES. Fitted for 0..60 degC, 0.2..1C, up to 2.5 years and 3300 full cycles;
 * beyond that an extrapolation. Both square-root laws are advanced in their differential form, so that conditions
 * may change: the loss so far stands for a time (or a count of cycles) at the new conditions.
 */

const REFERENCE_K = 298.15;

/** Calendar loss after one root second, 1/sqrt(s): loss = rate sqrt(t). */
function calendarLossRate(soc_frac: number, temperature_K: number): number {
  const deviation = soc_frac - 0.5;
  return 1.2571e-5 * arrhenius(17126, REFERENCE_K, temperature_K) * (2.8575 * deviation ** 3 + 0.60225);
}

/** Calendar rise of the resistance, parts of the fresh one per second. */
export function calendarRiseRate(soc_frac: number, temperature_K: number): number {
  const deviation = soc_frac - 0.5;
  return 3.4194e-10 * arrhenius(71827, REFERENCE_K, temperature_K) * (1.5604 - 3.3903 * deviation ** 2);
}

/** Cycle loss after one root full equivalent cycle: loss = rate sqrt(FEC). C rate in 1/h, depth 0..1. */
function cycleLossRate(cRate_per_h: number, depth_frac: number): number {
  return ((0.063 * cRate_per_h + 0.0971) * (4.0253 * (depth_frac - 0.6) ** 3 + 1.0923)) / 100;
}

/** Cycle rise of the resistance per full equivalent cycle. The fit falls below 0 above 1.05C, where none is taken. */
function cycleRiseRate(cRate_per_h: number, depth_frac: number): number {
  return (Math.max(0, 0.0021 - 0.002 * cRate_per_h) * (6.8477 * (depth_frac - 0.6) ** 3 + 0.9182)) / 100;
}

/** What ageing has done so far; parts of the fresh capacity and of the fresh resistance. */
export interface NaumannAgeing {
  readonly calendarLoss_frac: number;
  readonly cycleLoss_frac: number;
  readonly resistanceRise_frac: number;
  /** Full equivalent cycles of the half cycles counted so far: half a cycle of depth 1 = 0.5. */
  readonly fullCycles_1: number;
  /** Current as C rate (1/h, positive on charge); state of charge and temperature of the step. */
  step(cRate_per_h: number, soc_frac: number, temperature_K: number, dt_s: number): void;
}

// A turn of the state of charge smaller than this is ripple, not the end of a half cycle.
const TURN_FRAC = 0.002;

/**
 * A fresh cell at this state of charge. Half cycles are counted between turning points of the state of charge (rests
 * in between belong to them); each weighs in when it is complete, with its depth and its mean C rate under load.
 */
export function naumannAgeing(start_frac: number): NaumannAgeing {
  let turning_frac = start_frac;
  let extreme_frac = start_frac;
  let direction = 0;
  let moved_frac = 0;
  let loaded_h = 0;

  const ageing = {
    calendarLoss_frac: 0,
    cycleLoss_frac: 0,
    resistanceRise_frac: 0,
    fullCycles_1: 0,
    step(cRate_per_h: number, soc_frac: number, temperature_K: number, dt_s: number): void {
      const rate = calendarLossRate(soc_frac, temperature_K);
      ageing.calendarLoss_frac = Math.sqrt(ageing.calendarLoss_frac ** 2 + rate * rate * dt_s);
      ageing.resistanceRise_frac += calendarRiseRate(soc_frac, temperature_K) * dt_s;
      if (cRate_per_h !== 0) {
        moved_frac += Math.abs(cRate_per_h) * (dt_s / 3600);
        loaded_h += dt_s / 3600;
      }
      if (direction === 0) {
        if (Math.abs(soc_frac - turning_frac) > TURN_FRAC) direction = Math.sign(soc_frac - turning_frac);
        extreme_frac = soc_frac;
      } else if ((soc_frac - extreme_frac) * direction >= 0) {
        extreme_frac = soc_frac;
      } else if ((extreme_frac - soc_frac) * direction > TURN_FRAC) {
        halfCycle(
          Math.min(1, Math.abs(extreme_frac - turning_frac)),
          loaded_h > 0 ? moved_frac / loaded_h : 0,
        );
        turning_frac = extreme_frac;
        extreme_frac = soc_frac;
        direction = -direction;
        moved_frac = 0;
        loaded_h = 0;
      }
    },
  };

  function halfCycle(depth_frac: number, cRate_per_h: number): void {
    const cycles_1 = depth_frac / 2;
    const rate = cycleLossRate(cRate_per_h, depth_frac);
    ageing.fullCycles_1 += cycles_1;
    ageing.cycleLoss_frac = Math.sqrt(ageing.cycleLoss_frac ** 2 + rate * rate * cycles_1);
    ageing.resistanceRise_frac += cycleRiseRate(cRate_per_h, depth_frac) * cycles_1;
  }

  return ageing;
}
