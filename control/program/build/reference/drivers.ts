import { driverIds, findDriver } from '../../../../drivers/registry.ts';
import { code, keyTable, waysOf } from './tables.ts';

/** Reference of drivers: what stands under `options` of a device. */

/** The page. */
export function driversPage(): string {
  const parts = driverIds.map(id => {
    const { manual, triedOn, options } = findDriver(id);
    const ways = waysOf(options);
    const tables = ways.flatMap((rows, i) => [
      ...(ways.length === 1 ? [] : [i === 0 ? 'Either:' : 'Or:']),
      keyTable(rows),
    ]);
    return [`## ${id}`, `Written from: ${manual}. Tried on: ${triedOn}.`, ...tables].join('\n\n');
  });
  return [
    '# Reference: drivers and their options',
    `${code('devices: { <name>: { driver, poll_s, stale_after_s, options } }')} of a bench file. Keys with * must be there; a figure in brackets is what holds without the key.`,
    ...parts,
  ].join('\n\n');
}
