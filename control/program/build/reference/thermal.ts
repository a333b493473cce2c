import {
  readThermal,
  type ThermalFamily,
  thermalFamilies,
} from '../../../../drivers/generic/thermal-file.ts';
import { code, markdownTable } from './tables.ts';

/** Reference of the families of `generic/thermal`: every line that goes out, and where each fact comes from. */

/** The page. */
export function thermalPage(): string {
  const parts = thermalFamilies().map(name => familyPart(name, readThermal(name, '.')));
  return [
    '# Reference: circulators and climate chambers that speak lines of text',
    `${code('driver: generic/thermal')} with ${code('family: <name>')}. Each line that goes out stands here with its basis: sourced (read in the maker's paper, or in a project that works with the instrument), recalled (known, not looked up: check it on the unit), default (chosen). ${code('{}')} is the value. In the safe state it is stopped, or goes on at ${code('temperatureSafe_degC')} of the bench file. A family of your own is a file of the same form (${code('drivers/generic/thermal/*.yaml')}).`,
    ...parts,
  ].join('\n\n');
}

function familyPart(name: string, family: ThermalFamily): string {
  const { device, manual, triedOn, line, identity, watchdog, notes } = family;
  const rows: (readonly [use: string, says: string, basis: string])[] = [
    ['identity', `${code(identity.ask)} gives the ${code(identity.is)} of the bench file`, identity.basis],
    ...family.reads.map(read => [read.name, code(read.ask), read.basis] as const),
    ...family.sets.map(({ name: settable, say, ask, basis }) => {
      const lines = typeof say === 'string' ? code(say) : `${code(say[0])}, ${code(say[1])}`;
      return [settable, `${lines}, read back with ${code(ask)}`, basis] as const;
    }),
  ];
  if (watchdog !== undefined)
    rows.push([
      'watchdog',
      `${code(watchdog.say)} s, read back with ${code(watchdog.ask)}; off: ${code(watchdog.off)}`,
      watchdog.basis,
    ]);
  const loss =
    watchdog === undefined
      ? 'It has no watchdog that this family knows.'
      : `Watchdog ${watchdog.range_s[0]}..${watchdog.range_s[1]} s.`;
  return [
    `## ${name}`,
    `${device}. Written from: ${manual}. Tried on: ${triedOn}.`,
    `${line.wire}; lines end with ${line.terminator.toUpperCase()}; answers within ${line.reply_ms} ms, ${line.settle_ms} ms after a command (${line.basis}). ${loss} When we fall silent it does: ${family.onLoss}.`,
    markdownTable(['for', 'line', 'basis'], rows),
    notes.map(note => `- ${note}`).join('\n'),
  ].join('\n\n');
}
