import { describe, expect, it } from 'vitest';
import { methodOf, once, refusal } from './convert-once.ts';
import { LIMITS, SUITE } from './suite.ts';

/** Files of Maccor, read back by what is known of the format. */

const written = (text: string): string => once('m.yaml', text, { to: 'maccor' }).text;

/** Steps with their type, mode, value, limit and ends `type oper value -> step`. */
function maccorSteps(xml: string): readonly Record<string, unknown>[] {
  const one = (text: string, name: string): string =>
    new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]?.trim() ?? '';
  return [...xml.matchAll(/<TestStep>([\s\S]*?)<\/TestStep>/g)].map(([, step = '']) => ({
    does: [one(step, 'StepType'), one(step, 'StepMode'), one(step, 'StepValue')].join(' ').trim(),
    limit: /<Limits>[\s\S]*?<Voltage>([^<]*)</.exec(step)?.[1] ?? '',
    ends: [...step.matchAll(/<EndEntry>([\s\S]*?)<\/EndEntry>/g)].map(([, end = '']) =>
      [
        one(end, 'EndType'),
        one(end, 'Oper').replace('&gt;', '>').replace('&lt;', '<'),
        one(end, 'Value'),
        '->',
        one(end, 'Step'),
      ].join(' '),
    ),
    reports: [...step.matchAll(/<ReportEntry>([\s\S]*?)<\/ReportEntry>/g)].map(
      ([, report = '']) => `${one(report, 'ReportType')} ${one(report, 'Value')}`,
    ),
  }));
}

describe('Maccor', () => {
  it('every end says its step, a loop ends when its rounds are done', () => {
    const steps = maccorSteps(written(SUITE));
    expect(steps.map(step => step['does'])).toEqual([
      'Rest',
      'Do 1',
      'Charge Current 1.0',
      'Charge Voltage 4.2',
      'Dischrge Current 0.4',
      'Loop 1',
      'End',
    ]);
    expect(steps.map(step => step['ends'])).toEqual([
      ['StepTime = 00:01:30.5 -> 002'],
      [],
      ['Voltage >= 4.2 -> 004', 'StepTime = 03:00:00 -> 004'],
      ['Current <= 0.1 -> 005', 'StepTime = 01:00:00 -> 005'],
      ['Voltage <= 2.8 -> 006', 'StepTime = 06:00:00 -> 006'],
      ['Loop Cnt = 3 -> 007'],
      [],
    ]);
    expect(steps[0]?.['reports']).toEqual(['StepTime 00:00:10', 'Voltage 0.01', 'Current 0.005']);
  });

  it('types are padded to eight letters as in its own files', () => {
    const xml = written(SUITE);
    for (const type of ['  Rest  ', '  Do 1  ', ' Charge ', 'Dischrge', ' Loop 1 ', '  End   '])
      expect(xml).toContain(`<StepType>${type}</StepType>`);
  });

  it('cccv is one step; a deadline leads to the end, another target forward', () => {
    const text = methodOf(
      `- { cccv: { current_A: 1, voltage_V: 4.2 }, until: cell.current_A < 0.1, within_h: 30 }
- { cc: { current_A: -1 }, until: cell.voltage_V < 3 or cell.current_A > -0.1, within_h: 2, otherwise: goto last }
- { rest: {}, for_s: 1 }
- { rest: {}, for_s: 1, id: last }`,
    );
    const steps = maccorSteps(written(text));
    expect(steps[0]).toMatchObject({
      does: 'Charge Current 1.0',
      limit: '4.2',
      ends: ['Current <= 0.1 -> 002', 'StepTime = 30:00:00 -> 005'],
    });
    expect(steps[1]?.['ends']).toEqual([
      'Voltage <= 3.0 -> 003',
      'Current <= 0.1 -> 003',
      'StepTime = 02:00:00 -> 004',
    ]);
  });

  it('ways out lead where they say, before the normal ends', () => {
    const text = methodOf(
      `- repeat: { times: 3 }
  steps:
  - cc: { current_A: 1 }
    exits: [{ when: cell.voltage_V > 4.3, then: leave }, { when: cell.voltage_V < 2, then: finish }, { when: cell.current_A < 0.5, then: next }]
    for_h: 1
- { rest: {}, for_s: 1 }`,
    );
    expect(maccorSteps(written(text))[1]?.['ends']).toEqual([
      'Voltage >= 4.3 -> 004',
      'Voltage <= 2.0 -> 005',
      'Current <= 0.5 -> 003',
      'StepTime = 01:00:00 -> 003',
    ]);
  });

  it('limits of the file are ends of each step that lead to its end', () => {
    const text = methodOf(
      '- { rest: {}, for_s: 1 }\n- { rest: {}, for_s: 1 }',
      LIMITS.replaceAll(' for 1 s', ''),
    );
    const ends = maccorSteps(written(text)).map(step => (step['ends'] as string[]).slice(1));
    const all = ['Voltage >= 4.3 -> 003', 'Voltage <= 2.5 -> 003', 'Current >= 3.0 -> 003'];
    expect(ends).toEqual([all, all, []]);
  });

  it('loops that would be too long written out are refused with their line', () => {
    const loop = (steps: string): string => `{ repeat: { times: 1000 }, steps: [${steps}] }`;
    const text = methodOf(`- ${loop(loop(loop(loop('{ rest: {}, for_s: 1 }'))))}`);
    expect(refusal('m.yaml', text, { to: 'maccor' })).toMatch(/^m.yaml:4:\d+: .*more than 100000 steps/);
  });

  it('the third loop inside is written out', () => {
    const inner = '{ repeat: { times: 2 }, steps: [{ rest: {}, for_s: 1 }] }';
    const text = methodOf(`- { repeat: { times: 4 }, steps: [{ repeat: { times: 3 }, steps: [${inner}] }] }`);
    expect(maccorSteps(written(text)).map(step => step['does'])).toEqual([
      'Do 1',
      'Do 2',
      'Rest',
      'Rest',
      'Loop 2',
      'Loop 1',
      'End',
    ]);
  });

  it.each([
    [
      'a delay of limits',
      '- { rest: {}, for_h: 1 }',
      LIMITS,
      /m.yaml:3:\d+: limits: limits hold there without a delay \(--accept/,
    ],
    [
      'a trip',
      '- { cc: { current_A: 1 }, until: cell.voltage_V > 4, within_h: 1, otherwise: trip }',
      '',
      /m.yaml:4:\d+: otherwise: trip is not known there/,
    ],
    ['a current of 0', '- { cc: { current_A: 0 }, for_h: 1 }', '', /m.yaml:4:\d+: cc: a current of 0/],
  ])('%s', (_, steps, head, says) =>
    expect(refusal('m.yaml', methodOf(steps, head), { to: 'maccor' })).toMatch(says),
  );
});
