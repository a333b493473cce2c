import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { planOf } from '../../../profiles/language/bench/plan.ts';
import { type ReadCalled, readWithCalls } from '../../../profiles/language/file/calls.ts';
import { cell, stack } from './benches.ts';

/** The page that teaches the language: every example in it is read, and fits a bench. */

const page = readFileSync('docs/language.md', 'utf8');
const examples = [...page.matchAll(/```yaml (cell|stack)\n([\s\S]*?)```/g)].map(
  ([, bench, text]) => [text.split('\n').find(line => !line.startsWith('#')) ?? '', bench, text] as const,
);
const wholeOf = (text: string): string =>
  text.startsWith('- ') ? `method: m\nversion: 2\nsteps:\n${text}` : text;
const oneCycle = examples.find(([first]) => first === 'procedure: one-cycle')?.[2] ?? '';
const find: ReadCalled = name => (name === 'one-cycle.yaml' ? { path: name, text: oneCycle } : undefined);

describe('docs/language.md', () => {
  it('has its examples, each with the bench that it is for', () => {
    expect(examples.length).toBeGreaterThanOrEqual(14);
    expect(page.match(/```yaml/g)?.length).toBe(examples.length);
  });

  it.each(examples)('%s (%s)', (_, bench, text) => {
    const plan = planOf(
      readWithCalls('page.yaml', wholeOf(text), find),
      bench === 'cell' ? cell : stack,
      find,
    );
    // A ramp that begins nobody knows where has its deadline.
    expect(plan.unbounded).toEqual([]);
    expect(plan.longest_s).toBeGreaterThan(0);
  });

  const refused = [...page.matchAll(/^\| `([^`]*)` \| /gm)].map(([, text]) => text);
  it('says of what is refused only what is', () => {
    expect(refused.length).toBe(8);
    const steps = [
      `{ wait: {}, ${refused[0].replace('until: ', 'until: "')}", within_h: 1 }`,
      `{ wait: {}, ${refused[1].replace('until: ', 'until: "')}", within_h: 1 }`,
      `{ follow: { ${refused[2]} }, for_h: 1 }`,
      refused[3].replace('{ ', '{ wait: {}, '),
      `{ rest: {}, ${refused[4]} }`,
      '{ set: { n2.anodeValve_on: yes } }',
      `{ cc: { ${refused[6]} }, for_s: 1 }`,
      `{ let: { ${refused[7].replace(': ', ': "')}" } }`,
    ];
    const data = 'data: { wind: { file: w.csv, time_s: t, power_MW: P } }';
    for (const step of steps) {
      const text = `method: m\nversion: 2\nparameters: { rate_C: 1 }\n${data}\nsteps:\n- ${step}\n`;
      expect(() => readWithCalls('m.yaml', text, find), step).toThrow(FileError);
    }
  });

  it('shows a message as it is', () => {
    const shown = /```text\n([\s\S]*?)```/.exec(page)?.[1].trimEnd() ?? '';
    const text =
      'method: rate\nversion: 2\nparameters: { rate_C: 1 }\n\n\nsteps:\n- cc: { current_C: -rate_C }\n  until: cell.voltage_V < 2.5\n  within_h: 1.5 / rate_A\n';
    expect(() => readWithCalls('rate.yaml', text, find)).toThrow(shown);
  });
});
