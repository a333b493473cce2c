import { describe, expect, it } from 'vitest';
import { decodeText } from '../../../drivers/contract/text-file.ts';
import { readFitData } from '../../../sim/fit/fit-data.ts';

/** Text exports in the layout of their makers: lines above the table, rows of units, encodings, decimal commas. */

const read = (text: string) => readFitData('z.txt', text);
const bytes = (text: string): Uint8Array => Uint8Array.from(text, c => c.charCodeAt(0));

/** Z of 20 mOhm before 10 mOhm beside 1 F: frequency, Re, -Im, modulus, phase. */
const POINTS = [1000, 100, 10, 1].map(f => {
  const w = 2 * Math.PI * f * 0.01;
  const re = 0.02 + 0.01 / (1 + w * w);
  const im = (-0.01 * w) / (1 + w * w);
  return { f, re, im, modulus: Math.hypot(re, im), phase: (Math.atan2(im, re) * 180) / Math.PI };
});
const comma = (value: number): string => String(value).replace('.', ',');

function expectSpectrum(text: string): void {
  const data = read(text);
  expect(data.kind).toBe('spectrum');
  expect([...(data.columns.get('frequency_Hz') ?? [])]).toEqual(POINTS.map(p => p.f));
  POINTS.forEach((p, i) => {
    expect(data.columns.get('re_Ohm')?.[i]).toBeCloseTo(p.re, 6);
    expect(data.columns.get('im_Ohm')?.[i]).toBeCloseTo(p.im, 6);
  });
}

const gamry = [
  'EXPLAIN',
  'TAG\tGALVEIS',
  'TITLE\tLABEL\tHybrid EIS\tTest &Identifier',
  'TIME\tLABEL\t10:04:28\tTime',
  'NOTES\tNOTES\t1\t&Notes...',
  '\tcell 3, 25 °C',
  'OCVCURVE\tTABLE\t2',
  '\tPt\tT\tVf\tVm\tAch',
  '\t#\ts\tV vs. Ref.\tV\tV',
  '\t0\t0.25\t3.7\t0\t0',
  '\t1\t0.5\t3.7\t0\t0',
  'ZCURVE\tTABLE',
  '\tPt\tTime\tFreq\tZreal\tZimag\tZsig\tZmod\tZphz\tIdc\tVdc\tIERange',
  '\t#\ts\tHz\tohm\tohm\tV\tohm\t°\tA\tV\t#',
  ...POINTS.map((p, i) =>
    ['', i, i + 3, p.f, p.re, p.im, 1, p.modulus, p.phase, 0.001, 3.7, 11].map(String).join('\t'),
  ),
].join('\r\n');

const bioLogic = [
  'EC-Lab ASCII FILE',
  'Nb header lines : 7                           ',
  '',
  'Galvano Electrochemical Impedance Spectroscopy',
  'Electrode surface area : 0,001 cm\u00b2',
  'Comments : für Zelle 3',
  'freq/Hz\tRe(Z)/Ohm\t-Im(Z)/Ohm\t|Z|/Ohm\tPhase(Z)/deg\ttime/s\t<Ewe>/V\t<I>/mA\tCs/\u00b5F\tEwe/V\t',
  ...POINTS.map(p => [p.f, p.re, -p.im, p.modulus, p.phase, 0, 3.7, 0, 1, 3.7].map(v => comma(v)).join('\t')),
].join('\r\n');

describe('a spectrum in the layout of', () => {
  it.each([
    ['Gamry .DTA', gamry],
    ['Gamry .DTA, ended early', `${gamry}\r\nEXPERIMENTABORTED\tTOGGLE\tT\tExperiment Aborted\r\n`],
    ['BioLogic .mpt with decimal commas', bioLogic],
    [
      'Zahner',
      `Sample: cell 3\nDate: 01.02.2026\n\nNumber\tFrequency/Hz\tImpedance/Ohm\tPhase/deg\tSignificance\n${POINTS.map((p, i) => `${i + 1}\t${p.f}\t${p.modulus}\t${p.phase}\t1.000`).join('\n')}`,
    ],
    [
      'Zahner, columns apart by blanks',
      `  Number   frequency/Hz   impedance/ohm   phase/deg\n${POINTS.map((p, i) => `   ${i + 1}   ${p.f}   ${p.modulus}   ${p.phase}`).join('\n')}`,
    ],
    [
      'ZPlot and ZView',
      `ZPLOT2 ASCII\n  Measured Data, ZPlot:  3.2c\n  Time:   11:04:34\n  Null Configuration:  0,3,0,1,300000,1\n  Freq(Hz)\tAmpl\tBias\tTime(Sec)\tZ'(a)\tZ''(b)\tGD\tErr\tRange\nEnd Comments\n${POINTS.map(p => `${p.f}\t0.01\t0\t2\t${p.re}\t${p.im}\t0\t0\t3`).join('\n')}`,
    ],
    [
      'ZView, commas between numbers',
      `  Freq(Hz)     Ampl     Bias     Time(Sec)     Z'(a)     Z''(b)     GD     Err     Range\nEnd Comments\n${POINTS.map(p => [p.f, 0.01, 0, 2, p.re, p.im, 0, 0, 3].join(', ')).join('\n')}`,
    ],
    [
      'ZView, names between one pair of quotes',
      `"Z60W Data File: Version 1.1"\n""\n0,2,0,1,0.1,10000\n4\n"  Freq (Hz)    Ampl     Bias   Time(Sec)   Z'(a)    Z''(b)    GD   Err   Range"\n${POINTS.map(p => [p.f, 0, 0, 0, p.re, p.im, 0, 0, 0].join(',')).join('\n')}`,
    ],
    [
      'Parstat, with a discharge before the sweep',
      `Potential (V)\tCurrent (A)\tElapsed Time (s)\tFrequency (Hz)\tZre (ohms)\tZim (ohms)\t|Vac| (V)\t\n3.4\t-0.1\t10\t0\t0\t0\t0\t\n${POINTS.map(p => [3.4, 0, 20, p.f, p.re, p.im, 0.01, ''].join('\t')).join('\n')}`,
    ],
    [
      'PowerSuite',
      `Frequency\t Zre\t Zimg\r\r\n${POINTS.map(p => [p.f, p.re, p.im].join('\t ')).join('\r\r\n')}`,
    ],
    [
      'CH Instruments',
      `Init E (V) = 0.2\nHigh Frequency (Hz) = 1e+5\n\nFreq/Hz, Z'/ohm, Z"/ohm, Z/ohm, Phase/deg\n\n${POINTS.map(p => [p.f, p.re, p.im, p.modulus, p.phase].join(', ')).join('\n')}`,
    ],
    [
      'a German table',
      `Messung 3\nFrequenz [Hz];Realteil [mΩ];Imaginärteil [mΩ]\n${POINTS.map(p => [p.f, 1000 * p.re, 1000 * p.im].map(v => comma(v)).join(';')).join('\n')}`,
    ],
    [
      'a German table of modulus and phase',
      `Frequenz in Hz;Betrag in Ohm;Phasenwinkel in °\n${POINTS.map(p => [p.f, p.modulus, p.phase].map(v => comma(v)).join(';')).join('\n')}`,
    ],
  ])('%s', (_, text) => expectSpectrum(text));

  it('says which lines and columns were left out', () => {
    expect(read(gamry).notes.join('; ')).toMatch(
      /12 lines above the header left out; columns: Freq as frequency_Hz, .*; columns left out: Pt, Time, Zsig, Idc, Vdc, IERange/,
    );
    expect(read(gamry).impedanceUnit).toBe('Ohm');
  });

  it('says what was left out below', () => {
    const more = 'CURVE\tTABLE\n\tPt\tT\tVf\tIm\n\t#\ts\tV vs. Ref.\tA\n\t0\t0\t3.7\t1\n\t1\t1\t3.8\t1';
    expect(read(`${gamry}\n${more}`).notes).toContain('5 lines below the table left out');
    const alone = read(more);
    expect([alone.kind, ...alone.columns.keys()]).toEqual([
      'series',
      'time_s',
      'cell.voltage_V',
      'cell.current_A',
    ]);
  });

  it('BioLogic with a count that is none is refused', () => {
    expect(() => read(bioLogic.replace('lines : 7', 'lines : 7000'))).toThrow(
      /^z\.txt:2: "Nb header lines : 7000 *", expected "Nb header lines : N"/,
    );
  });

  it('a wrong row below lines of an instrument is named by its own line', () => {
    const last = `${bioLogic}\r\n1,0\t2,0`;
    expect(() => read(last)).toThrow(/^z\.txt:12: 2 values, expected 10 as in the header/);
  });
});

describe('series and curves in German', () => {
  it('pulses of a cycler', () => {
    const data = read('Zeit [s];Spannung [V];Strom [mA]\n0,0;3,7;0\n0,5;3,6;-5000,5\n1,0;3,6;-5000,5');
    expect(data.kind).toBe('series');
    expect([...(data.columns.get('cell.current_A') ?? [])]).toEqual([0, -5.0005, -5.0005]);
  });

  it('a polarisation curve', () => {
    const data = read('Stromdichte [A/cm²];Zellspannung [V];Temperatur [°C]\n0,5;1,6;60\n1,0;1,7;60');
    expect(data.kind).toBe('curve');
    expect([...data.columns]).toEqual([
      ['current_A_per_cm2', Float64Array.of(0.5, 1)],
      ['cellVoltage_V', Float64Array.of(1.6, 1.7)],
      ['temperature_degC', Float64Array.of(60, 60)],
    ]);
  });
});

describe('the bytes of a file', () => {
  const text = 'Frequenz/Hz;Realteil/Ohm;Imaginärteil/Ohm\n1;2;3\n';
  const wide = (mark: boolean, big: boolean): Uint8Array => {
    const all = (mark ? `\uFEFF${text}` : text).split('').map(c => c.charCodeAt(0));
    return Uint8Array.from(all.flatMap(c => (big ? [c >> 8, c & 255] : [c & 255, c >> 8])));
  };

  it.each([
    ['UTF-8', new TextEncoder().encode(text)],
    ['UTF-8 with its mark', new TextEncoder().encode(`\uFEFF${text}`)],
    ['Latin-1', bytes(text)],
    ['UTF-16, little end first', wide(true, false)],
    ['UTF-16, big end first', wide(true, true)],
    ['UTF-16 without its mark', wide(false, false)],
  ])('in %s', (_, all) => expect(decodeText('z.txt', all).text).toBe(text));

  it.each([
    ['a picture', bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR')],
    ['a picture that begins as UTF-16 does', bytes('\xff\xfe\x01\0\x02\0\x03\0')],
  ])('of %s are refused', (_, all) =>
    expect(() => decodeText('z.txt', all).text).toThrow(/^z\.txt:\d+: the file is binary/),
  );
});
