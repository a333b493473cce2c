import { DeviceError } from '../contract/errors.ts';
import { type Unit, unitOf } from '../contract/units.ts';
import type { Exchange } from '../device-table.ts';
import type { EngineeringUnits, OpcuaAnswer, OpcuaRequest } from '../transport/opcua/link.ts';

/**
 * The unit that a node of a PLC says it is in (property EngineeringUnits, OPC UA part 8), against the unit of the channel's
 * name: a tag in mbar or degF is wrong by a factor without a word.
 */

/** Unit ids count in this list: the letters of the code of UNECE recommendation 20 as a big-endian number. */
const UNECE = 'http://www.opcfoundation.org/UA/units/un/cefact';

/**
 * How each of our units may be shown: codes of UNECE recommendation 20 (recalled), texts in small letters without blanks. It
 * has no code for gauge, absolute, normal litres or per cent of volume: the bare one stands for them unless the text
 * says otherwise.
 */
const SHOWN: Partial<Record<Unit, { readonly codes: readonly string[]; readonly texts: readonly string[] }>> =
  {
    V: { codes: ['VLT'], texts: ['v', 'volt'] },
    mV: { codes: ['2Z'], texts: ['mv', 'millivolt'] },
    A: { codes: ['AMP'], texts: ['a', 'ampere'] },
    Ah: { codes: ['AMH'], texts: ['ah', 'a·h', 'amperehour'] },
    W: { codes: ['WTT'], texts: ['w', 'watt'] },
    kW: { codes: ['KWT'], texts: ['kw', 'kilowatt'] },
    Wh: { codes: ['WHR'], texts: ['wh', 'w·h', 'watthour'] },
    Ohm: { codes: ['OHM'], texts: ['ohm', 'ω'] },
    degC: { codes: ['CEL'], texts: ['°c', 'degc', 'c', 'degreecelsius'] },
    K: { codes: ['KEL'], texts: ['k', 'kelvin'] },
    barg: { codes: ['BAR'], texts: ['barg', 'bar(g)', 'bar'] },
    bara: { codes: ['BAR'], texts: ['bara', 'bar(a)', 'bar'] },
    bar: { codes: ['BAR'], texts: ['bar', 'bard', 'bar(d)'] },
    MPa: { codes: ['MPA'], texts: ['mpa', 'megapascal'] },
    pct: { codes: ['P1'], texts: ['%', 'percent'] },
    vol_pct: { codes: ['P1'], texts: ['%', 'vol%', 'vol.%', '%vol', '%(v/v)', 'percent'] },
    NL_per_min: { codes: ['L2'], texts: ['nl/min', 'ln/min', 'l/min'] },
    L_per_min: { codes: ['L2'], texts: ['l/min', 'lpm'] },
    uS_per_cm: { codes: ['G42'], texts: ['us/cm', 'µs/cm', 'μs/cm'] },
    s: { codes: ['SEC'], texts: ['s', 'sec', 'second'] },
  };
/** Small letters make these one with another unit: they are told by their case, a factor of 1e9. */
const OTHERS = new Set(['mPa']);
/** Code of UNECE recommendation 20 by which one of our units is shown; undefined: it has none. */
export function codeOfUnit(unit: string): string | undefined {
  return Object.hasOwn(SHOWN, unit) ? SHOWN[unit as Unit]?.codes[0] : undefined;
}
const KNOWN_CODES = new Set(Object.values(SHOWN).flatMap(({ codes }) => codes));
const KNOWN_TEXTS = new Set(Object.values(SHOWN).flatMap(({ texts }) => texts));

function codeOf(unitId: number): string {
  const letters = [24, 16, 8, 0].map(shift => (unitId >>> shift) & 0xff).filter(byte => byte !== 0);
  return letters.every(byte => byte > 0x20 && byte < 0x7f) ? String.fromCharCode(...letters) : '';
}

/**
 * What is wrong with the unit that a node shows, for a channel of this name; undefined: nothing, or it shows none. An id that
 * is not on our list, or of another list than the UNECE's, is taken by its text. `declared`: the text that the nodes file
 * says the node shows, for one whose text says less than the lab knows.
 */
export function unitSlip(
  channel: string,
  shown: EngineeringUnits,
  declared: string | undefined,
): string | undefined {
  const unit = unitOf(channel);
  const text = shown.text.trim();
  const isUnece = shown.namespaceUri === '' || shown.namespaceUri === UNECE;
  // OPC UA part 8: -1 where no unit id is available.
  const hasId = shown.unitId > 0;
  if (!hasId && text === '') return undefined;
  const code = hasId && isUnece ? codeOf(shown.unitId) : '';
  const id = code === '' ? `unit id ${shown.unitId}` : `${code}, unit id ${shown.unitId}`;
  const found = `is in "${text}"${hasId ? ` (${id})` : ''}`;
  if (declared !== undefined)
    return text === declared ? undefined : `${found}, expected "${declared}" for ${channel}`;
  const right = unit && SHOWN[unit];
  if (right === undefined) return undefined;
  const plain = text.toLowerCase().replace(/\s/g, '');
  const isText = right.texts.includes(plain) && !OTHERS.has(text);
  // A known code settles it, unless the text beside it is that of another unit (bar(a) under BAR, for gauge).
  const isRight = KNOWN_CODES.has(code)
    ? right.codes.includes(code) && (isText || (!KNOWN_TEXTS.has(plain) && !OTHERS.has(text)))
    : isText;
  return isRight ? undefined : `${found}, expected ${unit} (${right.codes.join(', ')}) for ${channel}`;
}

/** Our unit for what a node shows, the first that fits; gauge or absolute it does not tell (`bar`). Undefined: none of ours. */
export function unitShown(shown: EngineeringUnits): Unit | undefined {
  const units = Object.keys(SHOWN) as Unit[];
  // Plain bar claims nothing.
  const inOrder = ['bar' as const, ...units.filter(unit => unit !== 'bar')];
  const text = shown.text.trim();
  if (text === '' && shown.unitId <= 0) return undefined;
  return inOrder.find(unit => unitSlip(`x_${unit}`, shown, undefined) === undefined);
}

/** So many nodes are asked in one exchange: it takes the server two answers. */
const AT_ONCE = 20;

/** Compares what the nodes show with the names of their channels. Rejects with `identity` at the first that differs. */
export async function checkUnits(
  endpoint: string,
  entries: readonly { readonly name: string; readonly node: string; readonly unit?: string }[],
  exchange: Exchange<OpcuaRequest, OpcuaAnswer>,
): Promise<void> {
  for (let from = 0; from < entries.length; from += AT_ONCE) {
    const some = entries.slice(from, from + AT_ONCE);
    const { units = [] } = await exchange({ kind: 'units', nodes: some.map(({ node }) => node) });
    for (const [i, { name, node, unit }] of some.entries()) {
      const shown = units[i];
      const slip = shown && unitSlip(name, shown, unit);
      if (slip !== undefined) throw new DeviceError('identity', endpoint, `node ${node} ${slip}`);
    }
  }
}
