import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseBench } from '../../../control/bench/bench-file.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';

const load = (path: string, hold: string, change = (text: string): string => text) =>
  parseBench(path, `${change(readFileSync(path, 'utf8'))}\nhold:\n  ${hold}\n`, describeDevice).bench.hold;
const PEM = 'examples/pem-500kw/bench.yaml';
const CELL = 'examples/cell-cycling/bench.yaml';

it('a point within limits loads', () => {
  const hold = load(PEM, 'stack.currentSet_A: { to: 400, ramp_per_s: 5 }');
  expect(hold).toEqual({ 'stack.currentSet_A': { to: 400, ramp_per_s: 5 } });
});

it.each([
  ['no set point', PEM, 'stack.current_A: { to: 1 }', /stack\.current_A is no set point of this bench/],
  [
    'beyond its limits',
    PEM,
    'stack.currentSet_A: { to: 1e6 }',
    /1000000 is outside its limits, expected 0\.\./,
  ],
  [
    'faster than the bench',
    PEM,
    'stack.currentSet_A: { to: 400, ramp_per_s: 1e6 }',
    /is faster than the bench, expected <= /,
  ],
  ['a switch', PEM, 'stack.outputSet_on: { to: 0 }', /no values between its states, expected a set point/],
  ['a cell', CELL, 'cell.currentSet_A: { to: 1 }', /expected none: a cell rests in a hold/],
])('refused with its line: %s', (_, path, hold, says) => {
  expect(() => load(path, hold)).toThrow(says);
  expect(() => load(path, hold)).toThrow(new RegExp(`^${path.replaceAll('.', '\\.')}:\\d+: `));
});

it('refused where an interlock acts at it', () => {
  const pressureHigh = "role: cathode.pressure_barg, trips: '>', limit: 35, rearm: 32";
  const stricter = (text: string): string =>
    text.replace(pressureHigh, pressureHigh.replace('35', '33').replace('32', '31'));
  const at = 'cathode.pressureSet_barg: { to: 33.5 }';
  expect(load(PEM, at)).toEqual({ 'cathode.pressureSet_barg': { to: 33.5 } });
  expect(() => load(PEM, at, stricter)).toThrow(/cathode-pressure-high.* acts at 33\.5 barg/);
});
