import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadBench, loadSubjects } from '../../../../control/bench/bench-file.ts';
import { pictureOf } from '../../../../control/bench/picture/picture.ts';
import { PICTURE_GRID } from '../../../../control/contract/picture.ts';
import { describeDevice } from '../../../../control/program/open-devices.ts';
import { compileRoles } from '../../../../control/tick/roles.ts';
import { scratchFolder } from '../../../stories/support/program.ts';

const EXAMPLES = new URL('../../../../examples/', import.meta.url).pathname;
const scratch = scratchFolder();
afterAll(() => scratch.remove());

const pictures = readdirSync(EXAMPLES).flatMap(name => {
  const path = join(EXAMPLES, name, 'bench.yaml');
  try {
    readFileSync(path);
  } catch {
    return [];
  }
  const [{ bench, descriptions }] = loadSubjects(path, describeDevice).benches;
  const measured = [...compileRoles(bench, descriptions).measured.keys()];
  return [{ name, measured, picture: pictureOf(bench, measured) }];
});

describe('the process picture that is made of the roles', () => {
  it.each(pictures)(
    'of $name: each symbol in a field of its own, and no role is lost or made up',
    ({ measured, picture }) => {
      const { nodes, lines, unplaced } = picture;
      expect(nodes.length).toBeGreaterThan(1);
      expect(new Set(nodes.map(({ at }) => at.join())).size).toBe(nodes.length);
      for (const { at } of nodes) {
        expect(at[0]).toBeLessThanOrEqual(PICTURE_GRID.columns);
        expect(at[1]).toBeLessThanOrEqual(PICTURE_GRID.rows);
      }
      const ids = nodes.map(({ id }) => id);
      for (const { from, to } of lines) expect([ids.includes(from), ids.includes(to)]).toEqual([true, true]);
      // At most fourteen figures can be read beside switches, valves and pumps.
      const shown = nodes.flatMap(({ roles }) => roles);
      expect([...shown, ...unplaced].sort()).toEqual([...measured].sort());
      // A symbol that shows nothing has a pipe.
      for (const { id, roles } of nodes)
        if (roles.length === 0) expect(lines.some(({ from, to }) => from === id || to === id)).toBe(true);
    },
  );

  it('of a stack has its gases, its water and its current', () => {
    const found = pictures.find(({ name }) => name === 'pem-500kw');
    const lines = found?.picture.lines.map(({ from, to, medium }) =>
      `${from} ${medium} ${to}`.replace('  ', ' '),
    );
    expect(lines).toEqual(
      expect.arrayContaining([
        'n2 N2 n2Anode',
        'n2Anode stack',
        'stack O2 anode',
        'stack H2 cathode',
        'separator H2O pump',
        'supply stack',
      ]),
    );
  });
});

describe('a picture of the bench file', () => {
  const text = readFileSync(join(EXAMPLES, 'gas-mix/bench.yaml'), 'utf8');
  const withPicture = (block: string) => {
    for (const file of readdirSync(join(EXAMPLES, 'gas-mix')))
      scratch.write(file, readFileSync(join(EXAMPLES, 'gas-mix', file), 'utf8'));
    return loadBench(scratch.write('bench.yaml', `${text}\npicture:\n${block}`), describeDevice);
  };

  it('is drawn as it stands', () => {
    const { bench } = withPicture(
      '  nodes:\n' +
        '  - { id: gas, symbol: bottle, at: [1, 1], roles: [h2.flow_NL_per_min] }\n' +
        '  - { id: out, symbol: vent, at: [12, 6] }\n' +
        '  lines: [{ from: gas, to: out, medium: H2 }]\n',
    );
    expect(pictureOf(bench, ['h2.flow_NL_per_min', 'mix.pressure_barg'])).toEqual({
      ...PICTURE_GRID,
      nodes: [
        { id: 'gas', symbol: 'bottle', at: [1, 1], roles: ['h2.flow_NL_per_min'], travel_s: 5 },
        { id: 'out', symbol: 'vent', at: [12, 6], roles: [], travel_s: 5 },
      ],
      lines: [{ from: 'gas', to: 'out', medium: 'H2' }],
      unplaced: ['mix.pressure_barg'],
    });
  });

  it.each([
    ['  - { id: a, symbol: pipe, at: [1, 1] }\n', ['symbol', '"pipe"', 'pump']],
    ['  - { id: a, symbol: pump, at: [13, 1] }\n', ['at', '12']],
    [
      '  - { id: a, symbol: pump, at: [1, 1], roles: [h2.flwo_NL_per_min] }\n',
      [
        'picture.nodes[0].roles[0]',
        'nothing measures h2.flwo_NL_per_min',
        'did you mean "h2.flow_NL_per_min"',
      ],
    ],
    [
      '  - { id: a, symbol: pump, at: [1, 1] }\n  - { id: a, symbol: vent, at: [2, 1] }\n',
      ['picture.nodes[1].id', '"a" stands twice'],
    ],
    [
      '  - { id: a, symbol: pump, at: [1, 1] }\n  - { id: b, symbol: vent, at: [1, 1] }\n',
      ['picture.nodes[1].at', 'is the field of a'],
    ],
    [
      '  - { id: pump, symbol: pump, at: [1, 1] }\n  lines: [{ from: pump, to: pmup }]\n',
      ['picture.lines[0].to', 'no symbol "pmup"', 'did you mean "pump"'],
    ],
  ])('that is wrong is one message with its line: %s', (block, pieces) => {
    let message = '';
    try {
      withPicture(`  nodes:\n${block}`);
    } catch (error) {
      message = error instanceof Error ? error.message : '';
    }
    expect(message).toMatch(/bench\.yaml:\d+/);
    for (const piece of pieces) expect(message).toContain(piece);
  });
});
