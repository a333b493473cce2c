import {
  type ModbusMap,
  modbusFamilies,
  modbusFamilyFile,
  readModbusMap,
  type WatchdogStep,
} from '../../../../drivers/generic/modbus-map-file.ts';
import { code, markdownTable } from './tables.ts';

/** Reference of the families of `generic/modbus-map`: every register, and where each fact comes from. */

/** The page. */
export function modbusPage(): string {
  const parts = modbusFamilies().map(name => familyPart(name, readModbusMap(modbusFamilyFile(name), '.')));
  return [
    '# Reference: instruments that speak Modbus',
    `${code('driver: generic/modbus-map')} with ${code('family: <name>')}. Each register stands here with its basis: sourced (read in the maker's paper, or in a project that works with the instrument), recalled (known, not looked up: check it on the unit), default (chosen). Addresses are those of the wire, from 0. What the bench file states under ${code('about')} is compared at connect where the instrument tells it, and believed where it does not. Terminals of a rack are named under ${code('points')}. Several devices may share one serial line. A map of your own is a file of the same form, named with ${code('map')} (${code('drivers/generic/modbus/*.yaml')}).`,
    ...parts,
  ].join('\n\n');
}

interface Place {
  readonly table: string;
  readonly address: number;
  readonly type: string;
  readonly order?: string;
}

function placeOf({ table, address, type, order }: Place): string {
  if (table === 'coil' || table === 'discrete') return `${table} ${address}`;
  const long = type.endsWith('16') || order === undefined ? '' : ` ${order}`;
  return `${table} ${address}, ${type}${long}`;
}

type Row = readonly [use: string, register: string, basis: string];

function familyPart(name: string, map: ModbusMap): string {
  const rows: Row[] = [];
  const { identify, plausible, watchdog } = map;
  if (identify !== undefined) {
    const { table, address, expect } = identify;
    rows.push(['identity', `${table} ${address} holds ${expect.join(', ')}`, identify.basis ?? 'default']);
  }
  if (plausible !== undefined) {
    const what = plausible === '*' ? 'the first channel' : code(plausible);
    rows.push(['identity', `does not say what it is: ${what} must be in its range`, 'default']);
  }
  for (const { what, table, address, is, of, basis } of map.healthy) {
    const about = of === undefined ? 'all readings are' : `${of.map(code).join(', ')} is`;
    rows.push([`${what}, else ${about} bad`, `${table} ${address} is ${is.join(' or ')}`, basis]);
  }
  for (const channel of map.channels) {
    const how = [
      channel.bits === undefined ? '' : `, any of bits 0x${channel.bits.toString(16)}`,
      channel.oneOf === undefined ? '' : `, 1 where it is ${channel.oneOf.join(' or ')}`,
      channel.every_ms === undefined ? '' : `, every ${channel.every_ms} ms`,
    ];
    rows.push([channel.name, placeOf(channel) + how.join(''), channel.basis ?? 'default']);
  }
  for (const settable of map.settables) {
    const safe =
      settable.safe === undefined ? `kept: ${settable.kept}` : `${settable.safe} in the safe state`;
    rows.push([settable.name, `${placeOf(settable)}, read back; ${safe}`, settable.basis ?? 'default']);
  }
  for (const [kind, point] of Object.entries(map.points)) {
    const { what, count, step, bitwise, output, code: set, basis } = point;
    const last = bitwise ? ', bit n' : ` + ${step === 1 ? '' : `${step} * `}n`;
    const type = point.table === 'coil' || point.table === 'discrete' ? '' : `, ${point.type}`;
    const back = output?.readback;
    const proof =
      output === undefined
        ? ''
        : `, output, read back ${back === undefined ? 'there' : `at ${back.table} ${back.address} + n`}`;
    rows.push([
      `${kind}[0..${count - 1}]`,
      `${what}: ${point.table} ${point.address}${last}${type}${proof}`,
      basis,
    ]);
    if (set === undefined) continue;
    const names = Object.entries(set.names).map(
      ([label, { code: value }]) => `${label} 0x${value.toString(16).padStart(4, '0')}`,
    );
    rows.push([`code of ${kind}`, `${set.table} ${set.address} + n: ${names.join(', ')}`, set.basis]);
  }
  const steps = (use: string, list: readonly WatchdogStep[]): void => {
    for (const step of list) {
      const value = typeof step.value === 'number' ? String(step.value) : `the time in ${step.value}`;
      const how = { both: 'written and read back', write: 'written', check: 'must hold it' }[step.do];
      rows.push([use, `${placeOf(step)}: ${value}, ${how}`, step.basis]);
    }
  };
  steps('watchdog', watchdog?.steps ?? []);
  steps('watchdog off', watchdog?.disarm ?? []);
  const time =
    watchdog?.range_s === undefined ? `${watchdog?.fixed_s} s` : `${watchdog.range_s.join('..')} s`;
  const loss = watchdog === undefined ? 'It has no watchdog that this family knows.' : `Watchdog ${time}.`;
  return [
    `## ${name}`,
    `${map.device}. Written from: ${map.manual}. Tried on: ${map.triedOn}.`,
    `${map.wire}; answers within ${map.reply_ms} ms, ${map.gap_ms} ms between requests. ${loss} When we fall silent its outputs do: ${map.onLoss}.`,
    ...(Object.keys(map.about).length === 0 ? [] : [aboutTable(map)]),
    markdownTable(['for', 'register', 'basis'], rows),
    ...(map.notes.length === 0 ? [] : [map.notes.map(note => `- ${note}`).join('\n')]),
  ].join('\n\n');
}

function aboutTable({ about }: ModbusMap): string {
  const rows = Object.entries(about).map(
    ([key, { what, names, optional, read, basis }]): readonly string[] => [
      code(key) + (optional ? '' : ' *'),
      what + (names === undefined ? '' : `: ${Object.keys(names).join(', ')}`),
      read === undefined ? 'cannot be asked' : placeOf(read),
      basis,
    ],
  );
  return markdownTable(['about', 'what', 'compared with', 'basis'], rows);
}
