import { AT_THE_ACTUATOR, AT_THE_SENSOR, PHYSICAL } from '../../../../sim/fault-kinds.ts';
import { faultSchema } from '../../../../sim/faults-file.ts';
import { plantsText, rigsOfPlants } from './roles.ts';
import { code, keyTable, markdownTable, waysOf } from './tables.ts';

/** Reference of faults: what can go wrong in a rehearsal, where, and what the size of it means. */

interface Row {
  readonly where: string;
  readonly unit: string;
  readonly doc: string;
  readonly size?: number;
}

const SWITCHED = 'there or not';

/** The page. */
export function faultsPage(): string {
  return [
    '# Reference: faults',
    'What goes wrong in a rehearsal, and when: `rehearse BENCH METHOD --faults FILE`. A file begins with `faults:` and has a list of them, `- { kind: gas-leak, target: cathode, from_s: 850, to_s: 1190, size: 20 }`; a disturbance of the plant is the target of a kind: `- { kind: cell-short, target: cell.shortConductance_S, from_s: 3600, size: 20 }`. Several in one place add up. A target, a time or a size that cannot be is refused before the start, with its line.',
    keyTable(waysOf(faultSchema)[0]),
    '## Of the plant',
    'Each also takes the name of a disturbance of the plant as target (below).',
    kindTable(PHYSICAL),
    '## Of actuators and sensors',
    'Between plant and bench: the plant goes on as it is.',
    kindTable({ ...AT_THE_ACTUATOR, ...AT_THE_SENSOR }),
    '## Disturbances of the plants',
    'Size is in the unit of the name.',
    disturbanceTable(),
  ].join('\n\n');
}

function kindTable(kinds: Readonly<Record<string, Row>>): string {
  return markdownTable(
    ['kind', 'target', 'size (if nothing is said)', 'what'],
    Object.entries(kinds).map(([kind, { where, unit, size, doc }]) => [
      code(kind),
      where,
      sizeText(unit, size),
      doc,
    ]),
  );
}

function sizeText(unit: string, size: number | undefined): string {
  if (unit === '') return size === undefined ? 'none' : SWITCHED;
  return size === undefined ? unit : `${unit} (${size})`;
}

function disturbanceTable(): string {
  const plants = new Map<string, string[]>();
  for (const [plant, rig] of rigsOfPlants()) {
    for (const own of rig.disturbances) {
      const name = own.replace(/\[\d+\]/, '[n]');
      const known = plants.get(name) ?? [];
      plants.set(name, known);
      if (!known.includes(plant)) known.push(plant);
    }
  }
  const rows = [...plants].sort(([a], [b]) => (a < b ? -1 : 1));
  return markdownTable(
    ['disturbance', 'plants'],
    rows.map(([name, own]) => [code(name), plantsText(own)]),
  );
}
