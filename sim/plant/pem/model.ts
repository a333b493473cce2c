import { declaredValues } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel, PlantSubject } from '../parts/model.ts';
import { steadyWetCell_V } from './cell.ts';
import { basisOf, PEM_FIGURES } from './declared.ts';
import type { PemPlantParameters } from './pem-500kw.ts';
import { createPemRig } from './rig.ts';
import { plantForStack } from './scale.ts';
import { PEM_SETS } from './sets.ts';

/** PEM electrolyser: stack, gas, heat, ageing and balance of plant. */
export const PEM_MODEL: PlantModel = {
  name: 'pem',
  kind: 'stack',
  about:
    'One mean cell (LeRoy reversible voltage, Nernst with liquid water, one asinh activation term behind a double ' +
    'layer, Arrhenius resistance) times the number of cells, which differ by fixed parts of overvoltage, resistance ' +
    'and ageing and by single faults. Two stirred gas volumes with valves, permeation of H2 and O2, two heat lumps ' +
    'with a water loop, supply, analysers behind a line. Evaporation, feed water and drying are in the balances. H2 in O2 ' +
    'near ambient pressure is too low (supersaturation of Schalenbach; Trinke and Haug 2018 found more). Not modelled: profiles along the cell, two-phase flow and ' +
    'mass transport at high current, reverse current, dissolved gas in the water loop. Temperatures within those of ' +
    "the set's fit; sets of one temperature are not to be used away from it (outsideValidity_on). Ageing goes into resistance, active area " +
    'and transport as declared, and the impedance shows each; rates are those of the class (product or laboratory), not of one stack.',
  sets: Object.keys(PEM_SETS),
  parameters(set) {
    const plant = plantOf(set);
    return PEM_FIGURES.map((figure): DeclaredParameter => {
      const value = figure.of(plant);
      const [low, high] = figure.bounds;
      return {
        name: figure.name,
        value,
        low,
        high,
        u: Math.abs(value) * (figure.source === 'class' ? plant.ageingClass.u_frac : figure.u_frac),
        ...basisOf(figure, plant),
      };
    });
  },
  create({ set, parameters, subject, random }) {
    return createPemRig({ ...chosen(set, parameters, subject), random });
  },
  steadyCellVoltage_V(set, parameters, subject, point) {
    const { cell, membrane, activeArea_cm2 } = chosen(set, parameters, subject);
    return steadyWetCell_V(cell, activeArea_cm2, point, membrane.thickness_cm);
  },
};

function plantOf(set: string): PemPlantParameters {
  const plant = PEM_SETS[set];
  if (plant === undefined)
    throw new RangeError(`no PEM set "${set}"; there are: ${Object.keys(PEM_SETS).join(', ')}`);
  return plant;
}

/** The set for this stack, with the figures asked for in place of its own. */
function chosen(
  set: string,
  parameters: Readonly<Record<string, number>>,
  subject: PlantSubject,
): PemPlantParameters {
  declaredValues(PEM_MODEL.parameters(set), parameters);
  let plant = plantForStack(plantOf(set), subject);
  for (const figure of PEM_FIGURES) {
    if (Object.hasOwn(parameters, figure.name)) plant = figure.put(plant, parameters[figure.name]);
  }
  return plant;
}
