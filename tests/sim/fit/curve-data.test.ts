import { describe, expect, it } from 'vitest';
import { readFitData } from '../../../sim/fit/fit-data.ts';
import { fitPlant } from '../../../sim/fit/fit-plant.ts';
import { findPlant } from '../../../sim/plants.ts';

/** Polarisation curves whose columns are not what they are called. */

const PEM = findPlant('pem');
const STACK = { cells: 10, activeArea_cm2: 100, currentNominal_A: 200 };
const LOADS_A = [2, 5, 10, 20, 40, 80, 120, 160, 200];
const VOLTS = LOADS_A.map(
  current_A =>
    PEM.steadyCellVoltage_V?.(PEM.sets[0], { asr_Ohm_cm2: 0.15 }, STACK, {
      current_A,
      temperature_degC: 60,
      cathode_barg: 0,
      anode_barg: 0,
    }) ?? Number.NaN,
);

function fitOf(header: string, row: (current_A: number, cell_V: number) => readonly number[]) {
  const text = [header, ...LOADS_A.map((i, k) => row(i, VOLTS[k]).join(','))].join('\n');
  return fitPlant({
    model: PEM,
    set: PEM.sets[0],
    subject: STACK,
    at: { temperature_degC: 60 },
    parameters: {},
    names: ['asr_Ohm_cm2'],
    data: readFitData('c.csv', text),
  });
}

describe('a curve', () => {
  it.each([
    ['current_A,cellVoltage_V', (i: number, v: number) => [i, v]],
    ['current_A_per_cm2,cellVoltage_V', (i: number, v: number) => [i / 100, v]],
    ['current_mA_per_cm2,cellVoltage_mV', (i: number, v: number) => [10 * i, 1000 * v]],
    ['current_A,stackVoltage_V', (i: number, v: number) => [-i, 10 * v]],
  ])('%s gives the resistance that it was made with', (header, row) => {
    const fit = fitOf(header, row);
    expect(fit.estimates.estimates[0].value).toBeCloseTo(0.15, 5);
    expect(fit.warnings).toEqual([]);
  });

  it('a current out of the stack is turned, and it is said', () => {
    expect(fitOf('current_A,cellVoltage_V', (i, v) => [-i, v]).notes.join()).toMatch(
      /sign of current_A turned: positive is into the stack/,
    );
  });

  it('a density under the name of a current is refused', () => {
    expect(() => fitOf('current_A,cellVoltage_V', (i, v) => [i / 100, v])).toThrow(
      /^c\.csv:1: current_A ends at 2 A, 1 % of the nominal current; expected a column current_A_per_cm2 if it is A\/cm2/,
    );
  });

  it.each([
    [
      'current_A,cellVoltage_V',
      (i: number, v: number) => [i, 10 * v],
      /^c\.csv:2: cellVoltage_V 1\d\.\d+ is 1\d\.\d V a cell with one cell, expected 0\.5\.\.5 V; is it stackVoltage_V, or mV\?/,
    ],
    [
      'current_A,stackVoltage_V',
      (i: number, v: number) => [i, v],
      /stackVoltage_V 1\.\d+ is 0\.\d+ V a cell with 10 cells, .* is it cellVoltage_V/,
    ],
    ['current_A,cellVoltage_V', (i: number, v: number) => [i, 1000 * v], /is it stackVoltage_V, or mV/],
  ])('volts of no cell are refused: %s', (header, row, says) => {
    expect(() => fitOf(header, row)).toThrow(says);
  });
});
