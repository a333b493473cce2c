import { dirname, resolve } from 'node:path';
import type { DeviceDescription } from '../../drivers/contract/device.ts';
import { DeviceError, messageOf, plainReason } from '../../drivers/contract/errors.ts';
import { MisfitError, nearest, type Place } from '../../drivers/contract/explain.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import { FileError, parseYamlFile, type YamlFile } from '../../drivers/contract/yaml-file.ts';
import { type LoadedMethod, readTextFile } from '../../profiles/method-file.ts';
import { isTimed, opOf } from '../../profiles/steps/index.ts';
import { type Bench, benchSchema } from './bench.ts';
import { checkBeside, checkInterlocks, checkLimits, checkSafeState, type Reach } from './bench-checks.ts';
import { checkDerived } from './derived-checks.ts';
import { namedRoles, unknownRole } from './role-hints.ts';

/**
 * Describes a device entry without opening it: the driver's channels and settables. Throws a
 * MisfitError of the options, or a DeviceError, where the driver, its options or a data file are wrong.
 */
export type Describe = (driver: string, options: unknown, baseDir: string) => DeviceDescription;

/** A bench file that fits its devices. */
export interface LoadedBench {
  readonly path: string;
  /** Folder of the bench file: data files are named relative to it. */
  readonly baseDir: string;
  readonly bench: Bench;
  /** Device id -> what it offers. */
  readonly descriptions: ReadonlyMap<string, DeviceDescription>;
  /** Line of an entry, e.g. `['limits', 'stack.currentSet_A']`. */
  lineOf(place: Place): number;
}

/** Reads a bench file and checks it against its devices. @throws FileError: file, line, what was expected */
export function loadBench(path: string, describe: Describe): LoadedBench {
  return parseBench(path, readTextFile(path), describe);
}

/** As `loadBench`, from text. */
export function parseBench(path: string, text: string, describe: Describe): LoadedBench {
  const yaml = parseYamlFile(path, text, benchSchema);
  const baseDir = dirname(path);
  const descriptions = describeDevices(yaml, baseDir, describe);
  const reach = checkDerived(yaml, checkRoles(yaml, descriptions));
  checkLimits(yaml, reach);
  checkBeside(yaml, reach);
  checkInterlocks(yaml, reach);
  checkSafeState(yaml, reach);
  return { path, baseDir, bench: yaml.value, descriptions, lineOf: yaml.lineOf };
}

function describeDevices(
  yaml: YamlFile<Bench>,
  baseDir: string,
  describe: Describe,
): Map<string, DeviceDescription> {
  const descriptions = new Map<string, DeviceDescription>();
  for (const [id, device] of Object.entries(yaml.value.devices)) {
    const place = ['devices', id];
    if (device.stale_after_s <= device.poll_s) {
      const text = `${device.stale_after_s} s with poll_s ${device.poll_s} s, expected more than poll_s`;
      throw yaml.error([...place, 'stale_after_s'], text);
    }
    try {
      descriptions.set(id, describe(device.driver, device.options, baseDir));
    } catch (error) {
      if (error instanceof MisfitError) {
        throw yaml.error([...place, 'options', ...error.found.place], error.found.text);
      }
      throw dataFileError(yaml, id, baseDir, error) ?? yaml.error([...place, 'driver'], messageOf(error));
    }
  }
  return descriptions;
}

/** What is wrong with a data file that an option names: its own file and line, or the option's if it cannot be opened. */
function dataFileError(
  yaml: YamlFile<Bench>,
  id: string,
  baseDir: string,
  error: unknown,
): FileError | undefined {
  if (!(error instanceof DeviceError)) return undefined;
  const [, file, line] = /^(.*?)(?::(\d+))?$/.exec(error.where) ?? [];
  const named = Object.entries(yaml.value.devices[id].options).find(
    ([, value]) => typeof value === 'string' && resolve(baseDir, value) === resolve(file),
  );
  if (named === undefined) return undefined;
  const [key, value] = named;
  if (line !== undefined) {
    return new FileError(file, Number(line), error.message.slice(`${error.where}: `.length));
  }
  return yaml.error(
    ['devices', id, 'options', key],
    `"${value}" cannot be opened: ${plainReason(error.cause)}, expected a readable file (named from the folder of the bench file)`,
  );
}

/** Name without the number of its member: `cell[17].voltage_V` -> `cell[].voltage_V`. */
function withoutIndex(name: string): string {
  return name.replace(/\[\d+\]/, '[]');
}

/** Every role must lead to a channel of the same unit; returns what can be set and measured behind them. */
function checkRoles(yaml: YamlFile<Bench>, descriptions: ReadonlyMap<string, DeviceDescription>): Reach {
  const settable = new Map<string, { device: string; range: readonly [number, number] }>();
  const measured = new Map(settable);
  for (const [role, target] of Object.entries(yaml.value.roles)) {
    const place = ['roles', role];
    const unit = unitOf(role);
    if (unit === undefined || !role.includes('.')) {
      throw yaml.error(place, `"${role}" has no unit, expected a role with its unit, e.g. "stack.current_A"`);
    }
    const dot = target.indexOf('.');
    const device = dot < 0 ? target : target.slice(0, dot);
    const name = target.slice(dot + 1);
    const description = descriptions.get(device);
    if (dot < 0 || description === undefined) {
      const known = [...descriptions.keys()].join(', ');
      throw yaml.error(
        place,
        `"${target}" names no device, expected <device>.<channel> with one of ${known}`,
      );
    }
    const set = description.settables.find(s => s.name === name);
    const shown = description.channels.find(c => c.name === name || withoutIndex(c.name) === name);
    if (set === undefined && shown === undefined) {
      const names = [...description.channels, ...description.settables].map(c => withoutIndex(c.name));
      const offers = [...new Set(names)];
      const near = nearest(name, offers);
      const hint = near === undefined ? '' : ` (did you mean "${device}.${near}"?)`;
      const text = `no device provides "${target}"${hint}, expected a channel of ${device}: ${offers.join(', ')}`;
      throw yaml.error(place, text);
    }
    if (unitOf(name) !== unit) {
      throw yaml.error(place, `is in ${unit}, but "${target}" is in ${unitOf(name)}, expected the same unit`);
    }
    if (name.includes('[]') !== role.endsWith('[]')) {
      throw yaml.error(place, `"${target}": expected [] on both sides or on none`);
    }
    if (set !== undefined) settable.set(role, { device, range: set.range });
    if (shown !== undefined) measured.set(role, { device, range: shown.range });
  }
  return { settable, measured };
}

/** Every role of the method must be on the bench, every set value within its limits. @throws FileError */
export function checkMethod(method: LoadedMethod, loaded: LoadedBench): void {
  const { bench } = loaded;
  const roles = namedRoles(bench);
  const fail = (i: number, text: string): never => {
    const label = method.procedure.instructions[i].label;
    throw new FileError(method.path, method.lineOf(i), `step "${label}": ${text}`);
  };
  const mustRead = (i: number, role: string): void => {
    if (roles[role] === undefined) fail(i, unknownRole(role, roles));
  };
  const mustSet = (i: number, role: string, values: readonly number[]): void => {
    mustRead(i, role);
    const limit = bench.limits[role];
    const [min, max] = limit === undefined ? [0, 0] : [limit.min, limit.max];
    if (limit === undefined) fail(i, `${role} is only measured, expected a role with limits`);
    const wrong = values.find(value => value < min || value > max);
    if (wrong !== undefined) {
      fail(i, `sets ${role} to ${wrong}, expected ${min}..${max} ${unitOf(role)} (limits of ${loaded.path})`);
    }
  };
  for (const [i, instruction] of method.procedure.instructions.entries()) {
    if (!isTimed(instruction)) continue;
    const op = opOf(instruction);
    for (const { role, values } of op?.sets(instruction) ?? []) mustSet(i, role, values);
    for (const role of op?.reads(instruction) ?? []) mustRead(i, role);
  }
}
