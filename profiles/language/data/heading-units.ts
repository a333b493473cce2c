import { FileError } from '../../../drivers/contract/file-error.ts';
import { headingOf } from '../../loads/file/units.ts';
import { splitName } from '../units/names.ts';
import { unitNamed } from '../units/unit.ts';

/** A heading that says another unit than the method's name for it is refused: `power_MW: "P [kW]"`. @throws FileError */
export function checkUnits(path: string, line: number, name: string, heading: string): void {
  const spelt = headingOf(heading).unit?.replaceAll('/', '_per_').replaceAll('%', 'pct').replaceAll('²', '2');
  const said = spelt === undefined ? undefined : unitNamed(spelt);
  const unit = splitName(name)?.unit;
  if (said === undefined || typeof unit !== 'object' || said.text === unit.text) return;
  throw new FileError(
    path,
    line,
    `column "${heading}" is in ${said.text}, but the method names it ${name}: expected a name that ends in _${said.text}`,
  );
}
