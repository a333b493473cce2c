import { CHEN2020 } from '../battery-sets/chen2020.ts';
import { cellPlant, START_SOC } from '../cell/plant.ts';
import { declare } from '../parts/declared.ts';
import type { DeclaredParameter, PlantModel } from '../parts/model.ts';
import { type AssbParameters, assb, REFERENCE_MPA } from './assb.ts';

/** NMC811 and graphite-SiOx of Chen 2020 with a sulphide-like solid electrolyte; all of the solid part is default. */
export const ASSB_SULFIDE: AssbParameters = {
  name: 'sulfide-nmc',
  about: 'format and electrodes of an LG M50 with 30 um of a sulphide electrolyte; no such cell exists.',
  valid_degC: [25, 60],
  valid_MPa: [0.05, 100],
  electrodes: CHEN2020,
  separator_m: 30e-6,
  conductivity_S_per_m: 0.3,
  interface_Ohm_cm2: 20,
  contact_Ohm_cm2: 10,
  contactExponent_1: 0.9,
  activation_J_per_mol: 30_000,
};

function declared(set: AssbParameters): readonly DeclaredParameter[] {
  return [
    START_SOC,
    declare(
      'startPressure_MPa',
      REFERENCE_MPA,
      [0, 500],
      0,
      'default',
      'stack pressure of the holder at the start',
    ),
    declare(
      'separator_um',
      set.separator_m * 1e6,
      [5, 1000],
      3,
      'default',
      'thickness of the solid electrolyte',
    ),
    declare(
      'conductivity_S_per_m',
      set.conductivity_S_per_m,
      [0.01, 2],
      0.15,
      'recalled',
      'sulphide electrolytes, 0.1-1 S/m at 25 degC',
    ),
    declare(
      'interface_Ohm_cm2',
      set.interface_Ohm_cm2,
      [0, 500],
      10,
      'recalled',
      'usual 10-50 Ohm cm2 in all',
    ),
    declare('contact_Ohm_cm2', set.contact_Ohm_cm2, [0, 500], 5, 'default', `at ${REFERENCE_MPA} MPa`),
    declare(
      'contactExponent_1',
      set.contactExponent_1,
      [0, 2],
      0.2,
      'default',
      'rough surfaces pressed together close to 1 (Greenwood and Williamson 1966: 0.95)',
    ),
    declare('activation_J_per_mol', set.activation_J_per_mol, [0, 100_000], 5000, 'recalled', 'about 0.3 eV'),
  ];
}

/** Solid electrolyte under pressure. */
export const ASSB_MODEL: PlantModel = cellPlant({
  name: 'assb',
  about:
    'Approximation of an all-solid-state cell, NOT validated against any measurement: electrodes of Chen 2020 as single ' +
    'particles in a single-ion conductor (no concentration gradients), solid separator, interface resistance, and a contact ' +
    'resistance that falls with the stack pressure by a power law. For trying out methods with pressure and 25-60 degC; not ' +
    'for prediction. Not modelled: lithium metal, dendrites, void growth, contact loss over cycles, chemo-mechanics.',
  sets: [ASSB_SULFIDE],
  declared,
  limits_V: set => [set.electrodes.lower_V, set.electrodes.upper_V],
  model: (set, figures) =>
    assb(
      {
        ...set,
        separator_m: figures['separator_um'] * 1e-6,
        conductivity_S_per_m: figures['conductivity_S_per_m'],
        interface_Ohm_cm2: figures['interface_Ohm_cm2'],
        contact_Ohm_cm2: figures['contact_Ohm_cm2'],
        contactExponent_1: figures['contactExponent_1'],
        activation_J_per_mol: figures['activation_J_per_mol'],
      },
      { soc_frac: figures['startSoc_frac'], temperature_degC: figures['start_degC'] },
    ),
});
