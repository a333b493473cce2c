import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FileError } from '../../../../drivers/contract/file-error.ts';
import { FORMATS } from '../../../../profiles/language/exchange/table.ts';
import { readLanguageText } from '../../../../profiles/language/file/read-file.ts';
import { once, refusal } from './convert-once.ts';

/** Steps that both sides can say: written and read again they are the same; nothing else than a refusal comes of others. */

const number = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: Math.ceil(min * 1000), max: Math.floor(max * 1000) }).map(n => n / 1000);
const volts = number(2, 4.5);
const rate = number(0.01, 5);
const time_s = fc.integer({ min: 1, max: 100_000 });

type Say = (unit: string) => string;
/** A step as text; `current`: the unit in which currents stand. */
const step: fc.Arbitrary<Say> = fc.oneof(
  time_s.map(s => () => `{ rest: {}, for_s: ${s} }`),
  fc
    .record({ size: rate, isOut: fc.boolean(), v: volts, s: time_s, ends: fc.constantFrom('v', 's', 'vs') })
    .map(({ size, isOut, v, s, ends }) => (unit: string) => {
      const until = ends.includes('v') ? `, until: cell.voltage_V ${isOut ? '<' : '>'} ${v}` : '';
      const time = ends.includes('s') ? `for_s: ${s}` : 'within_h: atMost_h';
      return `{ cc: { current_${unit}: ${isOut ? -size : size} }${until}, ${time} }`;
    }),
  fc
    .record({ v: volts, size: rate, s: time_s, ends: fc.constantFrom('i', 's', 'is') })
    .map(({ v, size, s, ends }) => (unit: string) => {
      const until = ends.includes('i') ? `, until: abs(cell.current_${unit}) < ${size}` : '';
      return `{ cv: { voltage_V: ${v} }${until}, ${ends.includes('s') ? `for_s: ${s}` : 'within_h: atMost_h'} }`;
    }),
);

interface Node {
  readonly say?: Say;
  readonly times?: number;
  readonly inside?: readonly Node[];
}
const { nodes } = fc.letrec<{ node: Node; nodes: Node[] }>(tie => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    step.map(say => ({ say })),
    fc.record({ times: fc.integer({ min: 2, max: 9 }), inside: tie('nodes') }),
  ),
  nodes: fc.array(tie('node'), { minLength: 1, maxLength: 4 }),
}));

function lines(list: readonly Node[], unit: string, margin = ''): readonly string[] {
  return list.flatMap(({ say, times, inside = [] }) =>
    say === undefined
      ? [`${margin}- repeat: { times: ${times} }`, `${margin}  steps:`, ...lines(inside, unit, `${margin}  `)]
      : [`${margin}- ${say(unit)}`],
  );
}

const HEAD = 'parameters: { atMost_h: 24 }\nrecord: { every_s: 10 }\n';
const methodText = (list: readonly Node[], unit: string): string =>
  `method: mine\nversion: 2\n${HEAD}steps:\n${lines(list, unit).join('\n')}\n`;
/** The steps of a text as data, without the bounds that readers add. */
const stepsOf = (text: string): unknown => {
  const strip = (raw: unknown): unknown => {
    if (Array.isArray(raw)) return raw.map(strip);
    if (typeof raw !== 'object' || raw === null)
      return typeof raw === 'number' ? Number(raw.toPrecision(9)) : raw;
    return Object.fromEntries(
      Object.entries(raw).flatMap(([key, value]) => {
        if (key === 'within_h' || key === 'name') return [];
        const time = { for_min: 60, for_h: 3600 }[key];
        return time === undefined ? [[key, strip(value)]] : [['for_s', time * Number(value)]];
      }),
    );
  };
  const file = readLanguageText('x.yaml', text);
  const plain = (list: readonly { keys: Readonly<Record<string, unknown>> }[]): unknown =>
    strip(list.map(({ keys }) => keys));
  return plain(file.phases[0]?.steps ?? []);
};

const RUNS = { numRuns: 150 };

describe('written and read again', () => {
  it.each([
    ['unicycler', 'C', 'p.json'],
    ['unicycler', 'mA', 'p.json'],
    ['pybamm', 'C', 'e.py'],
    ['pybamm', 'A', 'e.py'],
    ['battinfo', 'C', 'p.json'],
    ['battinfo', 'A', 'p.json'],
  ] as const)('%s, currents in %s', (to, unit, path) => {
    fc.assert(
      fc.property(nodes, list => {
        const ours = methodText(list, unit);
        const there = once('m.yaml', ours, { to });
        expect(there.differences).toEqual([]);
        const back = once(path, there.text, {});
        expect(stepsOf(back.text)).toEqual(stepsOf(ours));
        // And the same file comes of it again.
        const again = once('m.yaml', back.text, { to });
        if (to === 'battinfo') expect(JSON.parse(again.text).method).toEqual(JSON.parse(there.text).method);
        else
          expect(again.text.replace(/"name": .*|# .*/, '')).toBe(there.text.replace(/"name": .*|# .*/, ''));
      }),
      RUNS,
    );
  });
});

describe('whatever comes in', () => {
  const STARTS = [
    'pybamm.Experiment([("Charge at 1C until 4.2 V", "Rest for 1 hour")] * 3 + ["Hold at 4 V until C/20"], period="1 minute")',
    '{"record":{"time_s":1},"method":[{"step":"constant_current","rate_C":"C/5","until_voltage_V":4},{"step":"loop","loop_to":1,"cycle_count":2}]}',
    '{"schema_version":"0.2.0","test_spec":{"name":"x"},"method":[{"mode":"group","count":2,"steps":[{"mode":"rest","duration":{"value":1,"unit":"h"}}]}]}',
  ];
  const damaged = fc
    .record({
      start: fc.constantFrom(...STARTS),
      at: fc.nat(300),
      cut: fc.nat(8),
      put: fc.string({ maxLength: 4 }),
    })
    .map(({ start, at, cut, put }) => start.slice(0, at) + put + start.slice(at + cut));

  it('is read, or refused with its place', () => {
    fc.assert(
      fc.property(damaged, text => {
        for (const path of ['x.py', 'x.json']) {
          try {
            readLanguageText('back.yaml', once(path, text, { accepts: true }).text);
          } catch (error) {
            if (!(error instanceof FileError)) throw error;
            expect(error.line).toBeGreaterThan(0);
          }
        }
      }),
      { numRuns: 600 },
    );
  });

  it('every format is written, or the line is said', () => {
    fc.assert(
      fc.property(nodes, fc.constantFrom(...FORMATS), (list, to) => {
        expect(refusal('m.yaml', methodText(list, 'mA'), { to })).toMatch(/^written$|^m\.yaml:\d+:\d+: /);
      }),
      RUNS,
    );
  });
});
