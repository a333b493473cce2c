import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { type Entry, read, utf16 } from './files.ts';

/** Property: a series written in any dialect, unit and clock, and read back, is the same series. */

interface Dialect {
  readonly encoding: 'utf8' | 'bom' | 'utf16le' | 'utf16be' | 'windows-1252';
  readonly end: '\n' | '\r\n' | '\r';
  readonly separator: ',' | ';' | '\t' | '|';
  readonly decimal: '.' | ',';
  readonly quotes: boolean;
  readonly above: readonly string[];
  readonly unit: 'p.u.' | '%' | 'kW' | 'W/m²';
  readonly unitIn: 'header' | 'row';
  readonly clock: 'seconds' | 'milliseconds' | 'epoch' | 'iso' | 'offset' | 'berlin' | 'berlin-dmy';
  readonly step_s: number;
  /** Start, s from the first of January 2020: goes over both changes of the clock. */
  readonly start_s: number;
  /** Columns before, between and after the two that count. */
  readonly others: readonly [number, number, number];
  readonly valueFirst: boolean;
}

const RATED_kW = 800;
const SUN_W_per_m2 = 1000;
const FACTORS = { 'p.u.': 1, '%': 100, kW: RATED_kW, 'W/m²': SUN_W_per_m2 };
const ENTRIES: Readonly<Record<Dialect['unit'], Entry>> = {
  'p.u.': {},
  '%': {},
  kW: { rated_kW: RATED_kW },
  'W/m²': { rated_W_per_m2: SUN_W_per_m2 },
};

const dialect: fc.Arbitrary<Dialect> = fc.record({
  encoding: fc.constantFrom('utf8', 'bom', 'utf16le', 'utf16be', 'windows-1252'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  separator: fc.constantFrom(',', ';', '\t', '|'),
  decimal: fc.constantFrom('.', ','),
  quotes: fc.boolean(),
  above: fc.array(fc.constantFrom('# a comment', 'Station North', '', '# 3, 4; 5'), { maxLength: 3 }),
  unit: fc.constantFrom('p.u.', '%', 'kW', 'W/m²'),
  unitIn: fc.constantFrom('header', 'row'),
  clock: fc.constantFrom('seconds', 'milliseconds', 'epoch', 'iso', 'offset', 'berlin', 'berlin-dmy'),
  step_s: fc.constantFrom(1, 2, 10, 60, 300, 900, 3600),
  start_s: fc.oneof(
    fc.integer({ min: 0, max: 366 * 86_400 }),
    // The nights of the change.
    fc.integer({ min: 0, max: 86_400 }).map(s => s + (Date.UTC(2020, 2, 28, 12) - Date.UTC(2020, 0)) / 1000),
    fc.integer({ min: 0, max: 86_400 }).map(s => s + (Date.UTC(2020, 9, 24, 12) - Date.UTC(2020, 0)) / 1000),
  ),
  others: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
  valueFirst: fc.boolean(),
});

const berlin = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Berlin',
  dateStyle: 'short',
  timeStyle: 'medium',
});

function stampOf(clock: Dialect['clock'], utc_s: number): string {
  const utc = new Date(utc_s * 1000);
  const wall = berlin.format(utc);
  const [date, time] = wall.split(' ');
  const [year, month, day] = date.split('-');
  switch (clock) {
    case 'seconds':
    case 'epoch':
      return String(utc_s);
    case 'milliseconds':
      return String(utc_s * 1000);
    case 'iso':
      return utc.toISOString();
    case 'offset':
      return new Date(utc.getTime() + 7_200_000).toISOString().replace('Z', '+02:00');
    case 'berlin':
      return wall;
    case 'berlin-dmy':
      return `${day}.${month}.${year} ${time}`;
  }
}

function write(values: readonly number[], d: Dialect): Uint8Array {
  const quote = (cell: string): string => (d.quotes || cell.includes(d.separator) ? `"${cell}"` : cell);
  const base_s = Date.UTC(2020, 0) / 1000;
  const origin_s = d.clock === 'seconds' || d.clock === 'milliseconds' ? -base_s : 0;
  const timeUnit = { seconds: 's', milliseconds: 'ms' } as Readonly<Record<string, string>>;
  const filler = (at: number, cell: string): string[] => Array(d.others[at]).fill(cell);
  const line = (time: string, value: string, other: string): string => {
    const pair = d.valueFirst ? [value, time] : [time, value];
    const cells = [...filler(0, other), pair[0], ...filler(1, other), pair[1], ...filler(2, other)];
    return cells.map(quote).join(d.separator);
  };
  const unit = timeUnit[d.clock];
  const header =
    d.unitIn === 'header'
      ? [line(unit === undefined ? 'time' : `time [${unit}]`, `power [${d.unit}]`, 'note')]
      : [line('time', 'power', 'note'), line(unit ?? '', d.unit, '')];
  const rows = values.map((v, i) => {
    const number = Number((v * FACTORS[d.unit]).toPrecision(12));
    const utc_s = Math.floor(base_s + d.start_s) + i * d.step_s + origin_s;
    return line(stampOf(d.clock, utc_s), String(number).replace('.', d.decimal), 'ok');
  });
  const text = [...d.above, ...header, ...rows, ''].join(d.end);
  if (d.encoding === 'utf16le') return utf16(text, 'le');
  if (d.encoding === 'utf16be') return utf16(text, 'be');
  if (d.encoding === 'windows-1252') return Buffer.from(text, 'latin1');
  return new TextEncoder().encode(d.encoding === 'bom' ? `\uFEFF${text}` : text);
}

const series = fc.array(
  fc.integer({ min: 0, max: 1000 }).map(v => v / 1000),
  { minLength: 60, maxLength: 80 },
);

describe('a series written and read', () => {
  it('is the same, in any dialect, unit and clock', () => {
    fc.assert(
      fc.property(series, dialect, (written, d) => {
        // Leaps are the series' own here; a rule for them is not what is tried.
        const entry: Entry = {
          ...ENTRIES[d.unit],
          zone: 'Europe/Berlin',
          between: 'hold',
          lostPoints: 'keep',
        };
        const { power_frac } = read(write(written, d), entry);
        expect(power_frac.length).toBe(written.length * d.step_s);
        const back = written.map((_, i) => Number(power_frac[i * d.step_s].toFixed(9)));
        expect(back).toEqual(written);
        // Held until the next.
        expect(written.every((_, i) => power_frac[i * d.step_s] === power_frac[(i + 1) * d.step_s - 1])).toBe(
          true,
        );
      }),
      { numRuns: 400 },
    );
  });

  it('has the same mean however it is brought to 1 s', () => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 100 }), (written, tenths) => {
        const text = ['time_s,power_frac', ...written.map((v, i) => `${(i * tenths) / 10},${v}`)].join('\n');
        const whole_s = (written.length * tenths) / 10;
        fc.pre(whole_s >= 61);
        const { power_frac } = read(text, { between: 'mean', lostPoints: 'keep' });
        // What a last part of a second holds is not in the profile.
        const end_s = power_frac.length;
        const expected = written.reduce(
          (sum, v, i) => sum + v * Math.max(0, Math.min(end_s, ((i + 1) * tenths) / 10) - (i * tenths) / 10),
          0,
        );
        expect(power_frac.reduce((a, b) => a + b)).toBeCloseTo(expected, 6);
        expect(end_s).toBe(Math.floor(whole_s + 1e-9));
      }),
    );
  });

  it('is refused with one message where it is no series: any bytes at all', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc
            .string({ maxLength: 300 })
            .map(text => new TextEncoder().encode(`time_s,power_frac\n0,1\n${text}`)),
          fc
            .array(
              fc.constantFrom('time_s', 'power_frac', '0', '1', '\n', ',', ';', '"', '#', '.5', '-', 'NaN'),
              {
                maxLength: 60,
              },
            )
            .map(parts => new TextEncoder().encode(parts.join(''))),
        ),
        bytes => {
          expect(() => read(bytes)).toThrow(FileError);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
