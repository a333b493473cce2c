import { describe, expect, it } from 'vitest';
import type { ShownSpectrum } from '../../control/view.ts';
import { spectraPictures } from '../../dashboards/report/spectra.ts';
import { voltammogramPictures } from '../../dashboards/report/voltammograms.ts';

/** A half circle of 2 mOhm behind 1 mOhm, as it is drawn. */
function halfCircle(name: string, change: Partial<ShownSpectrum> = {}): ShownSpectrum {
  const frequency_Hz = Array.from({ length: 41 }, (_, i) => 10 ** (4 - i / 10));
  const x = frequency_Hz.map(f => f / 100);
  return {
    name,
    state: 'whole',
    asked: 41,
    frequency_Hz,
    re_Ohm: x.map(v => 1e-3 + 2e-3 / (1 + v * v)),
    im_Ohm: x.map(v => (-2e-3 * v) / (1 + v * v)),
    kramersKronig: { passes: true, re_pct: x.map(() => 0.1), im_pct: x.map(() => -0.1) },
    relaxation: null,
    ...change,
  };
}

/** Pixels of the marks of a picture. */
const marks = (svg: string): { x: number; y: number }[] =>
  [...svg.matchAll(/<circle class="mark[^"]*" cx="([\d.]+)" cy="([\d.]+)" r="2.6"\/>/g)]
    .map(([, x, y]) => ({ x: Number(x), y: Number(y) }))
    .filter(({ y }) => y > 10);

describe('pictures of spectra', () => {
  it('none without spectra; three for up to four, named after them', () => {
    expect(spectraPictures([])).toEqual([]);
    const four = ['a', 'b', 'c', 'd'].map(name => halfCircle(name));
    expect(spectraPictures(four)).toHaveLength(3);
    const five = spectraPictures([...four, halfCircle('e')]);
    expect(five).toHaveLength(6);
    expect(five[3]).toContain('Nyquist');
    expect(five[3]).toContain('(2 of 2)');
    expect(five[0]).toContain('Re Z, mΩ');
  });

  it('a half circle is as wide as twice its height: both axes have one scale', () => {
    const [nyquist] = spectraPictures([halfCircle('a')]);
    const points = marks(nyquist);
    const width = Math.max(...points.map(p => p.x)) - Math.min(...points.map(p => p.x));
    const height = Math.max(...points.map(p => p.y)) - Math.min(...points.map(p => p.y));
    expect(points.length).toBe(41);
    expect(width / height).toBeGreaterThan(1.95);
    expect(width / height).toBeLessThan(2.05);
  });

  it('says of one that was cut short, and of one that does not obey the relations', () => {
    const failed = { passes: false, re_pct: [1], im_pct: [1] };
    const [nyquist, , kk] = spectraPictures([
      halfCircle('a', { state: 'cut short' }),
      halfCircle('b', { kramersKronig: failed }),
    ]);
    expect(nyquist).toContain('a (cut short)');
    expect(kk).toContain('not passed: b');
  });

  it('of one under way there is no test yet', () => {
    const early = halfCircle('a', { state: 'under way', kramersKronig: null });
    const pictures = spectraPictures([early]);
    expect(pictures).toHaveLength(2);
    expect(pictures[0]).toContain('a (under way)');
  });

  it('as wide as asked for, a half circle still one', () => {
    const [nyquist] = spectraPictures([halfCircle('a')], 520);
    expect(nyquist).toMatch(/viewBox="0 0 520 \d/);
    const points = marks(nyquist);
    const width = Math.max(...points.map(p => p.x)) - Math.min(...points.map(p => p.x));
    const height = Math.max(...points.map(p => p.y)) - Math.min(...points.map(p => p.y));
    expect(width / height).toBeCloseTo(2, 1);
    expect(Math.max(...points.map(p => p.x))).toBeLessThan(506);
  });

  it('relaxation times have a picture where they can be told, as gamma over falling times', () => {
    const relaxation = { tau_s: [1e-3, 1e-2, 1e-1], gamma_Ohm: [0, 1e-3, 0], peaks: [] };
    const pictures = spectraPictures([halfCircle('a', { relaxation }), halfCircle('b')]);
    expect(pictures).toHaveLength(4);
    expect(pictures[3]).toContain('distribution of relaxation times');
    expect(pictures[3]).toContain('ln τ, mΩ');
    expect(pictures[3]).not.toContain('>b<');
  });

  it('the phase of a capacitive arc is below 0', () => {
    const [, bode] = spectraPictures([halfCircle('a')]);
    expect(bode).toMatch(/>−\d+</);
    expect(bode).toContain('phase, °');
  });
});

it('voltammograms: current over potential, the last cycle full, those before it dashed', () => {
  expect(voltammogramPictures([])).toEqual([]);
  const way = [0, 0.1, 0.2, 0.1, 0];
  const [picture, ...more] = voltammogramPictures([
    {
      name: 'cv, rate 10',
      state: 'whole',
      asked: 10,
      points: 10,
      scan_count: [...way.map(() => 1), ...way.map(() => 2)],
      voltage_V: [...way, ...way],
      current_A: [...way, ...way].map((v, i) => 1e-2 * v + 1e-4 * i),
    },
  ]);
  expect(more).toEqual([]);
  for (const text of ['potential, V', 'current, mA', 'cv, rate 10', 'cycles before', 'dashed'])
    expect(picture).toContain(text);
  expect(picture).not.toContain('not measured');
  const set = { name: 'a', state: 'whole', asked: 5, points: 5, voltageIs: 'set' } as const;
  expect(
    voltammogramPictures([{ ...set, scan_count: way.map(() => 1), voltage_V: way, current_A: way }])[0],
  ).toContain('a, potential as set, not measured');
  // It ends where it begins, and is as wide as the picture all the same.
  const [, line = ''] = /<path class="line c0" d="(M[^"]+L[^"]+L[^"]+)"/.exec(picture) ?? [];
  const x = [...line.matchAll(/[ML]([\d.]+),/g)].map(([, at]) => Number(at));
  expect(Math.max(...x) - Math.min(...x)).toBeGreaterThan(700);
});
