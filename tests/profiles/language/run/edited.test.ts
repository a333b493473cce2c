import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Bench } from './fake-cell.ts';

/** The rest of a method is edited while its run is held. */

const file = (steps: string, head = ''): string => `method: m\nversion: 2\n${head}steps:\n${steps}\n`;
const steps = (bench: Bench): string[] => bench.told.lines.filter(line => /^[\d.]+\.\./.test(line));
const held = (text: string, after_s: number): Bench => {
  const bench = new Bench('', { text }).go(after_s);
  bench.hold(3);
  return bench;
};
const A = '- { cc: { current_A: 3.6 }, name: a, id: a, for_s: 10 }';
const B = '- { cc: { current_A: -1 }, name: b, for_s: 10 }';
const C = '- { rest: {}, name: c, for_s: 5 }';

describe('what comes behind the hold is edited', () => {
  it('the step under way goes on, then the new ones', () => {
    const bench = held(file(`${A}\n${B}`), 4);
    expect(bench.edit(file(`${A}\n${C}\n- { let: { taken_mAh: a.charge_mAh } }`))).toMatch(
      /a\.charge_mAh is asked for, expected no new figure of a step that has begun/,
    );
    expect(bench.edit(file(`${A}\n${C}\n${C}`))).toBe('');
    bench.go(100);
    expect(steps(bench)).toEqual([
      '0..13.1 a: time, time',
      '13.1..18.1 c: time, time',
      '18.1..23.1 c: time, time',
    ]);
    expect(bench.told.lines.at(-1)).toBe('complete: procedure completed');
  });

  it.each([
    ['shorter', '- { cc: { current_A: 3.6 }, name: a, id: a, for_s: 6 }', '0..9.1 a: time, time'],
    ['longer', '- { cc: { current_A: 3.6 }, name: a, id: a, for_s: 30 }', '0..33.1 a: time, time'],
    [
      'until a condition',
      '- { cc: { current_A: 3.6 }, name: a, id: a, until: step.charge_mAh > 8, within_s: 60 }',
      expect.stringMatching(/^0\.\.11\.\d a: condition, step\.charge_mAh > 8$/),
    ],
  ])('the step under way lasts %s: its time goes on', (_what, step, line) => {
    const bench = held(file(`${A}\n${B}`), 4);
    expect(bench.edit(file(`${step}\n${B}`))).toBe('');
    bench.go(100);
    expect(steps(bench)[0]).toEqual(line);
  });

  it('a loop under way goes on with more or fewer rounds, its counts with it', () => {
    const loop = (times: number): string =>
      file(`- repeat: { times: ${times} }\n  steps: [{ rest: {}, name: r, for_s: 4 }]\n${C}`);
    const bench = held(loop(3), 6);
    expect(bench.edit(loop(1))).toMatch(
      /^m\.yaml:4: times: found 1, expected 2 or more: it is in its round 2$/,
    );
    expect(bench.edit(loop(5))).toBe('');
    bench.go(100);
    expect(steps(bench).map(line => line.split(':')[0])).toEqual([
      '0..4 r',
      '4..11.1 r',
      '11.1..15.1 r',
      '15.1..19.1 r',
      '19.1..23.1 r',
      '23.1..28.1 c',
    ]);
  });

  it('the file may lie elsewhere: its names are the same', () => {
    const head = 'parameters: { i_A: 1, n_count: 2 }\n';
    const body = (more: string): string =>
      file(
        `- { let: { twice_A: 2 * i_A } }\n- each: { k_A: [1, 2, 3] }\n  steps: [{ cc: { current_A: k_A }, for_s: 4 }]\n${more}`,
        head,
      );
    const bench = held(body(C), 6);
    expect(bench.edit(body('- { cc: { current_A: twice_A }, name: d, for_s: 2 }'), 'other/new.yaml')).toBe(
      '',
    );
    bench.go(100);
    expect(bench.env.asks.filter(ask => ask.includes('currentSet')).map(ask => ask.split(' ')[2])).toEqual(
      expect.arrayContaining(['1', '2', '3']),
    );
    expect(steps(bench).at(-1)).toMatch(/ d: time, time$/);
  });

  it.each([
    [
      'the step under way is another',
      A.replace('3.6', '2'),
      /^m\.yaml:4: stands otherwise at m\.yaml:4, expected it as it was: it is under way, and only its end/,
    ],
    ['its kind', '- { rest: {}, name: a, id: a, for_s: 10 }', /is under way/],
    ['nothing is left of it', '', /m\.yaml:4: is not there any more|stands otherwise/],
    ['one more before it', `${C}\n${A}`, /^m\.yaml:4: stands otherwise/],
  ])('refused with the first line that differs: %s', (_what, first, says) => {
    const bench = held(file(`${A}\n${B}`), 4);
    expect(bench.edit(file(`${first}\n${B}`))).toMatch(says);
    bench.go(100);
    expect(steps(bench).map(line => line.split(' ')[1])).toEqual(['a:', 'b:']);
  });

  it('refused: what has been gone through, lists side by side, other parameters, another method, no run', () => {
    const done = held(file(`${A}\n${B}\n${C}`), 14);
    expect(done.edit(file(`${A.replace('10', '11')}\n${B}`))).toMatch(
      /^m\.yaml:4: .* it has begun; only what comes behind/,
    );
    const aside = file(
      `- together:\n  - [{ rest: {}, for_s: 9 }]\n  - [{ wait: {}, for_s: 3 }, { wait: {}, for_s: 99 }]\n${C}`,
    );
    const beside = held(aside, 5);
    expect(beside.edit(aside.replace('99', '98'))).toMatch(/m\.yaml:6: stands otherwise/);
    expect(beside.edit(aside.replace('name: c', 'name: d'))).toBe('');
    const named = held(file(A, 'parameters: { i_A: 1 }\n'), 4);
    expect(named.edit(file(A, 'parameters: { i_A: 2 }\n'))).toMatch(/parameter i_A has another value/);
    expect(named.edit(file(A, 'parameters: { i_A: 1 }\n').replace('method: m', 'method: n'))).toMatch(
      /^method: found n, expected m/,
    );
    const over = new Bench('', { text: file(C) }).go(20);
    expect(over.edit(file(A))).toBe('the method is over');
  });
});

describe('limits under an edit', () => {
  const limited = (limit: string, last = C): string =>
    file(`${A.replace('10', '60')}\n${last}`, `limits: [{ when: "${limit}", then: trip }]\n`);

  it.each(['cell.voltage_V > 3.9 for 10 s', 'average(cell.voltage_V, 10 s) > 3.9'])(
    'what one has seen so far counts on: %s',
    limit => {
      const tripped = (isEdited: boolean): string | undefined => {
        const bench = held(limited(limit), 6);
        if (isEdited) expect(bench.edit(limited(limit, `${C}\n${C}`))).toBe('');
        bench.go(100);
        return bench.told.lines.find(line => line.startsWith('trip'));
      };
      expect(tripped(true)).toMatch(/^trip: /);
      const when = (isEdited: boolean): number => {
        const bench = held(limited(limit), 6);
        if (isEdited) bench.edit(limited(limit, `${C}\n${C}`));
        bench.go(100);
        return bench.env.t_s;
      };
      expect(when(true)).toBe(when(false));
    },
  );

  it('a stricter one acts with the next look, also in the hold', () => {
    const bench = held(limited('cell.voltage_V > 5'), 6);
    expect(bench.edit(limited('cell.voltage_V > 3'))).toBe('');
    bench.hold(2);
    expect(bench.told.lines.at(-1)).toMatch(/^trip: .*cell\.voltage_V > 3/);
  });
});

/** Steps of a random method, each with a label of its own. */
const step = (label: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(`{ cc: { current_A: 1 }, name: ${label}, for_s: 3 }`),
    fc.constant(`{ rest: {}, name: ${label}, for_s: 2 }`),
    fc.constant(`{ wait: {}, name: ${label}, for_s: 1 }`),
    fc.constant(`{ cc: { current_A: -2 }, name: ${label}, until: step.chargeOut_mAh > 1, within_s: 20 }`),
  );
const block = (label: string): fc.Arbitrary<string> =>
  fc.oneof(
    step(label).map(one => `- ${one}`),
    fc
      .tuple(step(`${label}x`), step(`${label}y`), fc.integer({ min: 1, max: 3 }))
      .map(([x, y, times]) => `- repeat: { times: ${times} }\n  steps: [${x}, ${y}]`),
    fc
      .tuple(step(`${label}x`), fc.integer({ min: 1, max: 4 }))
      .map(([x, s]) => `- together:\n  - [${x}]\n  - [{ wait: {}, name: ${label}y, for_s: ${s} }]`),
    fc
      .tuple(step(`${label}x`), step(`${label}y`))
      .map(([x, y]) => `- each: { i_A: [1, -1] }\n  steps: [${x}, ${y}]`),
  );
const list = (prefix: string, count: number): fc.Arbitrary<string[]> =>
  fc.tuple(...Array.from({ length: count }, (_, i) => block(`${prefix}${i}`))).map(found => [...found]);

const named = (bench: Bench): string[] => steps(bench).map(line => line.split(/[ :]/)[1]);

describe('whatever the method and whenever it is held', () => {
  it.each(['edited', 'edited, killed and taken up'])(
    '%s: no step is lost or done twice, every counter is kept',
    what => {
      const isKilled = what !== 'edited';
      fc.assert(
        fc.property(
          list('s', 4),
          list('n', 2),
          fc.integer({ min: 1, max: 150 }),
          fc.integer({ min: 0, max: 3 }),
          (old, rest, at, hold_s) => {
            const before = new Bench('', { text: file(old.join('\n')) });
            before.go(at / 10);
            if (before.isOver) return;
            before.hold(hold_s, true);
            const state = before.run.state();
            // The blocks that have begun stay, the others are new.
            const begun =
              old.length -
              old.toReversed().findIndex((_, i) => beginsBefore(old, old.length - 1 - i, state.lane.pc));
            const edited = [...old.slice(0, begun), ...rest];
            const plain = new Bench('', { text: file(edited.join('\n')) });
            plain.go(at / 10);
            plain.hold(hold_s, true);
            expect(before.edit(file(edited.join('\n')))).toBe('');
            expect(before.run.state()).toEqual({ ...state, main: 'm.yaml' });
            if (isKilled) before.cut();
            before.go(400);
            plain.go(400);
            // As if the method had been so from its beginning.
            expect(before.told.lines).toEqual(plain.told.lines);
            expect(before.env.asks).toEqual(plain.env.asks);
            expect(before.env.charge_Ah).toBe(plain.env.charge_Ah);
            expect(named(before).length).toBeGreaterThan(0);
          },
        ),
        { numRuns: 30 },
      );
    },
    300_000,
  );
});

/** Whether the block at a place of the list begins at or before an instruction. */
function beginsBefore(blocks: readonly string[], place: number, pc: number): boolean {
  const sizes = blocks.map(text => (text.includes('together') ? 3 : text.includes('steps:') ? 4 : 1));
  return sizes.slice(0, place).reduce((sum, size) => sum + size, 0) <= pc;
}

describe('the rounds of a `let`', () => {
  const loop = (inside: string, behind = ''): string =>
    file(`- repeat: { times: 4 }\n  steps:\n  - { rest: {}, for_s: 4 }\n${inside}${behind}`);
  const lets = (bench: Bench): string[] =>
    bench.told.lines.flatMap(line => /^let (.*) round (\d+) \((\d+)\)/.exec(line)?.slice(1).join(' ') ?? []);
  const LET = '  - { let: { v_V: cell.voltage_V } }\n';
  const OTHER = '  - { let: { v_V: cell.voltage_V + 1 V } }\n';
  const WAIT = '  - { wait: {}, for_s: 1 }\n';

  it.each([
    ['stands lower down', loop(`${WAIT}${LET}`), undefined, ['m.yaml:7 3 3', 'm.yaml:7 4 4']],
    ['is in another file', loop(LET), 'new.yaml', ['m.yaml:7 3 3', 'm.yaml:7 4 4']],
    ['says something else', loop(OTHER), undefined, ['m.yaml:7 (edited) 3 1', 'm.yaml:7 (edited) 4 2']],
    [
      'has another one before it',
      loop(`${OTHER}${LET}`),
      undefined,
      ['m.yaml:7 (edited) 3 1', 'm.yaml:7 3 3', 'm.yaml:7 (edited) 4 2', 'm.yaml:7 4 4'],
    ],
    [
      'stands there twice: nobody can tell which it was',
      loop(`${LET}${WAIT}${LET}`),
      undefined,
      ['m.yaml:7 (edited) 3 1', 'm.yaml:9 3 1', 'm.yaml:7 (edited) 4 2', 'm.yaml:9 4 2'],
    ],
  ])('go on where it is the same: it %s', (_what, text, path, expected) => {
    const bench = held(loop(LET), 9);
    expect(bench.edit(text, path)).toBe('');
    bench.go(40);
    expect(lets(bench)).toEqual(['m.yaml:7 1 1', 'm.yaml:7 2 2', ...expected]);
  });

  it('two of them each go on, and both over a second edit and a program that began anew', () => {
    const bench = held(loop(`${OTHER}${LET}`), 5);
    expect(bench.edit(loop(`${WAIT}${OTHER}${LET}`))).toBe('');
    bench.go(4.5);
    bench.cut();
    bench.hold(3);
    expect(bench.edit(loop(`${OTHER}${WAIT}${LET}`))).toBe('');
    bench.go(40);
    const both = [1, 2, 3, 4].flatMap(n => [`m.yaml:7 ${n} ${n}`, `m.yaml:8 ${n} ${n}`]);
    expect(lets(bench)).toEqual(both);
  });
});
