import { describe, expect, it } from 'vitest';
import { heldInCut } from '../../../../profiles/language/run/actions/how-held.ts';
import type { MethodState } from '../../../../profiles/language/run/method-state.ts';
import { Bench } from './fake-cell.ts';
import { HalfCell, ROLE } from './fake-half-cell.ts';

/** How well software held a potential is told however its step ends, once for each stretch that it was held in. */

const OWN = `cccv: { current_A: 10, ${ROLE}: 0.05 }`;
const STEP = `- ${OWN}\n  for_min: 5`;
const RECOVER = 'then: suspend, recover: { back: cell.voltage_V < 1, for_s: 5, within_min: 1, at_most: 1 }';
const NEVER = `- { ${OWN}, for_min: 5, resume: never }`;
const REENTRY = `phases:\n- { name: charge, reentry: [{ wait: {}, for_min: 1 }], steps: [{ ${OWN}, for_min: 5 }] }`;

interface Ending {
  readonly what: string;
  readonly steps?: string;
  /** The whole file behind its head. */
  readonly body?: string;
  /** What the step has been through, from 60 s on. */
  readonly ends?: (run: Bench, cell: HalfCell) => void;
  readonly stretches?: number;
}

const endings: readonly Ending[] = [
  { what: 'its time', ends: run => run.go(300) },
  { what: 'its condition', steps: `- { ${OWN}, until: step.time_s > 100, within_min: 5 }` },
  {
    what: 'an exit that stops',
    steps: `- { ${OWN}, for_min: 5, exits: [{ when: step.time_s > 100, then: stop }] }`,
  },
  {
    what: 'an exit to the next step',
    steps: `- { ${OWN}, for_min: 5, exits: [{ when: step.time_s > 100, then: next }] }`,
  },
  { what: 'its deadline', steps: `- { ${OWN}, until: cell.voltage_V > 9, within_s: 100 }` },
  {
    what: 'a deadline that trips',
    steps: `- { ${OWN}, until: cell.voltage_V > 9, within_s: 100, otherwise: trip }`,
  },
  {
    what: 'a limit that stops',
    steps: `${STEP}\n  limits: [{ when: step.time_s > 100, then: stop }]`,
  },
  {
    what: 'a limit that trips',
    steps: `${STEP}\n  limits: [{ when: step.time_s > 100, then: trip }]`,
  },
  {
    what: 'a block around it',
    steps: `- { steps: [{ ${OWN}, for_min: 5 }], until: block.time_s > 100, within_min: 9 }`,
  },
  {
    what: 'the leading list beside it',
    steps: `- together: [[{ wait: {}, for_s: 100 }], [{ ${OWN}, for_min: 5 }]]`,
  },
  {
    what: 'a failure of its own',
    ends: (run, cell) => [Object.assign(cell, { isSilent: true }), run.go(60)],
  },
  {
    what: 'a set point that is refused',
    steps: `- together: [[{ ${OWN}, for_min: 5 }], [{ wait: {}, for_s: 100 }, { set: { chamber.temperature_degC: 101 } }]]`,
  },
  { what: 'a person who skips it', ends: run => run.run.skip(run.env.t_s, 'a person') },
  { what: 'a person, or a trip of the bench', ends: run => run.run.cancel(run.env.t_s, 'operator') },
  {
    what: 'a trip in a hold',
    ends: run => [run.hold(30, false), run.run.cancel(run.env.t_s, 'an interlock')],
  },
  {
    what: 'a suspension that runs out',
    steps: `${STEP}\n  limits: [{ when: step.time_s > 50, ${RECOVER} }]`,
    ends: run => [run.hold(30, false, []), run.run.cancel(run.env.t_s, 'not back')],
  },
  {
    what: 'a hold from which its output does not come back',
    ends: (run, cell) => [run.hold(30), Object.assign(cell, { delay_s: 1e6 }), run.go(300)],
  },
  {
    what: 'a trip while its gate is shut',
    steps: `- { ${OWN}, for_min: 5, within_h: 1, gate: step.time_s < 50 }`,
    ends: run => [run.go(60), run.run.cancel(run.env.t_s, 'an interlock')],
  },
  { what: 'a cut, never taken up', steps: NEVER, ends: run => [run.cutOff(60), run.go(1)] },
  { what: 'a cut, and gone on', ends: run => [run.cutOff(60), run.go(300)], stretches: 2 },
  {
    what: 'a cut, and begun again',
    steps: `- { ${OWN}, for_min: 5, resume: again }`,
    ends: run => [run.cutOff(60), run.go(400)],
    stretches: 2,
  },
  {
    what: 'a trip on the way back after a cut',
    body: REENTRY,
    ends: run => [run.cutOff(60), run.go(30), run.run.cancel(run.env.t_s, 'an interlock')],
  },
  {
    what: 'a trip after its program began anew',
    ends: run => [run.cut(), run.go(30), run.run.cancel(run.env.t_s, 'an interlock')],
  },
];

const told = (cell: HalfCell): string[] => cell.notes.filter(text => text.includes('by software'));

describe.each(endings)('ended by $what', ({ steps = STEP, body, ends, stretches = 1 }) => {
  it(`tells how well it was held, ${stretches} in all`, () => {
    const cell = new HalfCell(true);
    const text = `method: m\nversion: 2\n${body ?? `steps:\n${steps}\n- { wait: {}, for_s: 1 }`}\n`;
    const run = new Bench('', { env: cell, text });
    run.go(60);
    if (ends === undefined) run.go(240);
    else ends(run, cell);
    const found = told(cell);
    expect(found).toHaveLength(stretches);
    for (const text of found) expect(text).toMatch(/rms deviation [\d.]+ mV/);
    // Once: nothing that comes after it tells it again.
    run.run.cancel(cell.t_s, 'later');
    expect(told(cell)).toHaveLength(stretches);
  });
});

const cuts: readonly Ending[] = [
  { what: 'in its step' },
  { what: 'in a hold', ends: run => run.hold(30, false) },
  {
    what: 'behind a shut gate, where all was told',
    steps: `- { ${OWN}, for_min: 5, within_h: 1, gate: step.time_s < 50 }`,
  },
  {
    what: 'in lists side by side',
    steps: `- together: [[{ wait: {}, for_min: 5 }], [{ ${OWN}, for_min: 5 }]]`,
  },
  { what: 'on the way back after a cut', body: REENTRY, ends: run => [run.cutOff(60), run.go(30)] },
  { what: 'after it went on', ends: run => [run.cutOff(60), run.go(60)] },
  { what: 'after an end of its own', ends: run => run.run.cancel(run.env.t_s, 'operator') },
];

describe.each(cuts)('cut off $what, and nobody goes on', ({ steps = STEP, body, ends }) => {
  it('what it remembers tells it in the same words as an end does', () => {
    const cell = new HalfCell(true);
    const text = `method: m\nversion: 2\n${body ?? `steps:\n${steps}\n- { wait: {}, for_s: 1 }`}\n`;
    const run = new Bench('', { env: cell, text });
    run.go(60);
    ends?.(run, cell);
    const saved = JSON.parse(JSON.stringify(run.run.state())) as MethodState;
    const before = told(cell).length;
    run.run.cancel(cell.t_s, 'a person');
    expect(heldInCut(saved).map(one => one.text)).toEqual(told(cell).slice(before));
  });
});

it('an end before anything was read claims no potential', () => {
  const cell = new HalfCell(true);
  cell.delay_s = 2;
  const run = new Bench(STEP, { env: cell });
  run.go(1);
  run.run.cancel(cell.t_s, 'operator');
  expect(told(cell)).toEqual([expect.stringContaining('it was never read')]);
});

it('what an output fell short of is told in all, also where the run ends from outside', () => {
  const run = new Bench('- { cc: { current_A: 1 }, for_min: 5 }');
  const { env } = run;
  const { value } = env;
  env.value = role => (role === 'cell.current_A' ? 0.2 : value.call(env, role));
  run.go(60);
  run.run.cancel(env.t_s, 'operator');
  expect(env.notes.at(-1)).toMatch(/cell\.current_A is 0\.2 A where 1 A is asked, for 5\d s in all/);
});
