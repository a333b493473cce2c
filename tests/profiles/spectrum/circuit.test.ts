import { describe, expect, it } from 'vitest';
import { FitError } from '../../../profiles/least-squares/fit-error.ts';
import { parseCircuit } from '../../../profiles/spectrum/circuit.ts';

/** Circuits as text, and the impedance of each element. */

describe('elements', () => {
  // By hand or with complex arithmetic of another language, 1 Hz, figures 0.1 and 0.2.
  it.each([
    ['R1', [0.1], 0.1, 0],
    ['C1', [0.1], 0, -1.5915494],
    ['L1', [0.1], 0, 0.6283185],
    ['CPE1', [0.1, 0.2], 6.585221, -2.139668],
    ['W1', [0.1], 0.03989423, -0.03989423],
    ['Wo1', [0.1, 0.2], 0.03300437, -0.08232867],
    ['Ws1', [0.1, 0.2], 0.08327519, -0.03338382],
  ])('%s', (text, values, re, im) => {
    const z = parseCircuit(text).impedance(2 * Math.PI, values);
    expect(z.re).toBeCloseTo(re, 6);
    expect(z.im).toBeCloseTo(im, 6);
  });

  it('diffusion of finite length ends at its resistance, in a finite space at a third of it beside a capacitance', () => {
    const omega = 1e-6;
    expect(parseCircuit('Ws1').impedance(omega, [2, 3]).re).toBeCloseTo(2, 6);
    const closed = parseCircuit('Wo1').impedance(omega, [2, 3]);
    expect(closed.re).toBeCloseTo(2 / 3, 6);
    expect(closed.im * omega).toBeCloseTo(-2 / 3, 6);
  });

  it('both are a Warburg line above their frequency', () => {
    const omega = 1e8;
    for (const text of ['Ws1', 'Wo1']) {
      const z = parseCircuit(text).impedance(omega, [2, 3]);
      expect(z.re / -z.im).toBeCloseTo(1, 6);
      expect(z.re * Math.sqrt(2 * 3 * omega)).toBeCloseTo(2, 5);
    }
  });
});

describe('circuits', () => {
  it('side by side and one behind the other, nested', () => {
    const circuit = parseCircuit(' R0 - p( R1 - p(R2,R3) , R4 ) ');
    expect(circuit.text).toBe('R0-p(R1-p(R2,R3),R4)');
    expect(circuit.figures.map(f => f.name)).toEqual(['R0', 'R1', 'R2', 'R3', 'R4']);
    // 1 + (2 + 4 || 4) || 4
    expect(circuit.impedance(1, [1, 2, 4, 4, 4]).re).toBeCloseTo(3, 12);
  });

  it('names the figures of elements with two', () => {
    expect(parseCircuit('L0-p(R1,CPE1)-Wo2').figures.map(f => f.name)).toEqual([
      'L0',
      'R1',
      'CPE1.Q',
      'CPE1.n',
      'Wo2.R',
      'Wo2.tau',
    ]);
  });

  it.each([
    [
      '',
      /character 1: found the end, expected p\( or one of R L C CPE W Ws Wo with its number, e\.g\. L0-R0/,
    ],
    ['R0-', /character 4: found the end/],
    ['R0-X1', /character 4: found "X1", expected p\( or one of R L C/],
    ['R0-R', /character 4: found "R"/],
    ['R0-p(R1)', /expected two or more parts side by side/],
    ['R0-p(R1,C1', /character 11: found the end, expected "," or "\)"/],
    ['R0-R0', /expected each name once, R0 stands twice/],
    ['R0)', /character 3: found "\)", expected "-" or the end/],
  ])('refuses %j', (text, says) => {
    expect(() => parseCircuit(text)).toThrow(FitError);
    expect(() => parseCircuit(text)).toThrow(says);
  });
});
