import type { Subject } from '../../../profiles/recorded-run.ts';
import type { PictureSymbol } from '../../contract/picture.ts';

/**
 * What a bench looks like that says nothing of it: one layout for each kind of device under test. Flow from left to right,
 * gas products on the right, oxygen up and hydrogen down, the water loop below, electricity from below, vents up.
 */

/** A symbol that is drawn where the bench has one of its roles. */
export interface Slot {
  readonly id: string;
  readonly symbol: PictureSymbol;
  readonly at: readonly [column: number, row: number];
  /** Names of roles; * for any word. The first ones are shown. */
  readonly roles: readonly string[];
}

/** Symbols that one pipe goes through, in order; those that are not there are passed over. */
export interface Chain {
  readonly through: readonly string[];
  readonly medium: string;
}

/** A layout: its symbols, and the pipes between those that are there. */
export interface Template {
  readonly slots: readonly Slot[];
  readonly chains: readonly Chain[];
}

const STACK: Template = {
  slots: [
    {
      id: 'stack',
      symbol: 'stack',
      at: [6, 3],
      roles: [
        'stack.voltage_V',
        'stack.current_A',
        'stack.temperature_degC',
        'cell.voltage_V[]',
        'cell.voltage_V',
      ],
    },
    {
      id: 'steam',
      symbol: 'flow-controller',
      at: [2, 1],
      roles: ['steam.flow_NL_per_min', 'steam.fraction_pct', 'steam.oxygen_pct'],
    },
    { id: 'n2', symbol: 'bottle', at: [1, 3], roles: ['n2.pressure_barg', 'n2.flow_NL_per_min'] },
    { id: 'n2Anode', symbol: 'valve', at: [3, 2], roles: ['n2.anodeValve_on'] },
    { id: 'n2Cathode', symbol: 'valve', at: [3, 4], roles: ['n2.cathodeValve_on'] },
    {
      id: 'fuel',
      symbol: 'flow-controller',
      at: [2, 5],
      roles: ['fuel.flow_NL_per_min', 'fuel.h2_pct', 'fuel.steam_pct'],
    },
    { id: 'anode', symbol: 'pressure', at: [8, 2], roles: ['anode.pressure_barg'] },
    { id: 'o2Purity', symbol: 'analyser', at: [9, 1], roles: ['o2.h2_vol_pct'] },
    { id: 'anodeVent', symbol: 'valve', at: [10, 2], roles: ['anode.ventValve_on'] },
    { id: 'o2Vent', symbol: 'vent', at: [12, 1], roles: [] },
    { id: 'cathode', symbol: 'pressure', at: [8, 4], roles: ['cathode.pressure_barg'] },
    { id: 'h2Purity', symbol: 'analyser', at: [9, 5], roles: ['h2.o2_vol_pct'] },
    { id: 'purge', symbol: 'valve', at: [10, 5], roles: ['cathode.purgeValve_on'] },
    { id: 'h2Flow', symbol: 'flow', at: [11, 4], roles: ['h2.flow_NL_per_min'] },
    { id: 'h2Outlet', symbol: 'valve', at: [12, 4], roles: ['h2.outletValve_on'] },
    {
      id: 'separator',
      symbol: 'separator',
      at: [1, 5],
      roles: ['water.level_pct', 'lye.level_pct', 'water.conductivity_uS_per_cm', 'lye.temperature_degC'],
    },
    {
      id: 'pump',
      symbol: 'pump',
      at: [2, 6],
      roles: ['water.pump_on', 'lye.pump_on', 'water.flow_L_per_min', 'lye.flow_L_per_min'],
    },
    { id: 'heater', symbol: 'heater', at: [4, 6], roles: ['heater.power_kW'] },
    {
      id: 'cooler',
      symbol: 'exchanger',
      at: [5, 6],
      roles: ['cooler.power_kW', 'stack.inletTemperature_degC'],
    },
    {
      id: 'supply',
      symbol: 'dc-supply',
      at: [6, 6],
      roles: ['stack.output_on', 'cell.output_on', 'stack.power_W'],
    },
    { id: 'room', symbol: 'fan', at: [12, 6], roles: ['room.ventilation_on', 'room.h2_vol_pct'] },
  ],
  chains: [
    { through: ['steam', 'stack'], medium: 'H2O' },
    { through: ['fuel', 'stack'], medium: 'H2' },
    { through: ['n2', 'n2Anode', 'stack'], medium: 'N2' },
    { through: ['n2', 'n2Cathode', 'stack'], medium: 'N2' },
    { through: ['stack', 'anode', 'anodeVent', 'o2Vent'], medium: 'O2' },
    { through: ['stack', 'cathode', 'h2Flow', 'h2Outlet'], medium: 'H2' },
    { through: ['cathode', 'purge'], medium: '' },
    { through: ['anode', 'o2Purity'], medium: '' },
    { through: ['cathode', 'h2Purity'], medium: '' },
    { through: ['separator', 'pump', 'heater', 'cooler', 'stack'], medium: 'H2O' },
    { through: ['supply', 'stack'], medium: '' },
  ],
};

const CELL: Template = {
  slots: [
    { id: 'supply', symbol: 'dc-supply', at: [3, 3], roles: ['cell.output_on', 'cell.power_W'] },
    {
      id: 'cell',
      symbol: 'cell',
      at: [7, 3],
      roles: [
        'cell.voltage_V',
        'cell.current_A',
        'cell.temperature_degC',
        'cell.soc_pct',
        'cell.negativePotential_V',
      ],
    },
    { id: 'chamber', symbol: 'chamber', at: [10, 3], roles: ['chamber.temperature_degC'] },
    {
      id: 'room',
      symbol: 'fan',
      at: [12, 6],
      roles: ['room.ventilation_on', 'room.h2_vol_pct', 'room.temperature_degC'],
    },
  ],
  chains: [
    { through: ['supply', 'cell'], medium: '' },
    { through: ['cell', 'chamber'], medium: '' },
  ],
};

const GAS: Template = {
  slots: [
    { id: 'h2', symbol: 'flow-controller', at: [2, 1], roles: ['h2.flow_NL_per_min'] },
    { id: 'o2', symbol: 'flow-controller', at: [2, 3], roles: ['o2.flow_NL_per_min'] },
    { id: 'n2', symbol: 'flow-controller', at: [2, 5], roles: ['n2.flow_NL_per_min'] },
    { id: 'supplyValve', symbol: 'valve', at: [2, 2], roles: ['tank.supplyValve_on'] },
    { id: 'mixer', symbol: 'mixer', at: [5, 3], roles: [] },
    {
      id: 'tank',
      symbol: 'vessel',
      at: [5, 2],
      roles: ['tank.pressure_bara', 'tank.pressure_barg', 'tank.temperature_degC'],
    },
    { id: 'sampleValve', symbol: 'valve', at: [8, 2], roles: ['sample.valve_on'] },
    {
      id: 'sample',
      symbol: 'vessel',
      at: [10, 2],
      roles: ['sample.pressure_bara', 'sample.pressure_barg', 'sample.temperature_degC'],
    },
    { id: 'mix', symbol: 'vessel', at: [8, 3], roles: ['mix.pressure_barg', 'mix.temperature_degC'] },
    { id: 'analyser', symbol: 'analyser', at: [10, 3], roles: ['mix.h2_vol_pct', 'mix.o2_vol_pct'] },
    { id: 'ventValve', symbol: 'valve', at: [7, 5], roles: ['tank.ventValve_on'] },
    { id: 'vent', symbol: 'vent', at: [12, 1], roles: [] },
    {
      id: 'room',
      symbol: 'fan',
      at: [12, 6],
      roles: ['room.ventilation_on', 'room.h2_vol_pct', 'room.temperature_degC'],
    },
  ],
  chains: [
    { through: ['h2', 'mixer', 'mix', 'analyser', 'vent'], medium: 'H2' },
    { through: ['o2', 'mixer'], medium: 'O2' },
    { through: ['n2', 'mixer'], medium: 'N2' },
    { through: ['supplyValve', 'tank', 'sampleValve', 'sample'], medium: 'H2' },
    { through: ['tank', 'ventValve', 'vent'], medium: 'H2' },
  ],
};

/** By what stands on the bench. */
export const TEMPLATES: Readonly<Record<Subject['kind'], Template>> = {
  stack: STACK,
  cell: CELL,
  vessel: GAS,
};
