import type { BatteryModel } from './battery-model.ts';
import { risingRoot } from './root.ts';

/** What a cycler channel regulates. */
export const CELL_MODE = { rest: 0, current: 1, voltage: 2, power: 3, resistance: 4 } as const;

/** Orders to the channel; current and power positive on charge. */
export interface ChannelOrder {
  mode: number;
  isOn: boolean;
  /** Beside a voltage, a power or a resistance its amount is the most that flows, either way; 0: the range of the channel. */
  current_A: number;
  voltage_V: number;
  power_W: number;
  resistance_Ohm: number;
  /** Hard limits: current and power give way so that the voltage stays between them. */
  voltageMax_V: number;
  voltageMin_V: number;
  /** Beside a current: the most power either way, W, as of a supply that crosses over; Infinity: none. */
  powerMax_W: number;
}

/** What lies between channel and electrodes. */
export interface CellWiring {
  contact_Ohm: number;
  /** Across the electrodes, inside the cell. */
  short_S: number;
  leadIsOff: boolean;
}

/** A channel of a cycler on a cell. */
export interface CellChannel {
  readonly order: ChannelOrder;
  readonly wiring: CellWiring;
  /** At the channel's terminals at the end of the last step. */
  readonly terminal_A: number;
  readonly terminal_V: number;
  /** Heat of an internal short, W. */
  readonly short_W: number;
  /**
   * Current through the cell that fulfils the order at the end of the step that the model has prepared, A:
   * voltages within 0.02 mV, power, resistance and the current beside a short within 0.01 %.
   */
  solve(): number;
}

const WITHIN_V = 2e-5;
const WITHIN_FRAC = 1e-4;
// Of the channel's range: where a search that knows nothing better begins.
const STRIDE_FRAC = 1e-3;
const LEAST_LOAD_OHM = 1e-6;

/** A channel of +-currentMax_A; in all modes that is its limit. */
export function cellChannel(
  model: BatteryModel,
  currentMax_A: number,
  limits: readonly [number, number],
): CellChannel {
  const order: ChannelOrder = {
    mode: CELL_MODE.rest,
    isOn: false,
    current_A: 0,
    voltage_V: 0,
    power_W: 0,
    resistance_Ohm: 0,
    voltageMin_V: limits[0],
    voltageMax_V: limits[1],
    powerMax_W: Infinity,
  };
  const wiring: CellWiring = { contact_Ohm: 0, short_S: 0, leadIsOff: false };
  let target = 0;
  let last_A = 0;
  let cell_V = model.state.voltage_V;
  const stride_A = STRIDE_FRAC * currentMax_A;

  const channel = {
    order,
    wiring,
    terminal_A: 0,
    terminal_V: cell_V,
    short_W: 0,
    solve(): number {
      last_A = find();
      look(last_A);
      channel.short_W = wiring.short_S * cell_V * cell_V;
      return last_A;
    },
  };

  function look(cell_A: number): void {
    cell_V = model.voltageAfter_V(cell_A);
    channel.terminal_A = cell_A + wiring.short_S * cell_V;
    channel.terminal_V = cell_V + wiring.contact_Ohm * channel.terminal_A;
  }

  const currentError = (cell_A: number): number => {
    look(cell_A);
    return channel.terminal_A - target;
  };
  const voltageError = (cell_A: number): number => {
    look(cell_A);
    return channel.terminal_V - target;
  };
  const powerError = (cell_A: number): number => {
    look(cell_A);
    return channel.terminal_V * channel.terminal_A - target;
  };
  const loadError = (cell_A: number): number => {
    look(cell_A);
    return channel.terminal_A + channel.terminal_V * target;
  };

  /** Current of the cell at this current of the terminals; all of it unless there is a short. */
  function cellAt(terminal_A: number): number {
    if (wiring.short_S === 0) return terminal_A;
    target = terminal_A;
    const most_A = currentMax_A + wiring.short_S * 2 * Math.max(1, Math.abs(order.voltageMax_V));
    const within_A = WITHIN_FRAC * Math.max(Math.abs(terminal_A), STRIDE_FRAC * currentMax_A);
    return risingRoot(
      currentError,
      terminal_A - wiring.short_S * cell_V,
      stride_A,
      -most_A,
      most_A,
      within_A,
    );
  }

  /** The current at which the terminals have this voltage, no further than low..high. */
  function cellAtVoltage(voltage_V: number, low_A: number, high_A: number): number {
    target = voltage_V;
    return risingRoot(voltageError, last_A, stride_A, low_A, high_A, WITHIN_V);
  }

  /** As far as `cell_A` from idle as the voltage limits let it. */
  function heldInLimits(idle_A: number, cell_A: number): number {
    look(cell_A);
    if (cell_A > idle_A && channel.terminal_V > order.voltageMax_V)
      return cellAtVoltage(order.voltageMax_V, idle_A, cell_A);
    if (cell_A < idle_A && channel.terminal_V < order.voltageMin_V)
      return cellAtVoltage(order.voltageMin_V, cell_A, idle_A);
    return cell_A;
  }

  /** As far as `cell_A` from idle as the power limit lets it. */
  function heldInPower(idle_A: number, cell_A: number): number {
    look(cell_A);
    const power_W = channel.terminal_V * channel.terminal_A;
    if (!(Math.abs(power_W) > order.powerMax_W)) return cell_A;
    target = Math.sign(power_W) * order.powerMax_W;
    const [low_A, high_A] = [Math.min(idle_A, cell_A), Math.max(idle_A, cell_A)];
    return risingRoot(powerError, last_A, stride_A, low_A, high_A, WITHIN_FRAC * order.powerMax_W);
  }

  function find(): number {
    const idle_A = cellAt(0);
    if (!order.isOn || wiring.leadIsOff) return idle_A;
    switch (order.mode) {
      case CELL_MODE.current:
        return heldInPower(idle_A, heldInLimits(idle_A, cellAt(inRange(order.current_A))));
      case CELL_MODE.voltage: {
        const voltage_V = Math.max(order.voltageMin_V, Math.min(order.voltageMax_V, order.voltage_V));
        const most_A = beside();
        return cellAtVoltage(voltage_V, cellAt(-most_A), cellAt(most_A));
      }
      case CELL_MODE.power: {
        if (order.power_W === 0) return idle_A;
        const most_A = order.power_W > 0 ? heldInLimits(idle_A, cellAt(beside())) : dischargeMost(idle_A);
        target = order.power_W;
        const within_W = WITHIN_FRAC * Math.abs(target);
        return risingRoot(
          powerError,
          last_A,
          stride_A,
          Math.min(idle_A, most_A),
          Math.max(idle_A, most_A),
          within_W,
        );
      }
      case CELL_MODE.resistance: {
        const low_A = heldInLimits(idle_A, cellAt(-beside()));
        target = 1 / Math.max(LEAST_LOAD_OHM, order.resistance_Ohm);
        look(idle_A);
        const within_A = WITHIN_FRAC * Math.abs(channel.terminal_V) * target;
        return risingRoot(loadError, last_A, stride_A, low_A, idle_A, Math.max(within_A, 1e-12));
      }
      default:
        return idle_A;
    }
  }

  /** Below half the idle voltage more current gives less power: a power mode never goes there. */
  function dischargeMost(idle_A: number): number {
    look(idle_A);
    const least_V = Math.max(order.voltageMin_V, channel.terminal_V / 2);
    const most_A = cellAt(-beside());
    look(most_A);
    return channel.terminal_V < least_V ? cellAtVoltage(least_V, most_A, idle_A) : most_A;
  }

  /** The most that flows where another quantity is regulated. */
  function beside(): number {
    return Math.abs(inRange(order.current_A)) || currentMax_A;
  }

  function inRange(current_A: number): number {
    return Math.max(-currentMax_A, Math.min(currentMax_A, current_A));
  }

  return channel;
}
