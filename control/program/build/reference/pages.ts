import { DEVICES_FILE } from '../../commands/devices/list.ts';
import { benchPage } from './bench.ts';
import { commandsPage } from './commands.ts';
import { devicesList } from './devices.ts';
import { driversPage } from './drivers.ts';
import { faultsPage } from './faults.ts';
import { languagePage } from './language.ts';
import { limitsPage } from './limits.ts';
import { methodsPage } from './methods.ts';
import { modbusPage } from './modbus.ts';
import { rolesPage } from './roles.ts';
import { suppliesPage } from './supplies.ts';
import { thermalPage } from './thermal.ts';
import { unitsPage } from './units.ts';

/** The reference in `docs/reference/`, made from what the program itself goes by. */

const MADE = 'Made by `npm run docs` from the source of the program: change it there.';

/** File name in `docs/reference/` -> Markdown. */
export function referencePages(): Readonly<Record<string, string>> {
  const pages = {
    'language.md': languagePage(),
    'units.md': unitsPage(),
    'methods.md': methodsPage(),
    'roles.md': rolesPage(),
    'bench.md': benchPage(),
    'drivers.md': driversPage(),
    'modbus.md': modbusPage(),
    'supplies.md': suppliesPage(),
    'thermal.md': thermalPage(),
    'limits.md': limitsPage(),
    'faults.md': faultsPage(),
    'commands.md': commandsPage(),
  };
  const made = Object.entries(pages).map(([name, text]) => [name, `${text}\n\n${MADE}\n`] as const);
  // Read by the program itself.
  return Object.fromEntries([...made, [DEVICES_FILE, `${devicesList()}\n`]]);
}
