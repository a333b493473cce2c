import { describe, expect, it } from 'vitest';
import { planOf } from '../../../profiles/language/bench/plan.ts';
import { explainMethod } from '../../../profiles/language/explain/method.ts';
import { type ReadCalled, readWithCalls } from '../../../profiles/language/file/calls.ts';
import { layOut } from '../../../profiles/language/layout/lay-out.ts';
import { cell } from './benches.ts';

/** A default that the bench lacks matters only where a call leaves it to the default. */

const PROCEDURE = `procedure: hold
version: 2
parameters: { flow_NL_per_min: { default: bench.inertFlow_NL_per_min, doc: N2 }, time_min: 1 }
steps:
- { set: { n2.flow_NL_per_min: flow_NL_per_min } }
- { rest: {}, for_min: time_min }
`;
const find: ReadCalled = name => (name === 'hold.yaml' ? { path: name, text: PROCEDURE } : undefined);

function all(steps: string): void {
  const files = readWithCalls('m.yaml', `method: m\nversion: 2\nsteps:\n${steps}`, find);
  layOut(files, cell, find);
  explainMethod(planOf(files, cell, find), cell, new Map(), () => undefined);
}

describe('a figure behind a default that this bench does not have', () => {
  it.each([
    ['- { call: hold.yaml, with: { flow_NL_per_min: 5 } }'],
    ['- { call: hold.yaml, with: { flow_NL_per_h: 300 } }'],
    [
      '- { call: hold.yaml, with: { flow_NL_per_min: 5 } }\n- { call: hold.yaml, with: { flow_NL_per_min: 6, time_min: 2 } }',
    ],
  ])('is not asked for where every call gives the value: %s', steps => {
    expect(() => all(steps)).not.toThrow();
  });

  it.each([
    ['- { call: hold.yaml }'],
    ['- { call: hold.yaml, with: { time_min: 2 } }'],
    ['- { call: hold.yaml, with: { flow_NL_per_min: 5 } }\n- { call: hold.yaml }'],
  ])('is refused where one call leaves it to the default: %s', steps => {
    expect(() => all(steps)).toThrow(/hold\.yaml:3:\d+: .*bench\.inertFlow_NL_per_min/);
  });
});
