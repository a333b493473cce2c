import { describe, expect, it } from 'vitest';
import { type Entry, read, refusal, table, values } from './files.ts';

/** What declared rules do to steps, gaps, repeated rows and values out of range; without a rule such files are refused. */

const N = 100;
const rows = (skip: (i: number) => boolean, value = (i: number): string => String(i / 1000)): string =>
  table('time_s,power_frac', N, i => (skip(i) ? '' : `${i},${value(i)}`));
const counted = Array.from({ length: N }, (_, i) => i / 1000);

describe('steps', () => {
  const every = (step_s: number, n: number): string =>
    table('time_s,power_frac', n, i => `${i * step_s},${i / 10}`);

  it('longer than 1 s are held, or joined by straight lines', () => {
    const held = values(read(every(20, 4), { between: 'hold' }));
    expect(held).toEqual([0, 0.1, 0.2, 0.3].flatMap(v => Array(20).fill(v)));
    expect(values(read(every(20, 4)))).toEqual(held);
    const line = values(read(every(20, 4), { between: 'linear' }));
    expect(line.slice(0, 61)).toEqual(Array.from({ length: 61 }, (_, s) => Number((s / 200).toFixed(9))));
    // After the last value there is none to go to.
    expect(line.slice(61)).toEqual(Array(19).fill(0.3));
  });

  it('shorter than 1 s become the mean of each second, or its first value', () => {
    const tenHz = table('time_s,power_frac', 10 * N, i => `${(i / 10).toFixed(1)},${(i % 10) / 10}`);
    expect(values(read(tenHz))).toEqual(Array(N).fill(0.45));
    expect(values(read(tenHz, { between: 'hold' }))).toEqual(Array(N).fill(0));
    expect(read(tenHz).done.at(-1)).toBe(
      'rows every 0.1 s, brought to 1 s (mean: the mean of each second, values held in between)',
    );
  });

  it('that do not fit into seconds keep their energy as means', () => {
    const file = table('time_s,power_frac', 40, i => `${i * 2.5},${i / 100}`);
    const mean = values(read(file, { between: 'mean' }));
    expect(mean.length).toBe(100);
    expect(mean.slice(0, 5)).toEqual([0, 0, 0.005, 0.01, 0.01]);
    const sum = Array.from({ length: 40 }, (_, i) => (i / 100) * 2.5).reduce((a, b) => a + b);
    expect(mean.reduce((a, b) => a + b)).toBeCloseTo(sum, 9);
  });

  it('unsteady by some ms are said, and no value comes a second late', () => {
    const jitter = table(
      'time_s,power_frac',
      N,
      i => `${(i + [0, 0.003, -0.002][i % 3]).toFixed(3)},${i / 1000}`,
    );
    const profile = read(jitter);
    expect(values(profile)).toEqual(counted);
    expect(profile.done.at(-1)).toContain('rows every 1 s, unsteady by up to 0.005 s');
    const late = table('time_s,power_frac', N, i => `${i === 50 ? 50.5 : i},${i / 1000}`);
    expect(values(read(late))).toEqual(counted.with(50, 0.049));
    expect(read(late).done.at(-1)).toContain('unsteady by up to 0.5 s');
  });
});

describe('gaps', () => {
  const gap = rows(i => i > 10 && i < 15);

  it('are refused with both ends where no rule is declared', () => {
    expect(refusal(gap)).toBe(
      'w.csv:17: gap in time: from 10 s to 15 s there is no value (5 s, rows are 1 s apart), expected no gap (gaps: { hold_s: N } or { interpolate_s: N } under data: bridges them)',
    );
  });

  it('are held or filled by a straight line, up to the declared length', () => {
    const held = read(gap, { gaps: { hold_s: 5 } });
    expect(values(held)).toEqual(counted.map((v, i) => (i > 10 && i < 15 ? 0.01 : v)));
    expect(held.done.at(-1)).toBe('1 gap, 4 s together, the longest 5 s (line 17 first), held over');
    expect(values(read(gap, { gaps: { interpolate_s: 5 } }))).toEqual(counted);
    expect(refusal(gap, { gaps: { hold_s: 4 } })).toMatch(
      /^w\.csv:17: gap .*expected none longer than 4 s as declared/,
    );
  });

  it('are values that are not there, too', () => {
    for (const word of ['', 'NaN', 'n/a', 'null', '-', '#N/A']) {
      const text = rows(
        () => false,
        i => (i === 40 ? word : String(i / 1000)),
      );
      expect(refusal(text), word).toMatch(/^w\.csv:42: gap in time: from 39 s to 41 s there is no value/);
      expect(values(read(text, { gaps: { interpolate_s: 2 } })), word).toEqual(counted);
    }
    const numbered = rows(
      () => false,
      i => (i === 40 ? '-999' : String(i / 1000)),
    );
    expect(refusal(numbered)).toMatch(/^w\.csv:42: power_frac "-999", expected .*missing: \[...\]/);
    expect(values(read(numbered, { missing: [-999], gaps: { interpolate_s: 2 } }))).toEqual(counted);
  });

  it('at the begin and the end are not made up', () => {
    const late = rows(
      () => false,
      i => (i < 3 ? '' : '0.5'),
    );
    expect(refusal(late, { gaps: { hold_s: 60 } })).toMatch(/^w\.csv:2: gap in time: from 0 s to 3 s/);
    expect(values(read(late, { from: 3 })).length).toBe(N - 3);
    const early = rows(
      () => false,
      i => (i > 90 ? '' : '0.5'),
    );
    expect(refusal(early, { gaps: { interpolate_s: 60 } })).toMatch(
      /^w\.csv:93: gap in time: from 90 s to 100 s/,
    );
    expect(values(read(early, { gaps: { hold_s: 60 } })).length).toBe(N);
  });

  it('outside the part that is followed are no matter', () => {
    expect(
      values(
        read(
          rows(i => i > 80 && i < 85),
          {},
          60,
        ),
      ),
    ).toEqual(counted.slice(0, 60));
    expect(
      values(
        read(
          rows(i => i === 5),
          { from: 20 },
          70,
        ),
      ),
    ).toEqual(counted.slice(20, 90));
  });
});

describe('rows of the same time', () => {
  const twice = table('time_s,power_frac', N, i => `${i},${i / 1000}`).replace('\n50,', '\n50,0.04\n50,');
  it.each([
    ['first', 0.04],
    ['last', 0.05],
    ['mean', 0.045],
  ] as const)('%s is taken', (repeated, expected) => {
    const profile = read(twice, { repeated });
    expect(values(profile)).toEqual(counted.with(50, expected));
    expect(profile.done).toContain(`1 row with the time of the row before: ${repeated} taken`);
  });

  it('are refused without a rule', () => {
    expect(refusal(twice)).toBe(
      'w.csv:53: the time 50 s is repeated, expected each time once (repeated: first, last or mean under data: takes such rows)',
    );
  });
});

describe('values a little out of range', () => {
  const night = rows(
    () => false,
    i => (i === 30 ? '-0.004' : i === 31 ? '1.02' : '0.5'),
  );

  it('are refused, or set to the end of the range and counted', () => {
    expect(refusal(night)).toBe(
      'w.csv:32: power_frac "-0.004", expected a part of the rated power, 0..1 (outside: clip under data: takes it to the nearest of these)',
    );
    const profile = read(night, { outside: 'clip' });
    expect(profile.power_frac.slice(30, 32)).toEqual(Float64Array.of(0, 1));
    expect(profile.done).toContain('1 value below 0 set to it, the lowest -0.004 (line 32 first)');
    expect(profile.done).toContain('1 value above 1 set to it, the highest 1.02 (line 33 first)');
  });

  it('of a power are measured by the rated one', () => {
    const kW = table('time_s,power_kW', N, i => `${i},${i === 7 ? 512.5 : 300}`);
    expect(refusal(kW, { rated_kW: 500 })).toMatch(
      /^w\.csv:9: power_kW "512.5", expected a power of 0..500 kW/,
    );
    expect(read(kW, { rated_kW: 500, outside: 'clip' }).power_frac[7]).toBe(1);
    expect(refusal(kW)).toBe(
      'w.csv:1: power_kW is a power of up to 512.5 kW, and nothing says how much counts as 1, expected rated_kW under data:',
    );
  });

  it('far out are refused whatever is declared: lost points, other units, numbers for no value', () => {
    const clip: Entry = { outside: 'clip' };
    const bad = (header: string, cell: string, good: string): string =>
      table(header, N, i => `${i},${i === 50 ? cell : good}`);
    expect(refusal(bad('time_s,wind_speed_m_per_s', '4031', '4'), clip)).toMatch(
      /^w\.csv:52: wind_speed_m_per_s "4031", expected a wind speed of 0..60 m\/s \(a lost decimal point/,
    );
    expect(refusal(bad('time_s,power_frac', '95', '1'), clip)).toMatch(/^w\.csv:52: power_frac "95"/);
    expect(refusal(bad('time_s,power_frac', '-0.5', '0.95'), clip)).toMatch(/^w\.csv:52: power_frac "-0.5"/);
    expect(refusal(bad('time_s,G [W/m2]', '8050', '805'), { ...clip, rated_W_per_m2: 1000 })).toMatch(
      /^w\.csv:52: /,
    );
    expect(refusal(bad('time_s,power_kW', '4955', '495'), { ...clip, rated_kW: 500 })).toMatch(
      /^w\.csv:52: /,
    );
  });
});

describe('lost decimal points inside the range', () => {
  const wind = (i: number): string => (4 + Math.sin(i) / 10).toFixed(1);
  const lost = table('time_s,wind_speed_m_per_s', N, i => `${i},${i === 50 || i === 51 ? '42' : wind(i)}`);

  it('are found by the values beside them', () => {
    expect(refusal(lost)).toBe(
      `w.csv:52: wind_speed_m_per_s "42" between ${JSON.stringify(wind(49))} and ${JSON.stringify(wind(52))} has lost its decimal point, expected a value near them (lostPoints: keep under data: takes it as it stands)`,
    );
    expect(read(lost, { lostPoints: 'keep' }).done).toContain(
      '2 values that may have lost the decimal point kept (line 52 first)',
    );
  });

  it('are not seen in values that leap by themselves', () => {
    const small = table('time_s,power_pct', N, i => `${i},${i === 50 ? '2' : '0.2'}`);
    expect(values(read(small)).length).toBe(N);
    const gust = table('time_s,wind_speed_m_per_s', N, i => `${i},${i === 50 ? '12' : '4.1'}`);
    expect(values(read(gust)).length).toBe(N);
  });
});

describe('length', () => {
  const file = rows(() => false);
  it('is cut to what the method follows', () => {
    expect(values(read(file, {}, 70))).toEqual(counted.slice(0, 70));
  });
  it('that is too short is refused, or begins again', () => {
    expect(refusal(file, {}, 250)).toBe(
      'w.csv: 100 s in it (its last row stands for 1 s of them), expected at least 250 s: so long does the method follow it (repeat: on under data: begins again at its end)',
    );
    const profile = read(file, { repeat: true }, 250);
    expect(values(profile)).toEqual([...counted, ...counted, ...counted.slice(0, 50)]);
    expect(profile.done.at(-1)).toBe('after 100 s it begins again');
  });
});
