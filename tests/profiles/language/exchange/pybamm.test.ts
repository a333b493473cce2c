import { describe, expect, it } from 'vitest';
import { methodOf, once, refusal } from './convert-once.ts';
import { EXPERIMENTS } from './experiments.ts';

/** PyBaMM experiments both ways. */

const stepsOf = (yaml: string): readonly string[] => {
  const lines = yaml.trimEnd().split('\n');
  return lines.slice(lines.indexOf('steps:') + 1).map(line => line.slice(2));
};
/** What stands in `pybamm.Experiment(...)`, in one line. */
const argumentsOf = (python: string): string => {
  const inside = /pybamm\.Experiment\(([\s\S]*),\s*\)\s*$/.exec(python)?.[1] ?? '';
  return inside.replaceAll(/\s+/g, ' ').replaceAll(/\[ /g, '[').replaceAll(/, ?\]/g, ']').trim();
};

describe('experiments', () => {
  it('are 30 or more', () => expect(EXPERIMENTS.length).toBeGreaterThanOrEqual(30));

  it.each(EXPERIMENTS)('$what: is read as it is meant', ({ python, ours }) => {
    const read = once('e.py', `import pybamm\nexperiment = pybamm.Experiment(${python})\n`, {});
    expect(read.from).toBe('pybamm');
    expect(stepsOf(read.text)).toEqual(ours);
  });

  it.each(EXPERIMENTS)('$what: comes back', ({ python, back }) => {
    const read = once('e.py', `pybamm.Experiment(${python})`, {});
    const written = once('e.yaml', read.text, { to: 'pybamm' });
    expect(argumentsOf(written.text)).toBe(back ?? python);
    // And what was written is read as the same again.
    expect(stepsOf(once('e.py', written.text, {}).text)).toEqual(
      stepsOf(read.text).map(line => line.replace('for_s: 60 }', 'for_min: 1 }')),
    );
  });

  it('a period of all is a rule of the file', () => {
    const { text } = once('e.py', 'pybamm.Experiment(["Rest for 1 hour"], "2 minutes")', {});
    expect(text).toMatch(/^record: { every_min: 2 }$/m);
  });
});

describe('ways to write them down', () => {
  const same = [`- { cc: { current_C: 1 }, for_h: 1 }`, '- { rest: {}, for_min: 5 }'];
  it.each([
    ['a sentence a line', 'Charge at 1 C for 1 hour\n\n# a comment\nRest for 5 minutes # and one\n'],
    ['a list alone', "['Charge at 1 C for 1 hour', 'Rest for 5 minutes',]"],
    [
      'names and imports',
      'import pybamm as pb\nfrom x import y\ns = ["Charge at 1 C for 1 hour"]\nt = s + ["Rest for 5 minutes"]\ne = pb.Experiment(t)\n',
    ],
    [
      'nothing for what is not said',
      'pybamm.Experiment(["Charge at 1 C for 1 hour", "Rest for 5 minutes"], period=None, termination=None)',
    ],
  ])('%s', (_, text) => expect(stepsOf(once('e.py', text, {}).text)).toEqual(same));

  it('what the text says may stand beside it as well', () => {
    const text = 'pybamm.step.string("Charge at 1 C for 1 hour or until 4.2 V (10 second period)"';
    const beside = 'duration="60 minutes", termination="4.2V", period=10';
    expect(stepsOf(once('e.py', `[${text}, ${beside})]`, {}).text)).toEqual(
      stepsOf(once('e.py', `[${text})]`, {}).text),
    );
  });

  it.each([
    '["Charge at 1 C until 4.2 V", "Discharge at 1 C until 4.1 V"]',
    '["Discharge at 1 C until 3 V", "Discharge at C/10 until 3 V"]',
    '["Charge at 1 C for 1 hour or until 3.9 V", "Discharge at 1 C until 4 V"]',
    '["Discharge at 1 C until 3 V", "Hold at 3 V until C/20", "Charge at 1 C until 4.2 V"]',
    '[("Discharge at 1 C until 3 V", "Charge at 1 C until 4.2 V")] * 3',
  ])('an end that is ahead, or of which nobody knows: %s', text => {
    expect(once('e.py', text, {}).text).not.toContain('true at once');
  });

  it.each([
    [
      '["Charge at 1 C until 4.2 V", "Rest for 1 hour", "Discharge at 1 C until 4.5 V"]',
      'Discharge until 4.5 V: true at once, the steps before it lead to 4.2 V, expected an end below that',
    ],
    [
      '["Charge at 1 C until 4.1 V", "Hold at 4.2 V until C/20", "Discharge at 1 C for 1 hour or until 4.2 V"]',
      'Discharge until 4.2 V: true at once, the steps before it lead to 4.2 V, expected an end below that',
    ],
    [
      'Discharge at 1 C until 3.5 V\nCharge at 1 C until 3.4 V',
      'Charge until 3.4 V: true at once, the steps before it lead to 3.5 V, expected an end above that',
    ],
  ])('a comment says of an end that it is true at once: %s', (text, says) => {
    const lines = once('e.py', text, {}).text.trimEnd().split('\n');
    expect(lines.at(-2)?.trim()).toBe(`# ${says}`);
  });

  it('lists times 1 are no loop', () => {
    expect(stepsOf(once('e.py', '["Rest for 1 hour"] * 1', {}).text)).toEqual(['- { rest: {}, for_h: 1 }']);
  });

  it('a loop whose rounds end at another temperature sets it in each', () => {
    const step = (t: number): string => `pybamm.step.string("Rest for 1 hour", temperature="${t} oC")`;
    const text = `[${step(25)}] + [(${step(25)}, ${step(45)})] * 3`;
    const { text: ours } = once('e.py', text, {});
    expect(stepsOf(ours).filter(line => line.includes('chamber'))).toHaveLength(3);
    const back = argumentsOf(once('e.yaml', ours, { to: 'pybamm' }).text);
    expect(back).toBe(`[${step(25)}] + [(${step(25)}, ${step(45)},)] * 3`);
  });
});

const REFUSED: readonly (readonly [what: string, text: string, says: RegExp])[] = [
  ['no end', '["Charge at 1 C"]', /^e.py:1:2: no end \(for, until\)/],
  ['two ends in a sentence', '["Charge at 1 C until 4 V until 1 A"]', /until stands twice/],
  ['two times', '["Rest for 1 hour for 1 hour"]', /for stands twice/],
  [
    'no instruction',
    '[\n"Rest for 1 hour",\n"Chrage at 1 C for 1 hour"]',
    /^e.py:3:1: "Chrage at 1 C" is no instruction/,
  ],
  ['small letters', 'charge at 1 C for 1 hour', /^e.py:1:1: "charge at 1 C" is no instruction/],
  ['a unit that is none', '["Charge at 1 kA for 1 hour"]', /"1 kA" is no value/],
  ['a rate by nothing', '["Charge at C/0 for 1 hour"]', /"C\/0" is no rate/],
  ['a time that is none', '["Rest for 1 day"]', /"1 day" is no time/],
  ['no time at all', '["Rest for 0 hours"]', /"0 hours" is no time/],
  ['an end by power', '["Charge at 1 A until 3 W"]', /ends by V, A or C/],
  ['a held current', '["Hold at 1 A for 1 hour"]', /Hold is for a voltage/],
  ['a charge at a voltage', '["Charge at 4 V for 1 hour"]', /expected Hold at a voltage/],
  ['a charge by a resistance', '["Charge at 4 Ohm for 1 hour"]', /expected Discharge into/],
  ['a hold until a voltage that never ends it', '["Hold at 4 V until 4.1 V"]', /4.1 V has no direction/],
  ['a rest until a voltage', '["Rest for 1 hour or until 3 V"]', /3 V has no direction/],
  ['a current with a sign', '["Hold at 4 V until < 1 A"]', /a current with < or >/],
  [
    'a temperature in K that no chamber has',
    'pybamm.Experiment(["Rest for 1 hour"], temperature=25)',
    /^e.py:1:52: 25 is in K there, which is -248.15 degC, expected "25 oC" or 298.15/,
  ],
  ['a temperature in the text', '["Rest for 1 hour at 25 oC"]', /stands beside the text/],
  [
    'an end of the whole',
    'pybamm.Experiment(["Rest for 1 hour"], termination="80% capacity")',
    /^e.py:1:52: termination ends/,
  ],
  ['a start time', '[pybamm.step.rest("1 hour", start_time=1)]', /start_time cannot be said/],
  ['a drive cycle', 'pybamm.Experiment([pybamm.step.current(x, duration=1)])', /x has no value here/],
  ['an array', '[pybamm.step.current([[0, 1]], duration=1)]', /is no number: loads that change/],
  ['a function that is none', '[pybamm.step.custom(1)]', /custom is not known/],
  [
    'temperatures on some steps only',
    '[pybamm.step.rest("1 hour", temperature=300), "Rest for 1 hour"]',
    /^e.py:1:47: has no temperature after one that has/,
  ],
  ['an open bracket', '["Rest for 1 hour"', /^e.py:1:1: is never closed/],
  [
    'two experiments',
    'a = pybamm.Experiment(["Rest for 1 s"])\nb = pybamm.Experiment(["Rest for 2 s"])',
    /^e.py:2:5: a second experiment/,
  ],
  [
    'steps that are put together by running',
    's = []\ns.append("Rest for 1 s")\npybamm.Experiment(s)',
    /no step, expected an experiment/,
  ],
  ['code', '["Rest for 1 hour" for i in range(3)]', /expected a comma or \]/],
  ['other letters', '["Rest for 1 hour"] @ 3', /found "@"/],
  ['times a part', '["Rest for 1 hour"] * 1.5', /expected a list times a whole number/],
  [
    'a direction twice',
    '["Discharge at -1C until 2.5 V"]',
    /^e.py:1:2: Discharge at a negative value, expected one above 0/,
  ],
  [
    'a time in the text and another beside it',
    '[pybamm.step.string(\n"Discharge at 1C for 0.5 hours", duration="1 hour")]',
    /^e.py:2:1: says 0.5 h, and duration= beside it 1 h, expected one of them/,
  ],
  [
    'an end in the text and another beside it',
    '[pybamm.step.string("Discharge at 1C until 2.5 V", termination="3 V")]',
    /^e.py:1:21: says until 2.5 V, and termination= beside it until 3 V, expected one of them/,
  ],
  [
    'a period in the text and another beside it',
    '[pybamm.step.string("Rest for 1 hour (10 second period)", period="1 minute")]',
    /^e.py:1:21: says a period of 10 s, and period= beside it 1 min, expected one of them/,
  ],
  ['a number', '[3]', /is no step/],
  ['nothing', '# nothing\n', /no step, expected an experiment/],
  ['brackets without end', '['.repeat(100_000), /nested too deeply/],
];

describe('what is refused, with its line', () => {
  it.each(REFUSED)('%s', (_, text, says) => expect(refusal('e.py', text, {})).toMatch(says));

  it.each([
    [
      'a current that grows',
      '- { cv: { voltage_V: 4 }, until: cell.current_A > 1, for_h: 1 }',
      /m.yaml:4:\d+: until: PyBaMM ends this step only by/,
    ],
    [
      'a row when a voltage changes',
      '- { rest: {}, for_h: 1, record: { change: { cell.voltage_V: 0.1 } } }',
      /m.yaml:4:\d+: record: change is left out/,
    ],
    [
      'a deadline of another time',
      '- { cc: { current_C: 1 }, until: cell.voltage_V > 4, within_h: 3 }',
      /m.yaml:4:\d+: within_h: a deadline cannot/,
    ],
    [
      'a loop that begins elsewhere',
      '- repeat: { times: 2 }\n  steps: [{ rest: {}, for_h: 1 }, { set: { chamber.temperature_degC: 5 } }]',
      /m.yaml:4:\d+: repeat: its first round is not at 5 degC/,
    ],
  ])('written: %s', (_, steps, says) =>
    expect(refusal('m.yaml', methodOf(steps), { to: 'pybamm' })).toMatch(says),
  );
});
