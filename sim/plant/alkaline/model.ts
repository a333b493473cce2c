import { AMBIENT_BARA, ZERO_DEGC_K } from '../parts/constants.ts';
import { declaredValues } from '../parts/declared.ts';
import type { PlantModel } from '../parts/model.ts';
import { alkalineVoltage_V } from './cell.ts';
import { type AlkalineValues, alkalineCurveOf, alkalineDeclared } from './declared.ts';
import { createAlkalineRig } from './rig.ts';
import { ALKALINE_SETS, alkalineSet } from './sets.ts';

/** Alkaline electrolysers with their lye loop. */
export const ALKALINE_MODEL: PlantModel = {
  name: 'alkaline',
  kind: 'stack',
  about:
    'Zero-dimensional alkaline stack: measured curves (Ulleberg 2003 at 7 bar and 40..80 degC, Sanchez 2018 at 5..10 bar ' +
    'and 55..75 degC, refits of de Groot 2022 at 10..30 bar and Sakas 2022 at 16 bar), double layer, two separators of ' +
    'which the anode one follows the cathode pressure, lye loop with the lag of its volume, split lye, H2 in O2 from ' +
    'diaphragm and mixed lye (measured correlation for the Sanchez set, 5..9 bar), current lost to the common lye ' +
    '(measured efficiency or a ladder of channels and manifold), voltage after a stop as measured on two plants, evaporation and ' +
    'feed water, dilution and loss of lye, ageing. Not modelled: ' +
    'temperature and bubbles along the cell, foam, what reverse currents do to ' +
    'the gas of a long rest, carbonation. Outside of the temperatures and pressures of its set a stack is extrapolated ' +
    'and shows outsideValidity_on.',
  sets: ALKALINE_SETS.map(set => set.name),
  parameters: set => alkalineDeclared(alkalineSet(set)),
  create: ({ set, parameters, subject, random }) => createAlkalineRig({ set, parameters, subject, random }),
  steadyCellVoltage_V(set, parameters, subject, point) {
    const chosen = alkalineSet(set);
    const values: AlkalineValues = declaredValues(alkalineDeclared(chosen), parameters);
    return alkalineVoltage_V(
      alkalineCurveOf(chosen, values),
      point.temperature_degC + ZERO_DEGC_K,
      point.current_A / subject.activeArea_cm2,
      point.cathode_barg + AMBIENT_BARA,
      point.anode_barg + AMBIENT_BARA,
    );
  },
};
