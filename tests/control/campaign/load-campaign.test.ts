import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadCampaign } from '../../../control/program/campaign/load-campaign.ts';

/** A campaign with what it names: what is wrong in one of those files stands behind the line of the campaign. */

const dir = mkdtempSync(join(tmpdir(), 'cellbench-campaign-'));
afterAll(() => rmSync(dir, { recursive: true }));
const METHOD = resolve('examples/overnight/capacity.yaml');
const GOOD = `campaign: one
version: 1
bench: ${resolve('examples/two-cells/bench.yaml')}
runs:
- run: first
  method: ${METHOD}
  subject: nickel
  with: { rate_C: 1/2 }
  rules:
  - if: first.capacity_Ah < 4 Ah
    end: campaign
    because: worn
`;

function load(text: string): ReturnType<typeof loadCampaign> {
  const path = join(dir, 'c.yaml');
  writeFileSync(path, text);
  return loadCampaign(path, 1);
}

describe('a campaign and its files', () => {
  it('are read: parameters, subject, what the method returns', () => {
    const { nights, rules } = load(GOOD);
    expect(nights.get('first')?.loaded.subject).toBe('nickel');
    expect(nights.get('first')?.method.procedure.given?.join()).toMatch(/rate/);
    expect(rules.get('first')?.[0]?.condition.names).toEqual(['first.capacity_Ah']);
  });

  it.each<[what: string, from: string, to: string, line: number, says: RegExp]>([
    ['a method that is not there', METHOD, 'none.yaml', 6, /none\.yaml.*no such file/],
    [
      'a subject that is not there',
      'nickel',
      'nikel',
      7,
      /:12: subject: there is no nikel .*expected subject: with one of/,
    ],
    [
      'no subject of several',
      '  subject: nickel\n',
      '',
      5,
      /:3: subject: nickel and iron stand on .*expected subject: with one of them/,
    ],
    ['a parameter that the method has not', 'rate_C', 'rat_C', 8, /:8:3: with: rat_C/],
    [
      'half a count',
      `method: ${METHOD}\n  subject: nickel\n  with: { rate_C: 1/2 }`,
      `method: ${resolve('examples/cell-cycling/cycling.yaml')}\n  subject: nickel\n  with: { cycles_count: 1.5 }`,
      8,
      /:8:3: with: cycles_count=1\.5: expected a whole number/,
    ],
    [
      'a figure that no run makes',
      'first.capacity_Ah',
      'first.energy_Wh',
      10,
      /gives no such value.*capacity_Ah/,
    ],
    [
      'a run that is not there in a rule',
      'if: first',
      'if: last',
      10,
      /:9: if: "last.capacity_Ah" is of no run.*\n.*\n +\^{16}$/,
    ],
    ['a bench that is not there', 'two-cells/bench', 'no-cells/bench', 6, /no-cells.*no such file/],
  ])('%s: refused with its line', (_, from, to, line, says) => {
    expect(GOOD).toContain(from);
    const run = () => load(GOOD.replace(from, to));
    expect(run).toThrow(says);
    expect(run).toThrow(new RegExp(`c\\.yaml:${line}:\\d+: `));
    expect(run).not.toThrow('--s');
  });

  it('one bench by two names is refused: it would carry two runs at a time', () => {
    const bench = resolve('examples/two-cells/../two-cells/bench.yaml').replace(
      '/two-cells/',
      '/two-cells/./',
    );
    const second = `- { run: second, bench: ${bench}, method: ${METHOD}, subject: nickel, with: { rate_C: 1/2 } }\n`;
    expect(() => load(`${GOOD}${second}`)).toThrow(/c\.yaml:13:18: .*expected one name for one bench/);
  });

  it('a rule over a run that comes only after its own is refused with its line', () => {
    const second = `- { run: second, method: ${METHOD}, subject: nickel, with: { rate_C: 1/2 }, after: [first] }\n`;
    const run = () => load(`${GOOD}${second}`.replace('first.capacity_Ah', 'second.capacity_Ah'));
    expect(run).toThrow(/c\.yaml:10:9: .*second comes after it/);
  });

  it.each([
    'first.completed_on == off',
    'not first.completed_on',
    'first.completed_on == off and first.capacity_Ah < 4 Ah',
  ])('a rule that could hold only where its own run has not completed is refused with its line: %s', text => {
    const run = () => load(GOOD.replace('first.capacity_Ah < 4 Ah', text));
    expect(run).toThrow(/c\.yaml:10:\d+: .*never holds: rules are looked at when their run has completed/);
  });

  it('a rule over whether another run has completed is taken', () => {
    const second = `- { run: second, method: ${METHOD}, subject: nickel, with: { rate_C: 1/2 } }\n`;
    const text = GOOD.replace('first.capacity_Ah < 4 Ah', 'second.completed_on == off');
    expect(load(`${text}${second}`).rules.get('first')).toHaveLength(1);
  });
});
