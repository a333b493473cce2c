import type { EaStatus } from './registers.ts';

/** The status (registers 505, 506) in words, by the maker's register lists of the 10000 series (KE 3.02+, KE 3.10+). */

const ALARMS: readonly (readonly [bit: number, what: string])[] = [
  [16, 'overvoltage'],
  [17, 'overcurrent'],
  [18, 'overpower'],
  [19, 'overtemperature'],
  [21, 'power fail'],
  [24, 'supervision of voltage, too low (UVD)'],
  [25, 'supervision of voltage, too high (OVD)'],
  [26, 'supervision of current, too low (UCD)'],
  [27, 'supervision of current, too high (OCD)'],
  [28, 'supervision of power, too high (OPD)'],
  [29, 'safety of master/slave'],
];

/** Control locations, bits 0 to 4. */
const HAS_IT: Readonly<Record<number, string>> = {
  0: 'nobody',
  3: 'USB',
  4: 'its analog interface',
  6: 'Ethernet',
  8: 'master/slave',
  9: 'RS232',
};
const LOCAL = 0x01;
const TIMED_OUT = 0x1c;

/** The alarm that it shows; empty: none. */
export function alarmText({ bits, hasAlarm }: EaStatus): string {
  if (!hasAlarm) return '';
  const which = ALARMS.filter(([bit]) => ((bits >>> bit) & 1) === 1).map(([, what]) => what);
  const what = which.length === 0 ? 'it does not say which' : which.join(', ');
  return `alarm: ${what}; it is acknowledged at the supply`;
}

/** Why it is not in remote control, of a supply that was. */
export function remoteText({ bits }: EaStatus): string {
  const location = bits & 0x1f;
  if (location === TIMED_OUT) return 'remote control ended by its interface monitoring';
  if (location === LOCAL) return 'remote control ended: it is in local at its panel';
  const who = HAS_IT[location];
  return `remote control ended: ${who === undefined ? `control location 0x${location.toString(16)}` : `${who} has it`}`;
}

/** Tells of what has changed since the status before. */
export function statusNews(tell: (text: string) => void): (status: EaStatus) => void {
  let wasRemote = false;
  let told = '';
  return status => {
    const alarm = alarmText(status);
    if (alarm !== told && alarm !== '') tell(alarm);
    told = alarm;
    if (wasRemote && !status.isRemote) tell(remoteText(status));
    wasRemote = status.isRemote;
  };
}
