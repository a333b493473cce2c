import { readdirSync } from 'node:fs';
import { join, parse, relative, sep } from 'node:path';
import { LabRefusal } from '../../../../dashboards/door/lab.ts';

/** Names of new files that every system takes, and takes for no other one: a laboratory may be copied, or shared. */

/** What Windows takes for a device, whatever its ending. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$/i;

/** Whether two are one where the size of letters does not count. */
export function isSameName(a: string, b: string): boolean {
  return folded(a) === folded(b);
}

/** `path`: of a new file below `root`; `name`: how it is called. @throws LabRefusal */
export function mustBeOwnName(root: string, path: string, name: string): void {
  let folder = root;
  for (const part of relative(root, path).split(sep)) {
    if (DEVICE.test(parse(part).name.split('.')[0]))
      throw new LabRefusal('bad', `${name}: "${part}" is a device to some systems, expected another name`);
    const other = namesIn(folder).find(one => one !== part && isSameName(one, part));
    if (other !== undefined)
      throw new LabRefusal(
        'bad',
        `${name}: "${join(relative(root, folder), other)}" is there, expected a name that differs in more than the size of letters`,
      );
    folder = join(folder, part);
  }
}

const folded = (name: string): string => name.normalize('NFKC').toLowerCase();

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
