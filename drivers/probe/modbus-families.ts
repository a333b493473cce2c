import { modbusFamilies, modbusFamilyFile, readModbusMap } from '../generic/modbus-map-file.ts';
import { decodeRegisters, type RegisterType, widthOf } from '../protocol/modbus-registers.ts';

/** Which families of register maps an instrument may be of, by the registers that say what it is. */

/** Words of `count` registers from `address` on; undefined: an exception, or no answer. */
export type AskRegisters = (
  table: 'input' | 'holding',
  address: number,
  count: number,
) => Promise<readonly number[] | undefined>;

/** A family that fits, what of it is known, and the words for it. */
export interface FittingFamily {
  readonly family: string;
  readonly about: Readonly<Record<string, string | number>>;
  readonly says: string;
}

/**
 * Asks for what each family says that it can be known by. It fits where every such register answers: with a value that has a
 * name there, or, where any number may stand (an item, a serial number, the lengths of an image), with one that is not 0.
 * Numbers below 256 that have names fit too much to say anything.
 */
export async function fittingFamilies(ask: AskRegisters): Promise<FittingFamily[]> {
  const found: FittingFamily[] = [];
  const known = new Map<string, readonly number[] | undefined>();
  for (const family of modbusFamilies()) {
    const { about } = readModbusMap(modbusFamilyFile(family), '.');
    const said: [key: string, value: string | number][] = [];
    const asked = Object.entries(about).filter(([, one]) => one.read !== undefined && !one.optional);
    for (const [key, { read, names, text }] of asked) {
      if (read === undefined || text !== undefined) break;
      const { table, address, type, order } = read;
      if (table !== 'input' && table !== 'holding') break;
      const kind: RegisterType = type ?? 'uint16';
      const at = `${table} ${address} ${widthOf(kind)}`;
      if (!known.has(at)) known.set(at, await ask(table, address, widthOf(kind)));
      const words = known.get(at);
      const value = words === undefined ? Number.NaN : decodeRegisters(words, 0, kind, order);
      const name = Object.entries(names ?? {}).find(([, raw]) => raw === value)?.[0];
      const isDistinct = names === undefined ? value !== 0 : name !== undefined && (words?.[0] ?? 0) > 0xff;
      if (!Number.isFinite(value) || !isDistinct) break;
      said.push([key, name ?? value]);
    }
    if (asked.length === 0 || said.length < asked.length) continue;
    const says = said.map(([key, value]) => `${key} ${value}`).join(', ');
    found.push({ family, about: Object.fromEntries(said), says });
  }
  return found;
}
