import { describe, expect, it } from 'vitest';
import { type Entry, read, refusal, table, values } from './files.ts';

/** Columns that are no power, wind or sun are not taken for one; files that only look odd are read. */

const quarters = (heading: string): string =>
  table(`time;${heading}`, 12, i => `2024-03-01 0${Math.floor(i / 4)}:${15 * (i % 4) || '00'};${30 + i}.5`);

describe('a named column in a unit that is none of a power', () => {
  it.each<[heading: string, key: string, rated: Entry, unit: string]>([
    ['Wasserkraft [MWh]', 'power_MW', { rated_MW: 90 }, 'MWh'],
    ['Wasserkraft [MWh] Auflösung Viertelstunde', 'power_MW', { rated_MW: 90 }, 'MWh'],
    ['yield (kWh)', 'power_kW', { rated_kW: 90 }, 'kWh'],
    ['yield_kWh', 'power_kW', { rated_kW: 90 }, 'kWh'],
    ['spot [EUR/MWh]', 'power_pct', {}, 'EUR/MWh'],
    ['spot (€/MWh)', 'power_MW', { rated_MW: 90 }, '€/MWh'],
    ['grid [Hz]', 'power_pct', {}, 'Hz'],
    ['air [°C]', 'power_pct', {}, '°C'],
    ['S [kVA]', 'power_kW', { rated_kW: 90 }, 'kVA'],
    ['Q in kvar', 'power_kW', { rated_kW: 90 }, 'kvar'],
    ['I [A]', 'power_pct', {}, 'A'],
    ['irradiation [kWh/m2]', 'irradiance_kW_per_m2', { rated_kW_per_m2: 1 }, 'kWh/m2'],
    ['wind [mph]', 'wind_speed_m_per_s', {}, 'mph'],
    ['ramp [kW/min]', 'power_kW', { rated_kW: 90 }, 'kW/min'],
  ])('%s under %s is refused', (heading, key, rated, unit) => {
    const said = refusal(quarters(heading), { [key]: heading, ...rated });
    expect(said).toMatch(/^w\.csv:1: /);
    expect(said).toContain(`is in ${unit}, data: says ${key}`);
  });

  it('is taken where the unit is the power, however it is written, and where a bracket is no unit', () => {
    for (const heading of ['P [MW] net of losses', 'day ahead [MWh/h]', 'output (park A)'])
      expect(values(read(quarters(heading), { power_MW: heading, rated_MW: 100 }))[0], heading).toBe(0.305);
  });
});

describe('a column that only describes a power, a wind or a sun', () => {
  it.each([
    'power factor [-]',
    'PowerFactor [p.u.]',
    'wind power density [W/m2]',
    'wind_gust [m/s]',
    'wind speed max [m/s]',
    'WindSpeedMin (m/s)',
    'longwave radiation [W/m2]',
    'LW_down [W/m2]',
    'sensible heat flux [W/m2]',
    'DHI [W/m2]',
    'power limit [kW]',
    'PowerLimit_kW',
    'power consumption [kW]',
    'Eigenverbrauch [kW]',
    'power losses [kW]',
    'installed power [MW]',
    'power availability [%]',
  ])('%s alone is asked for, and stands back beside the real one', heading => {
    expect(refusal(quarters(heading), { rated_kW: 100, rated_W_per_m2: undefined })).toMatch(
      /^w\.csv:1: .*is none to follow \(name it under data: if it is\)/,
    );
    const beside = table(`time_s,${heading},power_frac`, 60, i => `${i},0.9,0.${10 + (i % 7)}`);
    expect(values(read(beside)).slice(0, 3)).toEqual([0.1, 0.11, 0.12]);
  });

  it.each(['power 15 min mean [kW]', 'power_5min [kW]', 'Leistung (kW) 1-min', 'total power [kW]'])(
    '%s is a power',
    heading => {
      expect(values(read(quarters(heading), { rated_kW: 100 }))[0]).toBe(0.305);
    },
  );
});

describe('files that are common', () => {
  it('a header that ends in CR LF over rows that end in LF', () => {
    const text = `Zeit [s];Leistung [kW]\r\n${Array.from({ length: 90 }, (_, i) => `${i};2${i % 10},5`).join('\n')}\n`;
    expect(values(read(text, { rated_kW: 100 })).slice(0, 3)).toEqual([0.205, 0.215, 0.225]);
    const other = `Zeit [s];Leistung [kW]\n${Array.from({ length: 90 }, (_, i) => `${i};2${i % 10},5`).join('\r\n')}`;
    expect(values(read(other, { rated_kW: 100 })).slice(0, 3)).toEqual([0.205, 0.215, 0.225]);
  });

  it('keeps the line in messages where line ends are mixed', () => {
    const text = `time_s,power_frac\r\n${Array.from({ length: 90 }, (_, i) => `${i},${i === 40 ? 'x' : 0.3}`).join('\n')}\n`;
    expect(refusal(text)).toMatch(/^w\.csv:42: power_frac "x"/);
  });

  it('n/e of a transparency platform is no value', () => {
    const text = table('time_h,power [MW]', 6, i => `${i},${i === 2 ? 'n/e' : 40 + 10 * i}`);
    const profile = read(text, { rated_MW: 100, gaps: { interpolate_s: 7200 } });
    expect(values(profile)[7200]).toBeCloseTo(0.6, 9);
    expect(refusal(text, { rated_MW: 100 })).toMatch(/^w\.csv:4: gap in time/);
  });

  it('a clock without a date goes on over midnight, twice', () => {
    const text = table('clock,power_frac', 40, i => `${(21 + i) % 24}:00:00,0.${10 + i}`);
    const profile = read(text);
    expect([0, 3, 27, 39].map(h => values(profile)[h * 3600])).toEqual([0.1, 0.13, 0.37, 0.49]);
    expect(profile.done.join(' ')).toMatch(/past midnight 2 times/);
    expect(profile.done.join(' ')).not.toMatch(/1970/);
    const back = table('clock,power_frac', 9, i => `0${i === 5 ? 3 : i}:00:00,0.1`);
    expect(refusal(back)).toMatch(/^w\.csv:7: time goes back from 04:00:00 to 03:00:00/);
  });

  it('says that rows are not looked at where one a second is asked for', () => {
    const text = table('time_ms,power_frac', 9000, i => `${10 * i},${i % 100 < 50 ? 1 : 0}`);
    expect(values(read(text))[7]).toBe(0.5);
    for (const between of ['hold', 'linear'] as const)
      expect(read(text, { between }).done.join(' ')).toMatch(/looks at one row of 100 in each second/);
    const slow = table('time_s,power_frac', 90, i => `${2 * i},0.5`);
    expect(read(slow, { between: 'linear' }).done.join(' ')).not.toMatch(/looks at one row/);
  });
});

describe('messages that say what is the matter', () => {
  it('no value at the begin under a rule that is long enough', () => {
    const text = table('time_h,power [kW]', 24, i => `${i},${i < 6 ? '' : 50}`);
    const said = refusal(text, { rated_kW: 100, gaps: { hold_s: 50_000 } });
    expect(said).toMatch(/^w\.csv:2: .*from 0 s to 21600 s there is no value/);
    expect(said).toMatch(/none before it to hold .* expected a value in the first row/);
    expect(said).not.toMatch(/longer than/);
  });

  it('no value at the end to draw a line to', () => {
    const text = table('time_h,power [kW]', 24, i => `${i},${i > 20 ? '' : 50}`);
    const said = refusal(text, { rated_kW: 100, gaps: { interpolate_s: 50_000 } });
    expect(said).toMatch(/none behind it to draw a line to, expected gaps: \{ hold_s: N \} there/);
    expect(said).not.toMatch(/longer than/);
  });

  it('counts only the lines above a header that stands in a comment', () => {
    const text = `# made by a logger\n# time_s,power_frac\n${Array.from({ length: 90 }, (_, i) => `${i},0.5`).join('\n')}\n`;
    expect(read(text).done.join(' ')).not.toMatch(/above the header/);
  });

  it('offers every unit where a heading has none', () => {
    const text = table(
      'time,P',
      24,
      i => `202401${10 + Math.floor(i / 24)}:${String(i).padStart(2, '0')}10,${40 * i}`,
    );
    expect(refusal(text)).toMatch(/power_W, power_kW, power_MW, power_frac or power_pct: "P" under data:/);
  });
});
