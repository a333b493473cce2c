import type { StartRow } from '../../contract/start-check.ts';
import { nameOf } from '../../kinds/interlocks/words.ts';
import { isUnknown, type StartFacts } from './facts.ts';
import { idle, judged } from './row.ts';

/** The instruments: the right ones, with usable readings, and off by themselves when we fall silent. */

/** So many bad channels are named. */
const NAMED = 3;

/** Each is the one that the bench file names: a driver asks who it is when it connects. */
export function identities({ devices, entryOf }: StartFacts): StartRow[] {
  return devices.map(({ device, driver, missing }) =>
    judged(
      'identity',
      { what: device, expected: `${driver} of ${entryOf(device)}`, seen: missing ?? 'answers as that' },
      missing === undefined,
    ),
  );
}

/** Every reading that a role names is usable: nothing beyond its range, no open input. */
export function ranges({ devices, measured, valuesOf }: StartFacts): StartRow[] {
  return devices.flatMap(({ device, missing, awaitsRun }): StartRow[] => {
    const roles = measured.filter(role => role.device === device);
    if (roles.length === 0) return [];
    const expected = 'every reading usable and within its range';
    if (missing !== undefined) return [idle('range', { what: device, expected, seen: '' }, 'it is not had')];
    let count = 0;
    const bad: string[] = [];
    for (const role of roles)
      for (const [i, value] of valuesOf(role).entries()) {
        count++;
        if (Number.isNaN(value)) bad.push(nameOf(role, role.first + i));
      }
    const more = bad.length > NAMED ? ` and ${bad.length - NAMED} more` : '';
    const seen =
      bad.length === 0
        ? `${count} of ${count} usable`
        : `not usable: ${bad.slice(0, NAMED).join(', ')}${more}`;
    if (bad.length > 0 && awaitsRun !== undefined)
      return [idle('range', { what: device, expected, seen }, setUpByRun(awaitsRun))];
    return [judged('range', { what: device, expected, seen }, bad.length === 0)];
  });
}

/** Why readings are missing that only a run's set-up of the instrument brings. */
export const setUpByRun = (awaitsRun: string): string => `as the run will set it up: ${awaitsRun}`;

/** The instruments' own watchdogs, armed and read back where the bench file asks for one. */
export function watchdogs({ bench, devices, watchdogs: armed }: StartFacts): StartRow[] {
  return devices
    .filter(({ device, drives }) => drives || bench.devices[device]?.watchdog !== undefined)
    .map(({ device, onLoss }): StartRow => {
      const wanted = bench.devices[device]?.watchdog?.timeout_s;
      if (wanted === undefined) {
        const left = { off: 'go off', hold: 'stay as they are', unknown: 'do nobody knows what' }[onLoss];
        const asked = { what: device, expected: 'none', seen: 'none' };
        return idle('watchdog', asked, `the bench file arms none: without us its outputs ${left}`);
      }
      const expected = `armed, ${wanted} s`;
      if (isUnknown(armed)) return idle('watchdog', { what: device, expected, seen: '' }, armed.unknown);
      const armed_s = armed.get(device);
      const seen = armed_s === undefined ? 'not armed' : `read back as ${armed_s} s`;
      return judged('watchdog', { what: device, expected, seen }, armed_s !== undefined);
    });
}
