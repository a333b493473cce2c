import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { faultText, readFaults } from '../../sim/faults-file.ts';
import type { PlantChoice } from '../../sim/open-rig.ts';
import { PEM_MODEL } from '../../sim/plant/pem/model.ts';

const dir = mkdtempSync(join(tmpdir(), 'cellbench-faults-'));
afterAll(() => rmSync(dir, { recursive: true }));
const choice: PlantChoice = {
  plant: 'pem',
  set: PEM_MODEL.sets[0],
  parameters: {},
  subject: { cells: 10, activeArea_cm2: 100, currentNominal_A: 200 },
};
const read = (text: string) => {
  const path = join(dir, 'faults.yaml');
  writeFileSync(path, text);
  return readFaults(path, choice);
};

it('a fault file is the faults as written', () => {
  const faults = read(
    'faults:\n  - { kind: pump-stop, target: water, from_s: 10, to_s: 20 }\n  - { kind: dried-cell, target: "cell[7]", from_s: 5, size: 80 }\n',
  );
  expect(faults).toEqual([
    { kind: 'pump-stop', target: 'water', from_s: 10, to_s: 20 },
    { kind: 'dried-cell', target: 'cell[7]', from_s: 5, size: 80 },
  ]);
  expect(faults.map(faultText)).toEqual([
    'pump-stop on water from 10 s to 20 s',
    'dried-cell on cell[7] from 5 s, for good, size 80',
  ]);
});

describe('one message with file, line and what was expected', () => {
  it.each([
    ['no list', 'fault: []\n', ['faults.yaml:1:', 'unknown key "fault"']],
    ['unknown kind', 'faults:\n  - { kind: pump-stops, target: water, from_s: 1 }\n', [':2:', 'pump-stop']],
    [
      'a cell that is not there',
      'faults:\n  - { kind: dried-cell, target: "cell[11]", from_s: 1 }\n',
      [':2:', 'cell[11]', 'cell[1].dry_pct'],
    ],
    [
      'no such sensor',
      'faults:\n  - { kind: sensor-freeze, target: stack.colour, from_s: 1 }\n',
      [':2:', 'stack.colour', 'stack.voltage_V'],
    ],
    [
      'an end before the beginning',
      'faults:\n  - { kind: pump-stop, target: water, from_s: 5, to_s: 4 }\n',
      [':2:', 'to_s 4', 'after'],
    ],
    [
      'a time in words',
      'faults:\n  - { kind: pump-stop, target: water, from_s: soon }\n',
      [':2:', 'from_s', 'number'],
    ],
    [
      'an offset without a size',
      'faults:\n  - { kind: sensor-offset, target: stack.voltage_V, from_s: 1 }\n',
      [':2:', 'size'],
    ],
  ])('%s', (_, text, pieces) => {
    let message = 'accepted';
    try {
      read(text);
    } catch (error) {
      message = (error as Error).message;
    }
    for (const piece of pieces) expect(message).toContain(piece);
  });

  it('no such file', () => {
    expect(() => readFaults(join(dir, 'none.yaml'), choice)).toThrow(/none\.yaml.*cannot be opened/);
  });
});
