import { describe, expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** A run that was cut off, and taken up after its bench had been in the safe state. */

const told = (bench: Bench, from: RegExp = /cut at|\.\.|complete|stop/): readonly string[] =>
  bench.told.lines.filter(line => from.test(line));
/** Runs `before_s`, is cut off for 100 s, goes on. */
const cutOff = (steps: string, before_s: number, head = ''): Bench => {
  const bench = new Bench(steps, { head }).go(before_s);
  bench.cutOff(100);
  return bench.go(1000);
};
const PHASED = `phases:
- name: warm
  steps: [{ wait: {}, for_s: 1 }]
- name: load
  reentry:
  - { cc: { current_A: 0.5 }, name: back, for_s: 3 }
`;

describe('after a cut', () => {
  it('goes on for the time and with the charge that are left, the set points asked for anew', () => {
    const bench = cutOff(
      '- { cc: { current_A: 3.6 }, id: load, for_s: 20 }\n- { let: { taken_mAh: load.charge_mAh } }\n- { if: taken_mAh > 19.5 mAh and taken_mAh < 20.5 mAh, then: next, else: stop }\n- { rest: {}, for_s: 1 }',
      12,
    );
    expect(told(bench)).toEqual([
      'cut at 11.9: load (cc) continue',
      '0..120.1 load (cc): time, time',
      '120.1..121.1 rest: time, time',
      'complete: procedure completed',
    ]);
    expect(bench.env.asks.filter(ask => ask.endsWith('cell.currentSet_A 3.6'))).toHaveLength(2);
  });

  it.each([
    ['again: from its beginning', 'resume: again', ['cut at 4.9: cc again', '105..115 cc: time, time']],
    ['exact_s is again by itself', 'exact_s: 0.2', ['cut at 4.9: cc again', '105..115 cc: time, time']],
    [
      'unless the file says otherwise',
      'exact_s: 0.2, resume: continue',
      ['cut at 4.9: cc continue', '0..110.1 cc: time, time'],
    ],
    [
      'never: it is stopped',
      'resume: never',
      ['cut at 4.9: cc never', 'stop: cc: cut off, and never taken up (resume: never)'],
    ],
  ])('%s', (_what, rule, expected) => {
    const bench = cutOff(`- { cc: { current_A: 1 }, for_s: 10, ${rule} }`, 5);
    expect(told(bench).filter(line => !line.startsWith('complete'))).toEqual(expected);
  });

  it('a block says it for what is in it: never, or again from its beginning', () => {
    const block = (rule: string): Bench =>
      cutOff(
        `- repeat: { times: 2 }\n  resume: ${rule}\n  steps: [{ cc: { current_A: 1 }, name: a, for_s: 4 }, { rest: {}, name: b, for_s: 4 }]`,
        14,
      );
    expect(told(block('again')).filter(line => /^1\d\d.* a:/.test(line))).toHaveLength(2);
    expect(told(block('continue')).filter(line => /^1\d\d.* a:/.test(line))).toHaveLength(0);
    expect(told(block('never')).at(-1)).toMatch(/^stop: b: cut off/);
  });

  it('the reentry of the phase comes first, and counts for none of its steps', () => {
    const steps = `  steps:\n  - { cc: { current_A: 3.6 }, id: load, for_s: 20 }\n  - { let: { taken_mAh: load.charge_mAh } }\n  - { if: taken_mAh > 19.5 mAh and taken_mAh < 20.5 mAh, then: next, else: stop }`;
    const bench = phased(steps);
    bench.go(10);
    bench.cutOff(100);
    bench.go(1000);
    expect(told(bench)).toEqual([
      '0..1 wait: time, time',
      'cut at 9.9: load (cc) continue',
      '110..113 back: time, time',
      '1..124.1 load (cc): time, time',
      'complete: procedure completed',
    ]);
  });

  it('cut off in its reentry, that begins again; cut and taken up as it was, it goes on', () => {
    const steps = '  steps: [{ cc: { current_A: 1 }, name: main, for_s: 20 }]';
    const bench = phased(steps);
    bench.go(10);
    bench.cutOff(100);
    bench.go(2);
    bench.cut();
    bench.cutOff(50);
    bench.go(1000, one => one.cut());
    expect(told(bench).slice(-4)).toEqual([
      'cut at 111.9: main continue',
      '162..165 back: time, time',
      '1..176.1 main: time, time',
      'complete: procedure completed',
    ]);
  });

  it('its file may be named from another folder: names, lists and figures are the same', () => {
    const bench = new Bench(
      '- { cc: { current_A: i_A }, id: load, for_s: 4 }\n- each: { k_A: [1, 2, 3] }\n  steps: [{ cc: { current_A: k_A }, for_s: 4 }]\n- { if: load.charge_mAh > 1.1 mAh and i_A < 1.5 A, then: next, else: stop }\n- { rest: {}, name: last, for_s: 1 }',
      { head: 'parameters: { i_A: 1 }\n' },
    ).go(6);
    bench.cut('/elsewhere/m.yaml');
    bench.go(100);
    expect(bench.env.asks.filter(ask => ask.includes('currentSet')).map(ask => ask.split(' ')[2])).toEqual(
      expect.arrayContaining(['1', '2', '3']),
    );
    expect(told(bench).slice(-2)).toEqual([
      expect.stringMatching(/ last: time/),
      'complete: procedure completed',
    ]);
  });

  it('no phase without a cut ever comes to its reentry', () => {
    const bench = phased('  steps: [{ rest: {}, for_s: 2 }]');
    expect(told(bench.go(100))).toEqual([
      '0..1 wait: time, time',
      '1..3 rest: time, time',
      'complete: procedure completed',
    ]);
  });

  it('lists side by side are taken up each by its own rule', () => {
    const bench = cutOff(
      '- together:\n  - [{ cc: { current_A: 1 }, name: a, for_s: 10 }]\n  - [{ wait: {}, name: b, for_s: 8, resume: again }]',
      5,
    );
    expect(told(bench)).toEqual([
      'cut at 4.9: a continue, b again',
      expect.stringMatching(/^0\.\.110(\.1)? a/),
      expect.stringMatching(/b.*: condition, the leading list has ended|b: condition/),
      'complete: procedure completed',
    ]);
  });
});

function phased(steps: string): Bench {
  return new Bench('', { text: `method: m\nversion: 2\n${PHASED}${steps}\n` });
}
