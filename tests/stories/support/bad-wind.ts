import { join } from 'node:path';
import type { BadInput } from './bad-input.ts';

/** Wind series that cannot be followed. */

const HEADER = 'time_s,wind_speed_m_per_s';
const SECONDS = Array.from({ length: 90 }, (_, i) => `${i},8.${i % 10}`);
/** A series of 90 s with some lines replaced; line 1 is the header. */
const csv = (
  what: string,
  replaced: Readonly<Record<number, string>>,
  line: number,
  ...says: RegExp[]
): BadInput => {
  const lines = [HEADER, ...SECONDS].map((text, i) => replaced[i + 1] ?? text);
  return {
    what,
    write: { file: 'wind.csv', text: `${lines.join('\n')}\n`, line },
    args: dir => ['--wind', join(dir, 'wind.csv')],
    says,
  };
};

export const BAD_WIND: readonly BadInput[] = [
  csv('gap in time', { 50: '58,8.2' }, 50, /gap in time/, /58/, /expected time_s 48/),
  csv('text', { 20: '18,calm' }, 20, /"calm"/, /expected a wind speed/),
  csv('NaN', { 20: '18,NaN' }, 20, /"NaN"/, /expected a wind speed/),
  csv('empty value', { 20: '18,' }, 20, /""/, /expected a wind speed/),
  csv('no wind of this world', { 20: '18,900' }, 20, /"900"/, /0\.\.60 m\/s/),
  csv('time that goes back', { 30: '7,8.1' }, 30, /goes back/, /expected time_s 28/),
  csv('time that stands still', { 30: '27,8.1' }, 30, /repeated/, /expected time_s 28/),
  csv('wrong header', { 1: 'time,wind' }, 1, /"time,wind"/, /expected header "time_s,wind_speed_m_per_s"/),
  csv('other separator', { 1: 'time_s;wind_speed_m_per_s' }, 1, /expected header/),
  csv('blank line', { 40: '' }, 40, /expected two values/),
  { ...csv('empty', {}, 1, /empty/, /expected header/), write: { file: 'wind.csv', text: '', line: 1 } },
  {
    what: 'too short for the method',
    write: { file: 'wind.csv', text: `${[HEADER, ...SECONDS].join('\n')}\n` },
    args: dir => ['--wind', join(dir, 'wind.csv')],
    says: [/wind\.csv: /, /90 s/, /expected at least 28800 s/],
  },
];
