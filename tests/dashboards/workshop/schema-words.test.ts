import { describe, expect, it } from 'vitest';
import { meaningOf, wordsAt } from '../../../dashboards/workshop/methods/code/schema-words.ts';
import { yamlPlace } from '../../../dashboards/workshop/methods/code/yaml-place.ts';
import { FAKE_SCHEMA } from './fake-lab.ts';

/** Where somebody writes (at the `|`) and what the schema allows there. */

function placeIn(text: string) {
  const lines = text.split('\n');
  const row = lines.findIndex(line => line.includes('|'));
  const column = lines[row].indexOf('|');
  lines[row] = lines[row].replace('|', '');
  return yamlPlace(lines, row, column);
}

const CASES: readonly (readonly [
  text: string,
  path: string,
  writes: string,
  prefix: string,
  siblings: string,
])[] = [
  ['|', '', 'key', '', ''],
  ['meth|', '', 'key', 'meth', ''],
  ['method: a\nver|', '', 'key', 'ver', 'method'],
  ['ver|\nmethod: a\nsteps:\n- rest: {}', '', 'key', 'ver', 'method steps'],
  ['method: a|', 'method', 'value', 'a', ''],
  ['steps:\n- |', 'steps []', 'key', '', ''],
  ['steps:\n- cc|', 'steps []', 'key', 'cc', ''],
  ['steps:\n  - cc|', 'steps []', 'key', 'cc', ''],
  ['steps:\n- rest: {}\n- cc|', 'steps []', 'key', 'cc', ''],
  ['steps:\n- rest: {}\n  fo|', 'steps []', 'key', 'fo', 'rest'],
  ['steps:\n- fo|\n  rest: {}\n- cc: {}', 'steps []', 'key', 'fo', 'rest'],
  ['steps:\n- { cu| }', 'steps []', 'key', 'cu', ''],
  ['steps:\n- { rest: {}, fo| }', 'steps []', 'key', 'fo', 'rest'],
  ['steps:\n- { cc: { cu|', 'steps [] cc', 'key', 'cu', ''],
  ['steps:\n- cc: { current_A: 1, cu|', 'steps [] cc', 'key', 'cu', 'current_A'],
  ['steps:\n- cc:\n    cu|', 'steps [] cc', 'key', 'cu', ''],
  ['steps:\n- repeat: { times: 2 }\n  steps:\n  - cc|', 'steps [] steps []', 'key', 'cc', ''],
  ['parameters:\n  rate_C: { default: 1, do|', 'parameters rate_C', 'key', 'do', 'default'],
  ['steps:\n- tags: [ a, b|', 'steps [] tags []', 'value', 'b', ''],
  ["doc: 'a, { b'\nver|", '', 'key', 'ver', 'doc'],
  ['# steps:\nver|', '', 'key', 'ver', ''],
];

describe('the place in a YAML text', () => {
  it.each(CASES)('%j', (text, path, writes, prefix, siblings) => {
    const place = placeIn(text);
    expect({
      ...place,
      path: place.path.join(' '),
      siblings: [...place.siblings].sort().join(' '),
    }).toMatchObject({
      path,
      writes,
      prefix,
      siblings,
    });
  });
});

describe('the words of a schema', () => {
  const labels = (text: string): string =>
    wordsAt(FAKE_SCHEMA, placeIn(text))
      .map(({ label }) => label)
      .join(' ');

  it.each([
    ['method: a\n|', 'version doc parameters steps'],
    ['version: |', '2'],
    ['steps:\n- |', 'cc until rest for_min'],
    // What is written decides of which step it is.
    ['steps:\n- rest: {}\n  |', 'for_min'],
    ['steps:\n- cc: { |', 'current_A current_C'],
    ['nothing:\n  known: |', ''],
  ])('%j', (text, expected) => {
    expect(labels(text)).toBe(expected);
  });

  it('must stand there: marked', () => {
    const found = wordsAt(FAKE_SCHEMA, placeIn('|')).filter(word => word.isRequired);
    expect(found.map(({ label }) => label)).toEqual(['method']);
  });

  it('say what a key means', () => {
    expect(meaningOf(FAKE_SCHEMA, ['steps', '[]', 'cc', 'current_A'])).toBe('set current, in A');
    expect(meaningOf(FAKE_SCHEMA, ['nothing'])).toBe('');
  });
});
