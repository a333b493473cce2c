import type { DeviceDescription, SettableSpec } from '../../../drivers/contract/device.ts';
import type { Place } from '../../../drivers/contract/explain.ts';
import { unitOf } from '../../../drivers/contract/units.ts';
import type { YamlFile } from '../../../drivers/contract/yaml-file.ts';
import type { ConditionNames } from '../../kinds/interlocks/condition.ts';
import type { Bench, SafeStep } from '../bench.ts';
import { instead, namedRoles, unknownRole } from '../role-hints.ts';

/** What every check of a bench file looks at: the bench, its devices, and which role reaches what. */

export type Range = readonly [low: number, high: number];

/** A role's place in an instrument, and what that can set or show. */
export interface Reached {
  readonly device: string;
  /** Settable or channel of the device; `cell[].voltage_V` for many. */
  readonly name: string;
  readonly range: Range;
}

/** What the devices behind the roles can set and show. */
export interface Reach {
  readonly settable: ReadonlyMap<string, Reached>;
  readonly measured: ReadonlyMap<string, Reached>;
}

/** A bench whose roles lead to its devices. */
export interface Facts {
  readonly bench: Bench;
  readonly descriptions: ReadonlyMap<string, DeviceDescription>;
  readonly reach: Reach;
  /** What conditions may name. */
  readonly names: ConditionNames;
  /** What can drive current through what is under test. */
  readonly power: readonly PowerDevice[];
}

/** What a line of the safe state sets: one settable, or the safe list of a device. NaN: a value that the line finds. */
export interface Effect {
  readonly device: string;
  readonly name: string;
  readonly value: number;
}

/** What a line of the safe state does to which settables, in order. */
export function effectsOf({ descriptions, reach }: Facts, step: SafeStep): readonly Effect[] {
  if ('device' in step) {
    const list = descriptions.get(step.device)?.safeList ?? [];
    return list.map(([name, value]) => ({ device: step.device, name, value }));
  }
  const found = reach.settable.get('set' in step ? step.set : step.vent);
  if (found === undefined) return [];
  return [{ device: found.device, name: found.name, value: 'set' in step ? step.to : Number.NaN }];
}

/** A device that can drive current through what is under test, and how it is switched off. */
export interface PowerDevice {
  readonly id: string;
  /** Settables that must be 0 for it to be off: its output switch; without one its current, its power or its voltage. */
  readonly off: readonly string[];
}

const isSwitch = ({ name }: SettableSpec): boolean => /output\w*_on$/i.test(name);

/**
 * The supplies and cyclers: what sets a current, has an output switch, or sets power or voltage and measures the
 * current that comes of it. A PLC that sets a heater's power is none: no current of it goes through the stack.
 */
export function powerDevices(descriptions: Facts['descriptions']): readonly PowerDevice[] {
  const found: PowerDevice[] = [];
  for (const [id, { settables, channels }] of descriptions) {
    const of = (...units: string[]): string[] =>
      settables.filter(s => units.includes(unitOf(s.name) ?? '')).map(s => s.name);
    const switches = settables.filter(isSwitch).map(s => s.name);
    const measuresCurrent = channels.some(c => unitOf(c.name) === 'A');
    const drives = [of('A'), ...(measuresCurrent ? [of('W', 'kW'), of('V', 'mV')] : [])];
    const off = [switches, ...drives].find(names => names.length > 0);
    if (off !== undefined) found.push({ id, off });
  }
  return found;
}

/** What sets a role, and its range. @throws FileError where nothing does */
export function settableBy(yaml: YamlFile<Bench>, { settable }: Reach, place: Place, role: string): Reached {
  const found = settable.get(role);
  if (found !== undefined) return found;
  throw yaml.error(place, `no device can set ${role}${instead(role, [...settable.keys()])}`);
}

/** What shows a role, measured or derived, and its range. @throws FileError for a role that is unknown, only set, or many values */
export function shownBy(
  yaml: YamlFile<Bench>,
  { measured }: Reach,
  place: Place,
  role: string,
  isSingle: boolean,
): Reached {
  const roles = namedRoles(yaml.value);
  if (!Object.hasOwn(roles, role)) throw yaml.error(place, unknownRole(role, roles));
  const found = measured.get(role);
  if (found === undefined) {
    throw yaml.error(place, `${role} is only set, nothing measures it${instead(role, [...measured.keys()])}`);
  }
  if (isSingle && role.endsWith('[]')) {
    throw yaml.error(place, `${role} is many values, expected a role of one value`);
  }
  return found;
}

/** A value must lie in what the instrument can show. @throws FileError */
export function within(
  yaml: YamlFile<Bench>,
  place: Place,
  value: number,
  shown: Pick<Reached, 'device' | 'range'>,
  role: string,
): void {
  const [low, high] = shown.range.map(end => Number(end.toPrecision(6)));
  if (value >= low && value <= high) return;
  throw yaml.error(
    place,
    `${value} is out of the range that ${shown.device} can show, expected ${low}..${high} ${unitOf(role)}`,
  );
}

/** What is wrong with a value for a role of two states or of a number that counts; undefined = nothing. */
export function stateSlip(role: string, value: number): string | undefined {
  const unit = unitOf(role);
  if (unit === 'on' && value !== 0 && value !== 1) {
    return `${role} is on or off, ${value} is neither, expected 0 or 1`;
  }
  if (unit === 'count' && !Number.isInteger(value)) {
    return `${role} counts, ${value} is no whole number, expected one`;
  }
  return undefined;
}
