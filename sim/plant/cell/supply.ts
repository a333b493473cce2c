import { CELL_MODE, type ChannelOrder } from './channel.ts';

/**
 * An output that nobody has told a mode (a supply, a potentiostat): what has been set of it says what it drives. A supply
 * crosses over by itself between its current, its voltage and its power; what nobody has set is no limit of it.
 */
export function asSupply(
  order: ChannelOrder,
  isCurrentSet: boolean,
  isVoltageSet: boolean,
  isPowerSet: boolean,
): void {
  order.mode = isCurrentSet ? CELL_MODE.current : isVoltageSet ? CELL_MODE.voltage : CELL_MODE.rest;
  if (isVoltageSet) order.voltageMax_V = Math.min(order.voltageMax_V, order.voltage_V);
  if (isPowerSet) order.powerMax_W = Math.abs(order.power_W);
}
