import { expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** A method that leads to its end before its last step says so at once, with its reason. */

const REST = '- { rest: {}, for_s: 1 }';
const told = (steps: string): string[] =>
  new Bench(`${steps}\n${REST}`).go(30).told.lines.filter(line => line.startsWith('finishes'));

it.each([
  [
    'an exit of a step',
    '- { cc: { current_A: 1 }, for_s: 9, exits: [{ when: step.time_s > 3, then: finish }] }',
    ['finishes by cc: step.time_s > 3'],
  ],
  [
    'a deadline',
    '- { rest: {}, id: still, until: cell.voltage_V < 1, within_s: 5, otherwise: finish }',
    ['finishes by still (rest): deadline of 5 s passed without cell.voltage_V < 1'],
  ],
  [
    'an exit of a block',
    '- { repeat: { times: 9 }, exits: [{ when: cell.voltage_V > 1, then: finish }], steps: [{ rest: {}, for_s: 5 }] }',
    ['finishes by m.yaml:4: cell.voltage_V > 1'],
  ],
  [
    'a decision',
    '- { if: cell.voltage_V > 1, then: finish }',
    ['finishes by m.yaml:4: if cell.voltage_V > 1'],
  ],
  ['not of what goes on', '- { rest: {}, for_s: 9, exits: [{ when: step.time_s > 3, then: next }] }', []],
])('%s', (_, steps, expected) => expect(told(steps)).toEqual(expected));
