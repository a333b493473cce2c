import { describe, expect, it } from 'vitest';
import { chooseCircuit } from '../../../profiles/spectrum/choose-circuit.ts';
import { readFitData } from '../../../sim/fit/fit-data.ts';
import { prepareSpectrum } from '../../../sim/fit/spectrum/prepare.ts';

/** Files for `fit` as instruments and people write them, and spectra that are less usual. */

const SWEEP = Array.from({ length: 50 }, (_, i) => 10 ** (4 - i / 8));
interface Z {
  readonly f: number;
  readonly re: number;
  readonly im: number;
}
/** 20 mOhm and an arc of 15 mOhm with 10 ms. */
const ARC: readonly Z[] = SWEEP.map(f => {
  const x = 2 * Math.PI * f * 0.01;
  return { f, re: 0.02 + 0.015 / (1 + x * x), im: (-0.015 * x) / (1 + x * x) };
});
const file = (header: string, row: (z: Z) => readonly number[], of = ARC): string =>
  [header, ...of.map(z => row(z).join(','))].join('\n');
const read = (text: string) => readFitData('s.csv', text);
const phase = ({ re, im }: Z): number => Math.atan2(im, re);
const deg = (rad: number): number => (rad * 180) / Math.PI;

describe('a spectrum', () => {
  it('with -im_Ohm among our names has its sign', () => {
    const data = read(file('frequency_Hz,re_Ohm,-im_Ohm', z => [z.f, z.re, -z.im]));
    expect(data.columns.get('im_Ohm')?.[10]).toBeCloseTo(ARC[10].im, 9);
    expect(data.notes.join()).toMatch(/-im_Ohm read as minus im_Ohm/);
  });

  it.each([
    ['frequency_Hz,modulus_Ohm,phase_deg', 1],
    ['frequency_Hz,modulus_Ohm,-phase_deg', -1],
    ['freq/Hz,|Z|/Ohm,Phase(Z)/deg', 1],
  ])('with radians under %s is asked', (header, sign) => {
    expect(() => read(file(header, z => [z.f, Math.hypot(z.re, z.im), sign * phase(z)]))).toThrow(
      /^s\.csv:1: .*phase.* at most, the modulus beside it changes as with \d+ degrees: radians\?; expected phase_rad/i,
    );
  });

  it('in degrees, in radians called so, and nearly without phase is taken', () => {
    const modulus = (z: Z): number => Math.hypot(z.re, z.im);
    for (const [name, of] of [
      ['phase_deg', deg],
      ['phase_rad', (rad: number): number => rad],
    ] as const) {
      const data = read(file(`frequency_Hz,modulus_Ohm,${name}`, z => [z.f, modulus(z), of(phase(z))]));
      expect(data.columns.get('im_Ohm')?.[20]).toBeCloseTo(ARC[20].im, 9);
    }
    // 1 mOhm of arc on 200: phases of a fraction of a degree are right.
    const flat = ARC.map(({ f, re, im }) => ({ f, re: 0.2 + (re - 0.02) / 15, im: im / 15 }));
    const data = read(
      file('frequency_Hz,modulus_Ohm,phase_deg', z => [z.f, modulus(z), deg(phase(z))], flat),
    );
    expect(data.columns.get('re_Ohm')?.[0]).toBeCloseTo(0.2, 3);
  });

  it('that scatters is not said to have passed', () => {
    const three = [1, 1.3, 0.75].flatMap(k => ARC.map(({ f, re, im }) => ({ f, re: k * re, im: k * im })));
    const ready = prepareSpectrum(read(file('frequency_Hz,re_Ohm,im_Ohm', z => [z.f, z.re, z.im], three)));
    expect([...ready.notes, ...ready.warnings].join()).not.toMatch(/: passed/);
    expect(ready.warnings.join()).toMatch(/scatter by \d+(\.\d+)? % of the modulus; nothing is passed/);
  });
});

describe('a circuit', () => {
  const chosen = (of: (s: Z, w: number) => { re: number; im: number }) => {
    const all = ARC.map(z => ({ f: z.f, ...of(z, 2 * Math.PI * z.f) }));
    return chooseCircuit({
      frequency_Hz: Float64Array.from(all, z => z.f),
      re: Float64Array.from(all, z => z.re),
      im: Float64Array.from(all, z => z.im),
    });
  };

  it('has a loop where the real part falls to low frequencies', () => {
    // 8 mOhm beside 0.02 H: 2.5 s.
    const fit = chosen(({ re, im }, w) => {
      const x = (w * 0.02) / 0.008;
      return { re: re + (0.008 * x * x) / (1 + x * x), im: im + (0.008 * x) / (1 + x * x) };
    });
    expect(fit.circuit.text).toBe('R0-p(R1,CPE1)-p(R2,L2)');
    expect(fit.values[4]).toBeCloseTo(0.008, 5);
    expect(fit.values[5]).toBeCloseTo(0.02, 4);
    expect(fit.rms_frac).toBeLessThan(1e-4);
  });

  it('has it also for an arc of a negative resistance', () => {
    const fit = chosen(({ re, im }, w) => {
      const x = w * 0.5;
      return { re: re - 0.006 / (1 + x * x), im: im + (0.006 * x) / (1 + x * x) };
    });
    expect(fit.circuit.text).toBe('R0-p(R1,CPE1)-p(R2,L2)');
    expect(fit.values[0]).toBeCloseTo(0.014, 5);
    expect(fit.values[4]).toBeCloseTo(0.006, 5);
  });

  it('has none where nothing asks for it', () => {
    expect(chosen(({ re, im }) => ({ re, im })).circuit.text).toBe('R0-p(R1,CPE1)');
  });
});

describe('a table', () => {
  it('may have empty lines, and keeps its line numbers', () => {
    const text = 'current_A,cellVoltage_V\n10,1.6\n\n20,1.7\n,\n30,1.8\n';
    expect([...(read(text).columns.get('current_A') ?? [])]).toEqual([10, 20, 30]);
    expect(read(text).lines).toEqual([2, 4, 6]);
    expect(() => read(text.replace('1.8', 'x'))).toThrow(/^s\.csv:6: cellVoltage_V "x"/);
    expect(() => read('current_A,cellVoltage_V\n\n\n,\n')).toThrow(/no rows under the header/);
  });

  it('of Maccor has Amps and Volts', () => {
    const data = read('Rec#\tTestTime (min)\tAmps\tVolts\n1\t0\t0\t3.7\n2\t0.5\t-2\t3.6\n3\t1\t-2\t3.58\n');
    expect([...(data.columns.get('time_s') ?? [])]).toEqual([0, 30, 60]);
    expect([...(data.columns.get('cell.voltage_V') ?? [])]).toEqual([3.7, 3.6, 3.58]);
    expect([...(data.columns.get('cell.current_A') ?? [])]).toEqual([0, -2, -2]);
  });

  it('of three electrodes has the voltage of the cell, or is refused', () => {
    const three =
      'time/s\tEwe/V\tEce/V\tEwe-Ece/V\t<I>/mA\n0\t3.8\t0.1\t3.7\t0\n1\t3.7\t0.1\t3.6\t-5\n2\t3.69\t0.1\t3.59\t-5\n';
    expect([...(read(three).columns.get('cell.voltage_V') ?? [])]).toEqual([3.7, 3.6, 3.59]);
    const two = 'time/s\tEwe/V\tEce/V\t<I>/mA\n0\t3.8\t0.1\t0\n1\t3.7\t0.1\t-5\n2\t3.69\t0.1\t-5\n';
    expect(() => read(two)).toThrow(/^s\.csv:1: Ewe\/V and Ece\/V are each against the reference, expected/);
    expect(read(two.replace(/\tEce\/V/, '\tnote')).columns.has('cell.voltage_V')).toBe(true);
  });
});

describe('a file of VersaStudio', () => {
  const HEAD =
    '<Application>\nVersion=2.60.6\n</Application>\n<Instrument>\nModel=PARSTAT\n</Instrument>\n<Experiment>\nDateAcquired=x\n</Experiment>\n<Action1>\nName=EIS\n</Action1>\n';
  const NAMES =
    'Definition=Segment #, Point #, E(V), I(A), Elapsed Time(s), Current Range, Status, E Applied(V), Frequency(Hz), E Real, E Imag, I Real, I Imag, Z Real, Z Imag, ActionId, AC Amplitude';

  it('has its impedance, steps of other kinds left out', () => {
    const rows = ARC.map(({ f, re, im }, i) => `1,${i},0.4,0.1,${i},5,0,0,${f},1,0,1,0,${re},${im},1,0.01`);
    const rest = '0,0,0.4,0.0,0,5,0,0,0,0,0,0,0,0,0,1,0';
    const text = `${HEAD}<Segment1>\nType=2\nVersion=1\n${NAMES}\n${rest}\n</Segment1>\n<Segment2>\nType=4\nVersion=1\n${NAMES}\n${rows.join('\n')}\n</Segment2>\n`;
    const data = readFitData('v.par', text);
    expect(data.kind).toBe('spectrum');
    expect(data.rows).toBe(ARC.length);
    expect(data.columns.get('im_Ohm')?.[7]).toBeCloseTo(ARC[7].im, 9);
    expect(data.columns.get('re_Ohm')?.[7]).toBeCloseTo(ARC[7].re, 9);
  });

  it('has a series where no impedance was measured', () => {
    const rows = [0, -2, -2, 0].map((i, k) => `0,${k},${3.7 + 0.02 * i},${i},${k},5,0,0,0,0,0,0,0,0,0,1,0`);
    const data = readFitData(
      'v.par',
      `${HEAD}<Segment1>\nType=2\nVersion=1\n${NAMES}\n${rows.join('\n')}\n</Segment1>\n`,
    );
    expect(data.kind).toBe('series');
    expect([...(data.columns.get('cell.current_A') ?? [])]).toEqual([0, -2, -2, 0]);
    expect(data.columns.get('cell.voltage_V')?.[1]).toBeCloseTo(3.66, 9);
  });

  it('with binary data says how to save it', () => {
    expect(() => readFitData('v.par', `${HEAD}<Data>\nxxx\n</Data>\n`)).toThrow(
      /^v\.par:1: .*its data are binary; expected it saved with the data format ASCII, or exported as text/,
    );
  });
});
