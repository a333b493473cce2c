import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isScalar, parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { offsetInFile } from '../../../drivers/contract/yaml/scalar-place.ts';
import { type ReadCalled, readWithCalls } from '../../../profiles/language/file/calls.ts';
import { allSteps, topLists } from '../../../profiles/language/file/nodes.ts';
import { readLanguageBytes, readLanguageText } from '../../../profiles/language/file/read-file.ts';
import { anyStep, fileSchemaOf } from '../../../profiles/language/file/schema.ts';
import { STEP_KINDS } from '../../../profiles/language/steps/index.ts';

const FILES = new URL('files/', import.meta.url);
const names = readdirSync(FILES).sort();
const textOf = (name: string): string => readFileSync(new URL(name, FILES), 'utf8');

const readBeside: ReadCalled = name =>
  names.includes(name) ? { path: name, text: textOf(name) } : undefined;

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FileError) return error.message;
    throw error;
  }
  return 'accepted';
}

it('what is wrong in head and steps is told in one go', () => {
  const text = [
    'method: m',
    'version: 2',
    'parameters: { rate_C: 3 A, hold_min: { default: 5, min: 9 } }',
    'derived: { a_V: cell.current_A }',
    'steps:',
    '- { cc: { current_A: 2 V }, for_s: 1 }',
    '- { rest: {}, for_h: 3 A }',
  ].join('\n');
  const places = (of: string): string[] =>
    errorOf(() => readLanguageText('m.yaml', of)).match(/^m\.yaml:\d+/gm) ?? [];
  expect(places(text)).toEqual([3, 3, 4, 6, 7].map(line => `m.yaml:${line}`));
  // Steps that cannot be read: what names of let they would have given nobody knows.
  expect(places(text.replace('for_h', 'far_h'))).toEqual([3, 3, 7].map(line => `m.yaml:${line}`));
});

describe('the example files', () => {
  it('are all there', () => expect(names.length).toBe(24));

  it.each(names)('%s is read, with what it calls', name => {
    const { main } = readWithCalls(name, textOf(name), readBeside);
    expect(`${main.name}.yaml`).toBe(name);
    expect(topLists(main).flatMap(list => [...allSteps(list)]).length).toBeGreaterThan(0);
    expect(main.expressions.size).toBeGreaterThan(0);
  });

  it('use every kind but the few that have their own tests', () => {
    const used = names.flatMap(name =>
      topLists(readLanguageText(name, textOf(name)))
        .flatMap(list => [...allSteps(list)])
        .map(step => step.kind.key),
    );
    const left = STEP_KINDS.map(kind => kind.key).filter(key => !used.includes(key));
    expect(left).toEqual(['cv', 'cp', 'cr', 'voltammetry']);
  });

  it('say of each expression where it stands and what is expected there', () => {
    const { expressions } = readLanguageText('rate-test.yaml', textOf('rate-test.yaml'));
    expect(expressions.get('steps[0].steps[2].within_h')).toMatchObject({
      text: '1.5 / rate_C',
      expected: { kind: 'quantity', unit: { text: 'h' } },
    });
    expect(expressions.get('steps[0].each.rate_C')?.expected.kind).toBe('list');
  });
});

describe('every kind of step', () => {
  it.each(STEP_KINDS.map(kind => [kind.key, kind.example] as const))(
    '%s: its example is read',
    (_, example) => {
      const step = example
        .replace('[...], [...]', '[{ rest: {}, for_h: 1 }], [{ wait: {}, for_h: 1 }]')
        .replaceAll('[...]', '[{ rest: {}, for_h: 1 }]');
      const own = 'data: { us06: { file: a.csv, time_s: t, power_W: P } }';
      const text = `method: x\nversion: 2\n${own}\nsteps:\n- ${step}\n`;
      expect(errorOf(() => readLanguageText('x.yaml', text))).toBe('accepted');
    },
  );

  it('becomes JSON schema with its words', () => {
    const schema = z.toJSONSchema(fileSchemaOf(anyStep), { io: 'input', unrepresentable: 'any' });
    const text = JSON.stringify(schema);
    for (const kind of STEP_KINDS) expect(text).toContain(`"${kind.key}"`);
    expect(text).toContain('current_mA_per_cm2');
    expect(text).toContain('normal end after this time, in min');
    expect(text.length).toBeLessThan(400_000);
  });
});

describe('a refused file', () => {
  const blocks = readFileSync(new URL('refused-files.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n=====\n')
    .map(block => block.split('\n-----\n'));

  it('stands in the table often enough', () => expect(blocks.length).toBeGreaterThan(120));

  it.each(blocks.map(([text, message]) => [message.split('\n')[0], text, message]))(
    '%s',
    (_, text, message) => {
      const isWhole = /^(method|procedure|version|-)/.test(text);
      const whole = isWhole ? text : `method: x\nversion: 2\n${text}`;
      expect(errorOf(() => readLanguageText('m.yaml', `${whole}\n`))).toBe(message);
    },
  );

  it.each([
    ['a byte order mark of UTF-16', [0xff, 0xfe, 0x6d, 0x00], 'm.yaml:1: the file is in UTF-16'],
    ['Latin-1', [0x6d, 0x3a, 0x20, 0xe4], 'm.yaml:1: byte 0xe4 is no UTF-8'],
  ])('%s', (_, bytes, message) => {
    expect(errorOf(() => readLanguageBytes('m.yaml', Uint8Array.from(bytes)))).toContain(message);
  });

  it('is never more than an error of its own, whatever is changed in an example', () => {
    const all = names.map(textOf);
    const change = fc.record({ at: fc.nat(4000), length: fc.nat(8), text: fc.string({ maxLength: 6 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (text, changes) => {
          let changed = text;
          for (const { at, length, text: put } of changes) {
            const from = at % changed.length;
            changed = changed.slice(0, from) + put + changed.slice(from + length);
          }
          const message = errorOf(() => readLanguageText('m.yaml', changed));
          if (message !== 'accepted') expect(message).toMatch(/^m\.yaml:\d+:/);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('calls', () => {
  const head = (name: string): string => `procedure: ${name}\nversion: 2\n`;
  const files: Readonly<Record<string, string>> = {
    'a.yaml': `${head('a')}steps:\n- { call: b.yaml }\n`,
    'b.yaml': `${head('b')}steps:\n- { repeat: { times: 2 }, steps: [{ call: a.yaml }] }\n`,
    'self.yaml': `${head('self')}steps: [{ call: self.yaml }]\n`,
    'needs.yaml': `${head('needs')}parameters: { rate_C: {}, hold_h: 1 }\nsteps: [{ rest: {}, for_h: hold_h }]\n`,
    'method.yaml': 'method: m\nversion: 2\nsteps: [{ rest: {}, for_h: 1 }]\n',
    'wrong.yaml': `${head('wrong')}steps: [{ rest: {} }]\n`,
  };
  const read: ReadCalled = name => {
    if (name === 'gone.yaml') throw new FileError(name, 0, 'cannot be opened: no such file');
    return name in files ? { path: name, text: files[name] } : undefined;
  };
  it.each([
    [
      '{ call: self.yaml }',
      'self.yaml:3:17: call: calls itself: self.yaml -> self.yaml; loops are written with repeat',
    ],
    [
      '{ call: a.yaml }',
      'b.yaml:4:43: call: calls itself: a.yaml -> b.yaml -> a.yaml; loops are written with repeat',
    ],
    [
      '{ call: method.yaml }',
      'm.yaml:3:17: call: method.yaml is a method, expected a procedure (its first line)',
    ],
    ['{ call: needs.yaml }', 'm.yaml:3:11: call: needs needs rate_C, expected with: { rate_C: ... }'],
    [
      '{ call: needs.yaml, with: { rate_C: 1, volume_L: 2 } }',
      'm.yaml:3:48: volume_L: needs has no such parameter, expected one of rate_C, hold_h',
    ],
    ['{ call: gone.yaml }', 'm.yaml:3:17: call: gone.yaml: cannot be opened: no such file'],
    ['{ call: wrong.yaml }', 'wrong.yaml:3:11: rest: this step has no end'],
    ['{ call: needs.yaml, with: { rate_C: 1 } }', 'accepted'],
    ['{ call: built-in }', 'accepted'],
  ])('%s', (step, message) => {
    const text = `method: x\nversion: 2\nsteps: [${step}]\n`;
    expect(errorOf(() => readWithCalls('m.yaml', text, read)).split('\n')[0]).toContain(message);
  });
});

describe('a place in a YAML text', () => {
  it('is that of the same character, however the text is quoted and folded', () => {
    const word = fc.constantFrom(
      'cell.voltage_V',
      '<',
      '2.5',
      'and',
      '(',
      ')',
      "it's",
      '"q"',
      'x\\y',
      'for',
      '30 min',
    );
    const text = fc.array(word, { minLength: 1, maxLength: 40 }).map(list => list.join(' '));
    const style = fc.constantFrom(
      'PLAIN',
      'QUOTE_DOUBLE',
      'QUOTE_SINGLE',
      'BLOCK_FOLDED',
      'BLOCK_LITERAL' as const,
    );
    fc.assert(
      fc.property(text, style, fc.constantFrom(20, 40, 80, 0), (words, type, lineWidth) => {
        const written = stringify(
          { a: { until: words } },
          { defaultStringType: type, lineWidth, defaultKeyType: 'PLAIN' },
        );
        const node = parseDocument(written).getIn(['a', 'until'], true);
        if (!isScalar(node)) throw new Error('no scalar');
        const value = String(node.value);
        for (let i = 0; i < value.length; i++) {
          if (/\s/.test(value[i])) continue;
          const found = offsetInFile(written, node, i);
          const isEscaped = written[found] === '\\' && written[found + 1] === value[i];
          expect([i, written[found]]).toEqual([i, isEscaped ? '\\' : value[i]]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
