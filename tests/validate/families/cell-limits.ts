import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import type { BatteryModel } from '../../../sim/plant/cell/battery-model.ts';
import { discharge, holdVoltage, rest } from '../../../sim/plant/cell/battery-runs.ts';
import { ageingCell, ageingDeclared } from '../../../sim/plant/cell/spme.ts';
import { dfn } from '../../../sim/plant/dfn/model.ts';
import { declaredValues } from '../../../sim/plant/parts/declared.ts';
import { type SpmeModel, spme } from '../../../sim/plant/spme/model.ts';
import { hostCapacity_Ah } from '../../../sim/plant/spme/parameters.ts';
import { drawn } from '../drawn.ts';
import { heatError_pct } from '../heat-cycle.ts';
import { type Row, row } from '../row.ts';

const SET = CHEN2020;
const NAME = 'chen2020 (LG M50, 5 Ah)';

/** The plant's cell; a holder that takes all heat away. */
function held(start_degC: number, startSoc_frac: number): SpmeModel {
  const figures = declaredValues(ageingDeclared(SET), { startSoc_frac });
  return ageingCell(SET, { ...figures, start_degC, heatTransfer_W_per_K: 1e4 });
}

/** Charge at the terminals over what left the negative host, in per cent above it. */
function made_pct(run: (model: SpmeModel) => void): number {
  const model = spme(SET, { soc_frac: 1 });
  const before = model.negativeFilling_frac();
  run(model);
  const given_Ah = (before - model.negativeFilling_frac()) * hostCapacity_Ah(SET.negative, SET.area_m2);
  return 100 * (model.state.discharged_Ah / given_Ah - 1);
}

/** Charge that nothing gave: at 5C held at the lower limit, and in a short. */
function chargeRows(): Row[] {
  const told = {
    model: `SPMe, ${NAME}`,
    reference: 'charge that left the negative host',
    tolerance: 0.5,
    unit: '%',
    basis: 'self-consistency, model only',
  } as const;
  const porous = dfn(SET, { soc_frac: 1 });
  drawn(porous, { short_Ohm: 0.01, for_s: 400 });
  const fast = made_pct(model => {
    drawn(model, { rate_A: 25, until_V: SET.lower_V });
    holdVoltage(model, SET.lower_V, 0.25, 1);
  });
  const short = made_pct(model => drawn(model, { short_Ohm: 0.01, for_s: 400 }));
  return [
    row({ ...told, id: 'spme.charge.5C', error: Math.abs(fast), note: 'from full, 5C, then held at 2.5 V' }),
    row({
      ...told,
      id: 'spme.charge.short',
      error: Math.abs(short),
      note: `10 mOhm for 400 s; the porous-electrode model gives ${porous.state.discharged_Ah.toFixed(2)} Ah of 5.15`,
    }),
  ];
}

function heatRows(): Row[] {
  const models = {
    spme: (): BatteryModel => spme(SET, { soc_frac: 0.5 }),
    dfn: () => dfn(SET, { soc_frac: 0.5 }),
  };
  return Object.entries(models).flatMap(([name, make]) =>
    [0.05, 0.2, 1].map(rate =>
      row({
        id: `${name}.heat.${rate}C`,
        model: `${name}, ${NAME}`,
        reference: 'electric loss over a closed cycle of 20 % of the charge',
        error: heatError_pct(make(), rate),
        tolerance: 0.5,
        unit: '%',
        basis: 'self-consistency, model only',
        note: 'heat of mixing included; the hosts have no entropy',
      }),
    ),
  );
}

/** Isothermal capacities with O'Kane's activation energies, an independent program's. */
const COLD: readonly (readonly [at_degC: number, rate: number, expected_Ah: number])[] = [
  [0, 0.1, 5.102],
  [0, 0.5, 4.936],
  [0, 1, 4.699],
  [10, 1, 4.868],
  [45, 1, 5.069],
];

function coldRows(): Row[] {
  return COLD.map(([at_degC, rate, expected_Ah]) => {
    const { charge_Ah } = discharge(held(at_degC, 1), rate * 5, SET.lower_V, 1);
    return row({
      id: `spme.temperature.${at_degC}degC.${rate}C`,
      model: `SPMe as plant, ${NAME}, isothermal`,
      reference: "another solution of the same equations, activation energies of O'Kane et al. 2022",
      error: 100 * Math.abs(charge_Ah / expected_Ah - 1),
      tolerance: 0.6,
      unit: '%',
      basis: 'model only',
      note: `${charge_Ah.toFixed(3)} Ah (${expected_Ah}) down to 2.5 V; no measured capacity over temperature was at hand`,
    });
  });
}

function shelfRow(): Row {
  const loss_Ah = (at_degC: number): number => {
    const cell = held(at_degC, 0.5);
    rest(cell, 365 * 86_400, 3600);
    return cell.state.irreversibleLoss_Ah;
  };
  const ratio = loss_Ah(45) / loss_Ah(25);
  return row({
    id: 'spme.sei.warm',
    model: `SPMe as plant, ${NAME}, a year at half charge`,
    reference: 'loss at 45 degC over that at 25 degC: 2.0 (LG M50) to 3.3 (LFP) in published storage fits',
    error: Math.abs(ratio - 2.65),
    tolerance: 0.85,
    unit: '1',
    basis: 'model only',
    note: `ratio ${ratio.toFixed(2)}; activation energy and share of the potential are defaults`,
  });
}

/** What a cell may not do: give charge or lose heat that is not there, be as good cold as warm, age as slowly warm as cool. */
export function cellLimitRows(): Row[] {
  return [...chargeRows(), ...heatRows(), ...coldRows(), shelfRow()];
}
