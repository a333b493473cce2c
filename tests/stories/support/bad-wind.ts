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

/** What the night follows, in its file. */
const DATA = 'data: { wind: { generated: wind, mean_m_per_s: 9 } }';

export const BAD_WIND: readonly BadInput[] = [
  csv('a stamp out of order', { 50: '58,8.2' }, 51, /goes back/),
  csv('text', { 20: '18,calm' }, 20, /"calm"/, /expected a wind speed/),
  csv('no wind of this world', { 20: '18,900' }, 20, /"900"/, /0\.\.60 m\/s/),
  csv('time that goes back', { 30: '7,8.1' }, 30, /goes back/, /expected rows in the order/),
  csv('time that stands still', { 30: '27,8.1' }, 30, /repeated/, /expected each time once/),
  csv('no unit', { 1: 'time,wind' }, 1, /"time,wind"/, /expected header "time_s,wind_speed_m_per_s"/),
  csv('power without a rating', { 1: 'time_s,power_kW' }, 1, /up to 8\.9 kW/, /expected rated_kW/),
  { ...csv('empty', {}, 1, /empty/, /expected header/), write: { file: 'wind.csv', text: '', line: 1 } },
  {
    what: 'too short for the method',
    write: { file: 'wind.csv', text: `${[HEADER, ...SECONDS].join('\n')}\n` },
    args: dir => ['--wind', join(dir, 'wind.csv')],
    says: [/wind\.csv: /, /90 s/, /expected at least 28800 s/],
  },
  {
    what: 'a gap',
    write: {
      file: 'wind.csv',
      text: `${[HEADER, ...Array.from({ length: 28_900 }, (_, i) => (i === 48 ? '' : `${i},8.5`))].join('\n')}\n`,
      line: 51,
    },
    args: dir => ['--wind', join(dir, 'wind.csv')],
    says: [/gap in time: from 47 s to 49 s/, /expected no gap \(gaps: /],
  },
  {
    what: 'a source that nobody has named',
    change: { file: 'night.yaml', from: 'power_pct: wind.power_pct', to: 'power_pct: winds.power_pct' },
    says: [/the bench has no "winds\.power_pct"/],
  },
  {
    what: 'rules without a file',
    change: { file: 'night.yaml', from: DATA, to: 'data:\n  wind: { rated_kW: 500 }' },
    at: '  wind: {',
    says: [/file/, /expected/],
  },
  {
    what: 'two ways to tell the time',
    change: {
      file: 'night.yaml',
      from: DATA,
      to: 'data:\n  wind: { file: w.csv, time: t, step_s: 1 }',
    },
    at: '  wind: {',
    says: [/expected one way to tell the time/],
  },
  {
    what: 'a zone that is none',
    change: {
      file: 'night.yaml',
      from: DATA,
      to: 'data:\n  wind: { file: w.csv, zone: Berlin }',
    },
    at: '  wind: {',
    says: [/"Berlin"/, /expected a time zone, e\.g\. Europe\/Berlin/],
  },
];
