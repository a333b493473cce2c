import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ReadCalled, readWithCalls } from '../../../profiles/language/file/calls.ts';
import type { Goal, Instruction, Program } from '../../../profiles/language/layout/instruction.ts';
import { layOut } from '../../../profiles/language/layout/lay-out.ts';
import { cell, isStackFile, stack } from './benches.ts';
import { type Script, walk } from './walk.ts';

const FILES = new URL('files/', import.meta.url);
const names = readdirSync(FILES).sort();
const PARAMETERS: Readonly<Record<string, string>> = {
  'start-stack': '{ load_A_per_cm2: 0, load_pct: 0, temperature_degC: 55 }',
  'charge-to-soc': '{ soc_pct: 50 }',
  'leak-test': '{ testPressure_barg: 5 }',
};
/** Procedures beside the files; what is built in has one rest. */
const read: ReadCalled = name => {
  const url = new URL(name, FILES);
  if (existsSync(url)) return { path: name, text: readFileSync(url, 'utf8') };
  const parameters = PARAMETERS[name] ?? '{}';
  const text = `procedure: ${name}\nversion: 2\nparameters: ${parameters}\nreturns: { capacity_Ah: 1, referenceVoltage_mV: 1 }\nsteps: [{ rest: {}, for_s: 1 }]\n`;
  return { path: `built-in/${name}`, text };
};

function program(text: string, bench = cell): Program {
  return layOut(readWithCalls('m.yaml', text, read), bench, read);
}

const method = (steps: string, rest = ''): string => `method: x\nversion: 2\n${rest}steps:\n${steps}\n`;

/** Every number that an instruction may go to, with where it stands. */
function goals(at: Instruction): readonly Goal[] {
  if (at.op === 'goto') return [at.to];
  if (at.op === 'branch') return [at.otherwise];
  if (at.op === 'run' || at.op === 'enter') return [at.ends.otherwise, ...at.ends.exits.map(exit => exit.to)];
  return at.op === 'fork' ? [...at.lanes.slice(1), at.end] : [];
}

describe('the example files', () => {
  it.each(names)('%s: laid out, every way leads forward, blocks end, all of it JSON', name => {
    const text = readFileSync(new URL(name, FILES), 'utf8');
    const { instructions, ...rest } = program(text, isStackFile(name) ? stack : cell);
    expect(JSON.parse(JSON.stringify({ instructions, ...rest }))).toEqual({ instructions, ...rest });
    const open: number[] = [];
    instructions.forEach((at, i) => {
      for (const to of goals(at)) {
        if (typeof to === 'number') expect(to > i && to <= instructions.length).toBe(true);
      }
      if (at.op === 'enter') {
        open.push(i);
        expect(instructions[at.end]).toMatchObject({ op: 'leave', start: i });
      }
      if (at.op === 'leave') expect(open.pop()).toBe(at.start);
    });
    expect(open).toEqual([]);
  });

  it('have their values: half a C of 5 Ah is set in A', () => {
    const text = readFileSync(new URL('charge.yaml', FILES), 'utf8');
    const [first] = program(text).instructions;
    if (first.op !== 'run') throw new Error(first.op);
    expect(first.own['current_C']).toMatchObject({ tree: { op: 'value', value: 0.5 } });
    expect(first.sets['current_C']).toEqual({ role: 'cell.currentSet_A', to: { num: 5, den: 1, plus: 0 } });
    expect(first.ends.within_s).toBe(4 * 3600);
    expect(first.ends.otherwise).toBe('stop');
  });
});

it('limits that a procedure has of itself are those of its call', () => {
  const called: ReadCalled = path => ({
    path,
    text: 'procedure: p\nversion: 2\nlimits: [{ when: cell.voltage_V > 4, then: trip }]\nsteps: [{ rest: {}, for_s: 1 }]\n',
  });
  const { instructions } = layOut(
    readWithCalls('m.yaml', method('- { call: p.yaml }'), called),
    cell,
    called,
  );
  expect(instructions[0]).toMatchObject({ op: 'enter', limits: [{ when: { text: 'cell.voltage_V > 4' } }] });
});

it('what a step does not count in this unit is never suggested as it is written', () => {
  const text = method('- { cc: { current_A: -1 }, id: half, for_h: 1 }\n- { let: { x_g: half.h2_g } }');
  expect(() => program(text)).toThrow('did you mean half.h2_mol?');
});

describe('the way through a method', () => {
  const rest = (id: string, more = ''): string => `{ rest: {}, for_s: 1, id: ${id}${more} }`;
  const exit = (to: string): string => `, exits: [{ when: cell.voltage_V < 3, then: ${to} }]`;
  const firstExit: Script = { happens: (key, visit) => (key === 'a' && visit === 2 ? 0 : 'ends') };
  const cases: readonly (readonly [string, string, Script, string])[] = [
    ['one after the other', `- ${rest('a')}\n- ${rest('b')}`, {}, 'a b end'],
    ['rounds', `- { repeat: { times: 3 }, steps: [${rest('a')}, ${rest('b')}] }`, {}, 'a b a b a b end'],
    ['each', `- { each: { x_A: [1, 2] }, steps: [${rest('a')}] }\n- ${rest('b')}`, {}, 'a a b end'],
    [
      'leave',
      `- { repeat: { times: 5 }, steps: [${rest('a', exit('leave'))}] }\n- ${rest('b')}`,
      firstExit,
      'a a b end',
    ],
    [
      'next',
      `- { repeat: { times: 3 }, steps: [${rest('a', exit('next'))}, ${rest('b')}] }`,
      firstExit,
      'a b a b a b end',
    ],
    [
      'goto out of two loops',
      `- { repeat: { times: 3 }, steps: [{ repeat: { times: 4 }, steps: [${rest('a', exit('goto c'))}] }] }\n- ${rest('b')}\n- ${rest('c')}`,
      firstExit,
      'a a c end',
    ],
    [
      'goto inside the round',
      `- { repeat: { times: 2 }, steps: [${rest('a', exit('goto c'))}, ${rest('b')}, ${rest('c')}] }`,
      firstExit,
      'a b c a c end',
    ],
    ['stop', `- ${rest('a', exit('stop'))}\n- ${rest('b')}`, { happens: () => 0 }, 'a stop'],
    ['trip', `- ${rest('a', exit('trip'))}\n- ${rest('b')}`, { happens: () => 0 }, 'a trip'],
    [
      'finish goes on with finally',
      `- ${rest('a', exit('finish'))}\n- ${rest('b')}\nfinally: [${rest('z')}]`,
      { happens: key => (key === 'a' ? 0 : 'ends') },
      'a z end',
    ],
    [
      'a deadline stops',
      `- { wait: {}, until: cell.voltage_V > 9, within_s: 3, id: a }\n- ${rest('b')}`,
      { happens: () => 'deadline' },
      'a stop',
    ],
    [
      'a deadline with another way',
      `- { wait: {}, within_s: 3, id: a, otherwise: next }\n- ${rest('b')}`,
      { happens: key => (key === 'a' ? 'deadline' : 'ends') },
      'a b end',
    ],
    [
      'then',
      `- { if: cell.voltage_V < 3, then: [${rest('a')}], else: [${rest('b')}] }\n- ${rest('c')}`,
      { holds: () => true },
      'a c end',
    ],
    [
      'else',
      `- { if: cell.voltage_V < 3, then: [${rest('a')}], else: [${rest('b')}] }\n- ${rest('c')}`,
      { holds: () => false },
      'b c end',
    ],
    [
      'if out of a loop',
      `- { repeat: { times: 9 }, steps: [${rest('a')}, { if: cell.voltage_V < 3, then: leave }] }\n- ${rest('b')}`,
      { holds: visit => visit === 3 },
      'a a a b end',
    ],
    [
      'else goto',
      `- { if: cell.voltage_V < 3, then: next, else: goto c }\n- ${rest('b')}\n- ${rest('c')}`,
      { holds: () => false },
      'c end',
    ],
    ['let', `- { let: { x_V: 3, y_V: x_V } }\n- ${rest('a')}`, {}, 'let x_V y_V a end'],
    [
      'a group is left',
      `- { steps: [${rest('a', exit('leave'))}, ${rest('b')}] }\n- ${rest('c')}`,
      { happens: key => (key === 'a' ? 0 : 'ends') },
      'a c end',
    ],
    ['a call', `- { call: one-cycle.yaml }\n- ${rest('a')}`, {}, 'up down a end'],
    [
      'together',
      `- together:\n  - [${rest('a')}]\n  - [{ wait: {}, for_s: 1 }]\n- ${rest('b')}`,
      {},
      'fork 2 b end',
    ],
  ];
  it.each(cases)('%s', (_, steps, script, way) => {
    expect(walk(program(method(steps)), script).join(' ')).toBe(way);
  });

  it('goes to the next phase, and ends a procedure with its own finish', () => {
    const phases = `phases:\n- { name: one, steps: [${rest('a', exit('next-phase'))}, ${rest('b')}] }\n- { name: two, steps: [${rest('c')}] }\n`;
    const happens = (key: string) => (key === 'a' ? 0 : 'ends');
    expect(walk(program(`method: x\nversion: 2\n${phases}`), { happens }).join(' ')).toBe('a c end');
    const own: ReadCalled = () => ({
      path: 'p.yaml',
      text: `procedure: p\nversion: 2\nsteps:\n- ${rest('a', exit('finish'))}\n- ${rest('b')}\nfinally: [${rest('z')}]\n`,
    });
    const files = readWithCalls('m.yaml', method(`- { call: p.yaml }\n- ${rest('c')}`), own);
    expect(walk(layOut(files, cell, own), { happens }).join(' ')).toBe('a z c end');
  });

  it('refuses a call that nobody knows', () => {
    const nobody: ReadCalled = () => undefined;
    const files = readWithCalls('m.yaml', method('- { call: charge-full }'), nobody);
    expect(() => layOut(files, cell, nobody)).toThrow(
      'm.yaml:4:11: call: no file and no built-in method is called "charge-full"',
    );
  });
});

it('what a built-in method lacks on a bench is told at its call, with its place in brackets', () => {
  const built: ReadCalled = path => ({
    path: `built-in ${path}`,
    text: `procedure: ${path}\nversion: 2\nsteps:\n- ${path === 'outer' ? '{ call: inner }' : '{ rest: {}, until: cell.foo_V < 1, within_h: 1 }'}\n`,
  });
  const text = method('- { rest: {}, for_s: 1 }\n- { call: outer }');
  expect(() => layOut(readWithCalls('m.yaml', text, built), cell, built)).toThrow(
    /^m\.yaml:5:11: call: until: the bench has no "cell\.foo_V".* \(built-in inner:4:22\) \(built-in outer:4:11\)\n/,
  );
});
