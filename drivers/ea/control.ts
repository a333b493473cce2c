import { DeviceError } from '../contract/errors.ts';
import type { Exchange } from '../device-table.ts';
import { decodeRegisters, textOf } from '../protocol/modbus-registers.ts';
import type { ModbusReply } from '../transport/modbus-request.ts';
import type { EaRequest } from './monitoring.ts';
import { type EaOptions, whereOf } from './options.ts';
import * as registers from './registers.ts';
import { coil, register, STATUS, STEPS, statusOf } from './registers.ts';
import { type EaSeries, SERIES } from './series.ts';

/** Checks that this is the supply of the bench file: series, model, serial number, ratings. Writes nothing. */
export async function identify(options: EaOptions, ask: Exchange<EaRequest, ModbusReply>) {
  const series: EaSeries = SERIES[options.series];
  const refuse = (message: string): never => {
    throw new DeviceError('identity', whereOf(options), message);
  };
  const type = textOf(await ask(registers.DEVICE_TYPE));
  if (!series.type.test(type)) refuse(`device type "${type}"; expected a ${series.name}`);
  const [deviceClass] = await ask(registers.DEVICE_CLASS);
  if (series.classes?.includes(deviceClass) === false) {
    refuse(`device class ${deviceClass}; expected that of a ${series.name}, ${series.classes.join(' or ')}`);
  }
  if (options.model !== undefined && type !== options.model) {
    refuse(`device type "${type}"; the bench file says "${options.model}"`);
  }
  if (options.serial !== undefined) {
    const serial = textOf(await ask(registers.SERIAL));
    if (serial !== options.serial)
      refuse(`serial number "${serial}"; the bench file says "${options.serial}"`);
  }
  const nominals = await ask(registers.NOMINALS);
  for (const [n, name] of (['voltageNominal_V', 'currentNominal_A', 'powerNominal_W'] as const).entries()) {
    const found = decodeRegisters(nominals, 2 * n, 'float32');
    // A factor of the rating scales every set value: a wrong one is never tolerated beyond float32 rounding.
    if (!(Math.abs(found - options[name]) <= 1e-6 * options[name])) {
      refuse(`${name}: the instrument reports ${found}, the bench file says ${options[name]}`);
    }
  }
  if (statusOf(await ask(STATUS)).isMaster) {
    refuse('it is the master of several (status bit 6): values on the wire are then parts of other ratings');
  }
  // 20 registers of text: no poll or read-back of this table looks like it.
  return { ask: registers.DEVICE_TYPE, isAnswer: (reply: ModbusReply) => textOf(reply) === type };
}

/** Raw values of a step of its converters: what was set may read back one higher ("natural rounding"). */
const RAW_STEP = 2;

/** The most of whole steps that is not above a value of this rating. */
const wholeSteps = (value: number, nominal: number): number =>
  RAW_STEP * Math.floor((value / nominal) * STEPS + 1e-9);

/** Takes remote control and proves it; then no sink limit stands above the bench's. */
export async function takeControl(options: EaOptions, ask: Exchange<EaRequest, ModbusReply>): Promise<void> {
  await ask(coil(registers.REMOTE_COIL, true));
  if (!statusOf(await ask(STATUS)).isRemote) {
    const text = 'accepted remote control but does not show it (status bit 11)';
    throw new DeviceError('local', whereOf(options), text);
  }
  if (SERIES[options.series].flow !== 'both') return;
  const most = [
    wholeSteps(options.sink?.powerMax_W ?? 0, options.powerNominal_W),
    wholeSteps(options.sink?.currentMax_A ?? 0, options.currentNominal_A),
  ];
  const above = (held: ModbusReply): number[] => [0, 1].filter(n => !(held[n] <= most[n] + RAW_STEP));
  const high = above(await ask(registers.SINK_SETS));
  if (high.length === 0) return;
  for (const n of high) await ask(register(registers.SINK_POWER + n, most[n]));
  const left = above(await ask(registers.SINK_SETS));
  if (left.length > 0) {
    const names = left.map(n => registers.SINK_POWER + n).join(' and ');
    throw new DeviceError(
      'readback',
      whereOf(options),
      `sink limits: register ${names} stays above its bound`,
    );
  }
}
