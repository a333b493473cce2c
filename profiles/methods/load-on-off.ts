import type { StepInput } from '../method.ts';
import type { MethodContext } from './test-method.ts';

/**
 * Bringing the load on and off. At 0 A hydrogen goes on permeating to the anode while no oxygen is made to
 * dilute it, so the anode is swept with N2 whenever the stack stands at 0 A.
 */

/** Anode N2 sweep: a low pressure is enough, the anode vent is open. */
const SWEEP_BARG = 2;
/** Mean cell voltage at which the supply itself limits, V (bench default for PEM). */
export const SUPPLY_LIMIT_CELL_V = 2.2;
/** Power limit above the nominal power: 20 % for the voltage of an aged or cold stack. */
const POWER_MARGIN = 1.2;

export const sweepOn: StepInput = {
  name: 'anode N2 sweep on',
  set: { 'n2.pressureSet_barg': SWEEP_BARG, 'n2.anodeValveSet_on': 1 },
};
export const sweepOff: StepInput = {
  name: 'anode N2 sweep off',
  set: { 'n2.anodeValveSet_on': 0, 'n2.pressureSet_barg': 0 },
};

/** To a load, starting the stack if it is off; leaves the sweep off. Rate in parts of the nominal current per s. */
export function loadOn(load_frac: number, rate_frac_per_s: number, context: MethodContext): StepInput[] {
  const { currentNominal_A, cells, powerNominal_kW } = context.stack;
  const ramp: StepInput = {
    name: `load to ${Math.round(load_frac * 100)} %`,
    ramp: {
      role: 'stack.currentSet_A',
      to: load_frac * currentNominal_A,
      rate_per_s: rate_frac_per_s * currentNominal_A,
    },
  };
  if (context.outputIsOn) return [ramp, sweepOff];
  return [
    sweepOn,
    {
      name: 'start the stack',
      set: {
        'stack.voltageSet_V': SUPPLY_LIMIT_CELL_V * cells,
        'stack.powerSet_W': POWER_MARGIN * powerNominal_kW * 1000,
        'stack.currentSet_A': 0,
        'stack.outputSet_on': 1,
      },
    },
    ramp,
    sweepOff,
  ];
}

/** Load to 0 with the anode swept from that moment on; the output stays on only as long as the ramp takes. */
export function loadOff(rate_frac_per_s: number, context: MethodContext): StepInput[] {
  const rate_per_s = rate_frac_per_s * context.stack.currentNominal_A;
  return [
    sweepOn,
    { name: 'load to 0', ramp: { role: 'stack.currentSet_A', to: 0, rate_per_s } },
    { name: 'output off', set: { 'stack.currentSet_A': 0, 'stack.outputSet_on': 0 } },
  ];
}

/** N2 through both sides with every vent open, until the gases are gone; leaves the N2 valves closed. */
export function purgeBothSides(p: {
  readonly pressure_barg: number;
  readonly for_s: number;
  readonly o2InH2_vol_pct: number;
  readonly h2InO2_vol_pct: number;
  readonly extra_s: number;
}): StepInput[] {
  return [
    {
      name: 'N2 to purge pressure, vents open',
      set: {
        'n2.pressureSet_barg': p.pressure_barg,
        'cathode.pressureSet_barg': 0,
        'anode.ventValveSet_on': 1,
        'h2.outletValveSet_on': 1,
      },
    },
    {
      name: 'N2 purge of both sides',
      purge: {
        for_s: p.for_s,
        // The vent first: N2 then never meets a closed volume.
        set: { 'cathode.purgeValveSet_on': 1, 'n2.cathodeValveSet_on': 1, 'n2.anodeValveSet_on': 1 },
        until: [
          { role: 'h2.o2_vol_pct', is: '<', limit: p.o2InH2_vol_pct },
          { role: 'o2.h2_vol_pct', is: '<', limit: p.h2InO2_vol_pct },
        ],
        extra_s: p.extra_s,
        onTimeout: 'stop',
      },
    },
    { name: 'N2 off', set: { 'n2.pressureSet_barg': 0 } },
  ];
}
