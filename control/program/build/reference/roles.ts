import { nameWords } from '../../../../profiles/language/explain/words.ts';
import { unitWord } from '../../../../profiles/language/file/keys.ts';
import { choosePlant, openRig } from '../../../../sim/open-rig.ts';
import { type PlantRig, type PlantSubject, VESSEL_SUBJECT } from '../../../../sim/plant/parts/model.ts';
import { PLANTS } from '../../../../sim/plants.ts';
import { code, markdownTable } from './tables.ts';

/** Reference of roles: what the twin of each plant shows and takes, so what a rehearsal can read and set. */

const STACK: PlantSubject = { cells: 2, activeArea_cm2: 100, currentNominal_A: 100 };
const CELL: PlantSubject = { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 };
const SUBJECTS = { stack: STACK, cell: CELL, vessel: VESSEL_SUBJECT } as const;

interface Row {
  readonly measured: string[];
  readonly set: string[];
}

/** The page. */
export function rolesPage(): string {
  const roles = new Map<string, Row>();
  const note = (name: string, of: keyof Row, plant: string): void => {
    const role = name.replace(/\[\d+\](.*)/, '$1[]');
    const row = roles.get(role) ?? { measured: [], set: [] };
    roles.set(role, row);
    if (!row[of].includes(plant)) row[of].push(plant);
  };
  for (const [plant, rig] of rigsOfPlants()) {
    for (const name of rig.sensors) note(name, 'measured', plant);
    for (const name of rig.actuators) note(name, 'set', plant);
  }
  const rows = [...roles].sort(([a], [b]) => (a < b ? -1 : 1));
  const tableOf = (of: keyof Row): string =>
    markdownTable(
      ['role', 'unit', 'in words', 'plants'],
      rows
        .filter(([, row]) => row[of].length > 0)
        .map(([role, row]) => [code(role), unitOf(role), nameWords(plain(role)), plantsText(row[of])]),
    );
  return [
    '# Reference: roles',
    'A role is what a method speaks of; `roles:` of the bench file says which channel of which instrument it is. A bench may have roles of its own: any `part.quantity_unit`. These are the ones that the twin knows, so that a rehearsal has values for them. In a method an array role is written without its `[]`, and a set point under the name of what it sets (`stack.current_A` for `stack.currentSet_A`).',
    '## Measured',
    tableOf('measured'),
    '## Set',
    tableOf('set'),
  ].join('\n\n');
}

/** In a method `cell[3].voltage_V` and `cell.voltage_V[]` are `cell.voltage_V`. */
function plain(role: string): string {
  return role.replace('[]', '');
}

function unitOf(role: string): string {
  return unitWord(plain(role));
}

/** The twin of each plant, by name. */
export function rigsOfPlants(): readonly (readonly [plant: string, rig: PlantRig])[] {
  return PLANTS.map(({ name, kind }) => {
    const choice = choosePlant({ plant: name, parameters: {} }, kind, SUBJECTS[kind], '.');
    return [name, openRig(choice, 1)] as const;
  });
}

/** Plants in few words. */
export function plantsText(plants: readonly string[]): string {
  return plants.length === PLANTS.length ? 'all' : plants.join(', ');
}
