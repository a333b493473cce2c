import { DeviceError } from '../contract/errors.ts';
import type { Exchange } from '../device-table.ts';
import { NORMAL, plain, type ReferenceState } from '../protocol/gas-state.ts';
import type { BrooksAsk, BrooksFrame } from './frames.ts';

/** What a controller of Brooks says of its unit, reference state, range and gas (commands 150, 151, 152, 190, 193, 230). */

export const COMMAND = {
  readFlow: 1,
  gasName: 150,
  gasInfo: 151,
  fullScale: 152,
  standardState: 190,
  flowSettings: 193,
  valveOverride: 230,
  readSetpoint: 235,
  writeSetpoint: 236,
} as const;

/** Litres per minute in 1 of each unit of volume flow, by its code. */
export const LITRES: Readonly<Record<number, number>> = {
  17: 1,
  19: 1000 / 60,
  24: 60,
  28: 60_000,
  131: 1000,
  138: 1 / 60,
  170: 0.06,
  171: 1e-3,
  172: 1e-3 / 60,
};
/** mbar in 1 of each unit of pressure, by its code. */
const MBAR: Readonly<Record<number, number>> = {
  7: 1000,
  8: 1,
  11: 0.01,
  12: 10,
  13: 1013.25 / 760,
  14: 1013.25,
};
/** To degC from each unit of temperature, by its code. */
const DEGC: Readonly<Record<number, (value: number) => number>> = {
  32: value => value,
  33: value => (value - 32) / 1.8,
  35: value => value - 273.15,
};
const VALVE: Readonly<Record<number, string>> = { 1: 'open', 2: 'closed', 4: 'set by hand' };

/** A controller as it is set. */
export interface BrooksSettings {
  readonly unitCode: number;
  /** Litres per minute in 1 of what it shows. */
  readonly litres: number;
  /** Undefined where it cannot be told from what it says. */
  readonly reference: ReferenceState | undefined;
  /** 100 % in its own unit and state; undefined where it does not say. */
  readonly fullScale: number | undefined;
  /** Absent where the bench file names none: then it is not asked. */
  readonly gas?: string;
}

/** @throws DeviceError `identity` where its unit is no volume flow, `local` where its valve does not follow a set point */
export async function settingsOf(
  address: Uint8Array,
  exchange: Exchange<BrooksAsk, BrooksFrame>,
  { where, isSet, asksGas }: { readonly where: string; readonly isSet: boolean; readonly asksGas: boolean },
): Promise<BrooksSettings> {
  const ask = async (command: number, length: number, ...data: number[]): Promise<DataView> => {
    const answer = await exchange({ address, command, data: Uint8Array.from(data) });
    if (answer.data.length < length)
      throw new DeviceError(
        'garbled',
        where,
        `command ${command}: ${answer.data.length} bytes, expected ${length}`,
      );
    return new DataView(answer.data.buffer);
  };
  const settings = await ask(COMMAND.flowSettings, 4);
  const [gas, reference, unitCode] = [0, 1, 2].map(at => settings.getUint8(at));
  const litres = LITRES[unitCode];
  if (litres === undefined)
    throw new DeviceError(
      'identity',
      where,
      `shows its flow in unit ${unitCode}, which is no volume per time; set its unit with the maker's program`,
    );
  if (isSet) {
    const valve = (await ask(COMMAND.valveOverride, 1)).getUint8(0);
    if (valve !== 0)
      throw new DeviceError(
        'local',
        where,
        `its valve is ${VALVE[valve] ?? `overridden (${valve})`} whatever the set point: switch the override off`,
      );
  }
  const full = await ask(COMMAND.fullScale, 5, gas).catch(ignoreRefusal);
  return {
    unitCode,
    litres,
    reference: await stateOf(reference, gas, ask),
    fullScale: full?.getUint8(0) === unitCode ? full.getFloat32(1) : undefined,
    ...(asksGas ? { gas: await gasOf(gas, ask) } : {}),
  };
}

type Ask = (command: number, length: number, ...data: number[]) => Promise<DataView>;

/** 0: normal; 1: as the user has set it; 2: as it was calibrated. */
async function stateOf(code: number, gas: number, ask: Ask): Promise<ReferenceState | undefined> {
  if (code === 0) return NORMAL;
  if (code === 1) return stateIn(await ask(COMMAND.standardState, 10), 0);
  if (code !== 2) return undefined;
  const info = await ask(COMMAND.gasInfo, 16, gas).catch(ignoreRefusal);
  return info && stateIn(info, 6);
}

/** Unit and value of temperature, then of pressure. */
function stateIn(view: DataView, at: number): ReferenceState | undefined {
  const degC = DEGC[view.getUint8(at)];
  const mbar = MBAR[view.getUint8(at + 5)];
  if (degC === undefined || mbar === undefined) return undefined;
  return { temperature_degC: degC(view.getFloat32(at + 1)), pressure_mbar: mbar * view.getFloat32(at + 6) };
}

async function gasOf(gas: number, ask: Ask): Promise<string> {
  const name = await ask(COMMAND.gasName, 1, gas);
  return plain(Buffer.from(name.buffer).subarray(1).toString('latin1'));
}

/** An older controller does not have every command. */
function ignoreRefusal(error: unknown): undefined {
  if (error instanceof DeviceError && error.code === 'refused') return undefined;
  throw error;
}
