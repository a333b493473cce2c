import { describe, expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** A loop that something leads out of before its last round is through says which rounds were not done, and why. */

const told = (steps: string): string[] =>
  new Bench(`${steps}\n- { rest: {}, for_s: 1 }`)
    .go(120)
    .told.lines.filter(line => line.startsWith('left ') || line.startsWith('finishes '));

const EACH = '- each: { i_A: [1, 2, 3] }\n  steps:';
const REPEAT = '- repeat: { times: 3 }\n  steps:';
const STEP = 'cc: { current_A: 1 }, for_s: 5';
const LEAVES = 'exits: [{ when: cell.current_A > 1.5, then: leave }]';
const SECOND = 'round.count > 1 and step.time_s > 2';
const BY = `by exit of cc: ${SECOND}`;

describe('told', () => {
  it.each([
    [
      'an exit of a step of an each',
      `${EACH}\n  - { cc: { current_A: i_A }, for_s: 5, ${LEAVES} }`,
      ['left each m.yaml:4 in 2 of 3 by exit of cc: cell.current_A > 1.5'],
    ],
    [
      'an exit of a step of a repeat',
      `${REPEAT}\n  - { ${STEP}, exits: [{ when: ${SECOND}, then: leave }] }`,
      [`left repeat m.yaml:4 in 2 of 3 ${BY}`],
    ],
    [
      'a deadline',
      `${EACH}\n  - { ${STEP.replace(', for_s: 5', '')}, id: up, until: cell.voltage_V > 9, within_s: 5, otherwise: leave }`,
      [
        'left each m.yaml:4 in 1 of 3 by deadline of up (cc): deadline of 5 s passed without cell.voltage_V > 9',
      ],
    ],
    [
      'a decision',
      `${EACH}\n  - { ${STEP} }\n  - { if: cell.current_A > 0, then: leave }`,
      ['left each m.yaml:4 in 1 of 3 by decision of m.yaml:7: if cell.current_A > 0'],
    ],
    [
      'a way to a later step',
      `${EACH}\n  - { ${STEP}, exits: [{ when: step.time_s > 2, then: goto last }] }\n- { rest: {}, for_s: 1 }\n- { rest: {}, id: last, for_s: 1 }`,
      ['left each m.yaml:4 in 1 of 3 by exit of cc: step.time_s > 2'],
    ],
    [
      'an exit of the loop itself',
      `- { repeat: { times: 3 }, exits: [{ when: block.time_s > 7, then: next }], steps: [{ ${STEP} }] }`,
      ['left repeat m.yaml:4 in 2 of 3 by exit of m.yaml:4: block.time_s > 7'],
    ],
    [
      'a deadline of the loop itself',
      `- { repeat: { times: 3 }, within_s: 7, otherwise: next, steps: [{ ${STEP} }] }`,
      ['left repeat m.yaml:4 in 2 of 3 by deadline of m.yaml:4: deadline of 7 s passed'],
    ],
    [
      'a block around the loop',
      `- exits: [{ when: block.time_s > 7, then: next }]\n  steps:\n  - { each: { i_A: [1, 2, 3] }, steps: [{ ${STEP} }] }`,
      ['left each m.yaml:6 in 2 of 3 by exit of m.yaml:5: block.time_s > 7'],
    ],
    [
      'of an each also its own normal end',
      `- { each: { i_A: [1, 2, 3] }, until: cell.current_A > 1.5, steps: [{ cc: { current_A: i_A }, for_s: 5 }] }`,
      ['left each m.yaml:4 in 2 of 3 by until of m.yaml:4: cell.current_A > 1.5'],
    ],
    [
      'steps of the last round',
      `${EACH}\n  - { cc: { current_A: i_A }, for_s: 5, exits: [{ when: cell.current_A > 2.5, then: leave }] }\n  - { let: { v_V: cell.voltage_V } }`,
      ['left each m.yaml:4 in 3 of 3 by exit of cc: cell.current_A > 2.5'],
    ],
    [
      'of two loops the outer one',
      `- repeat: { times: 2 }\n  exits: [{ when: block.time_s > 7, then: next }]\n  steps:\n  - { each: { i_A: [1, 2, 3] }, steps: [{ ${STEP} }] }`,
      ['left repeat m.yaml:4 in 1 of 2 by exit of m.yaml:4: block.time_s > 7'],
    ],
    [
      'a step in a list side by side, of the loop around',
      `${EACH}\n  - together:\n    - [{ ${STEP}, exits: [{ when: step.time_s > 2, then: leave }] }]\n    - [{ wait: {}, for_s: 9 }]`,
      ['left each m.yaml:4 in 1 of 3 by exit of cc: step.time_s > 2'],
    ],
  ])('%s', (_, steps, expected) => expect(told(steps)).toEqual(expected));
});

describe('not told', () => {
  it.each([
    ['all rounds', `${EACH}\n  - { ${STEP} }`],
    [
      'a repeat that ends by its own condition',
      `- { repeat: { times: 3 }, until: block.time_s > 7, steps: [{ ${STEP} }] }`,
    ],
    ['a repeat that ends by its own time', `- { repeat: { times: 3 }, for_s: 7, steps: [{ ${STEP} }] }`],
    [
      'a repeat while something holds',
      `- { repeat: { times: 3, while: round.count < 2 }, steps: [{ ${STEP} }] }`,
    ],
    ['an exit to the next step', `${EACH}\n  - { ${STEP}, exits: [{ when: step.time_s > 2, then: next }] }`],
    [
      'an exit out of the last step of the last round',
      `${EACH}\n  - { cc: { current_A: i_A }, for_s: 5, exits: [{ when: cell.current_A > 2.5, then: leave }] }`,
    ],
    [
      'an exit of a group in the loop',
      `${EACH}\n  - { steps: [{ ${STEP}, exits: [{ when: step.time_s > 2, then: leave }] }] }`,
    ],
    ['a run that stops', `${EACH}\n  - { ${STEP}, exits: [{ when: step.time_s > 2, then: stop }] }`],
    [
      'a longer list beside the leading one',
      `- together:\n  - [{ wait: {}, for_s: 7 }]\n  - [{ repeat: { times: 3 }, steps: [{ ${STEP} }] }]`,
    ],
  ])('%s', (_, steps) => expect(told(steps)).toEqual([]));

  it('finish, which is told as such', () => {
    const steps = `${EACH}\n  - { ${STEP}, exits: [{ when: step.time_s > 2, then: finish }] }`;
    expect(told(steps)).toEqual(['finishes by cc: step.time_s > 2']);
  });
});

it('a loop that was left before its program began anew is not told again', () => {
  const run = new Bench(
    `${EACH}\n  - { cc: { current_A: i_A }, for_s: 5, ${LEAVES} }\n- { rest: {}, for_s: 9 }`,
  );
  run.go(8);
  run.cut();
  run.go(20);
  expect(run.told.lines.filter(line => line.startsWith('left '))).toHaveLength(1);
});
