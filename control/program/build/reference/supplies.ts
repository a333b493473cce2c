import { readFamily, type ScpiFamily, scpiFamilies } from '../../../../drivers/generic/scpi-file.ts';
import { code, markdownTable } from './tables.ts';

/** Reference of the families of `generic/scpi`: every line that goes out, and where each fact comes from. */

/** The page. */
export function suppliesPage(): string {
  const parts = scpiFamilies().map(name => familyPart(name, readFamily(name, '.')));
  return [
    '# Reference: supplies that speak lines of text',
    `${code('driver: generic/scpi')} with ${code('family: <name>')}. Each line that goes out stands here with its basis: sourced (read in the maker's paper, or in a project that works with the instrument), recalled (known, not looked up: check it on the unit), default (chosen). ${code('{}')} is the value, ${code('{s}')} and ${code('{ms}')} the time of the watchdog, ${code('{output}')} and ${code('{address}')} options of the bench file. A family of your own is a file of the same form (${code('drivers/generic/scpi/*.yaml')}).`,
    `A set point that no role of the bench names is never written: the program raises no limit that nobody asked for. It stays as the instrument holds it from before, and some hold 0 V or 0 W after a reset: then no current flows, which is the safe side, and a step says that it does not get what it asks. So give ${code('stack.voltageSet_V')} and ${code('stack.powerSet_W')} a role and a limit where the supply has them, or set them at its panel. Twins and emulators take the rating of the supply; a rehearsal names each one that has no role.`,
    ...parts,
  ].join('\n\n');
}

function familyPart(name: string, family: ScpiFamily): string {
  const { supply, manual, triedOn, line, identity, errors, acknowledge, watchdog, call } = family;
  const rows: (readonly [use: string, says: string, basis: string])[] = [
    ['identity', `${code(identity.ask)} gives ${code(identity.maker)}, model, serial number`, identity.basis],
  ];
  if (call !== undefined) rows.unshift(['before each exchange', code(call), line.basis]);
  const steps = (use: string, list: ScpiFamily['control']): void => {
    for (const { say, ask, answer, basis } of list) {
      const proof =
        ask === undefined
          ? ''
          : `${say === undefined ? '' : ', then '}${code(ask)} gives ${code(answer ?? '')}`;
      rows.push([use, `${say === undefined ? '' : code(say)}${proof}`, basis]);
    }
  };
  steps('remote control', family.control);
  for (const { name: channel, ask, field, sign, basis } of family.reads) {
    rows.push([
      channel,
      code(ask) + (field === undefined ? '' : `, value ${field + 1}`) + counted(sign),
      basis,
    ]);
  }
  for (const { name: settable, say, ask, sign, basis } of family.sets) {
    const lines = typeof say === 'string' ? code(say) : `${code(say[0])}, ${code(say[1])}`;
    rows.push([settable, `${lines}, read back with ${code(ask)}${counted(sign)}`, basis]);
  }
  if (errors !== undefined) rows.push(['after each command', code(errors.ask), errors.basis]);
  steps('watchdog', watchdog?.steps ?? []);
  steps('watchdog off', watchdog?.disarm ?? []);
  steps('given back', family.release);
  const taken =
    acknowledge === undefined
      ? errors === undefined
        ? 'No error queue is read: a write is proved by reading back alone.'
        : ''
      : `Each command is answered with ${code(acknowledge)}.`;
  const wire = `Lines end with ${line.terminator.toUpperCase()}${line.port === undefined ? '' : `; usual TCP port ${line.port}`}; answers within ${line.reply_ms} ms, ${line.gap_ms} ms between lines (${line.basis}).`;
  const loss =
    watchdog === undefined
      ? 'It has no watchdog that this family knows.'
      : `Watchdog ${watchdog.range_s[0]}..${watchdog.range_s[1]} s.`;
  return [
    `## ${name}`,
    `${supply}. Written from: ${manual}. Tried on: ${triedOn}.`,
    [wire, taken, loss, `When we fall silent its output does: ${family.onLoss}.`]
      .filter(text => text !== '')
      .join(' '),
    markdownTable(['for', 'line', 'basis'], rows),
  ].join('\n\n');
}

/** Which way the instrument counts. */
const counted = (sign: 1 | -1): string => (sign === 1 ? '' : '; what leaves the cell is positive there');
