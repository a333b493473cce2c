import { dirname } from 'node:path';
import { z } from 'zod';
import type { DeviceDescription } from '../drivers/contract/device.ts';
import { messageOf } from '../drivers/contract/errors.ts';
import { unitOf } from '../drivers/contract/units.ts';
import { explainFirst, type Place } from '../profiles/explain.ts';
import { type LoadedMethod, readTextFile } from '../profiles/method-file.ts';
import { FileError, parseYamlFile, type YamlFile } from '../profiles/yaml-file.ts';
import { type Bench, benchSchema } from './bench.ts';

/**
 * Describes a device entry without opening it: the driver's channels and settables. Throws (a ZodError of the
 * options, or a DeviceError) where the driver or its options are wrong.
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
  const settable = checkRoles(yaml, descriptions);
  checkLimits(yaml, settable);
  checkInterlocks(yaml);
  checkSafeState(yaml, settable);
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
      if (error instanceof FileError) throw error;
      if (error instanceof z.ZodError) {
        const found = explainFirst(z.unknown(), device.options, error);
        throw yaml.error([...place, 'options', ...found.place], found.text);
      }
      throw yaml.error([...place, 'driver'], messageOf(error));
    }
  }
  return descriptions;
}

/** Name without the number of its member: `cell[17].voltage_V` -> `cell[].voltage_V`. */
function withoutIndex(name: string): string {
  return name.replace(/\[\d+\]/, '[]');
}

interface Settable {
  readonly device: string;
  readonly range: readonly [low: number, high: number];
}

/** Every role must lead to a channel of the same unit; returns the roles that can be set. */
function checkRoles(
  yaml: YamlFile<Bench>,
  descriptions: ReadonlyMap<string, DeviceDescription>,
): Map<string, Settable> {
  const settable = new Map<string, Settable>();
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
    const isMeasured = description.channels.some(c => c.name === name || withoutIndex(c.name) === name);
    if (set === undefined && !isMeasured) {
      const names = [...description.channels, ...description.settables].map(c => withoutIndex(c.name));
      const offers = [...new Set(names)].join(', ');
      throw yaml.error(place, `no device provides "${target}", expected a channel of ${device}: ${offers}`);
    }
    if (unitOf(name) !== unit) {
      throw yaml.error(place, `is in ${unit}, but "${target}" is in ${unitOf(name)}, expected the same unit`);
    }
    if (name.includes('[]') !== role.endsWith('[]')) {
      throw yaml.error(place, `"${target}": expected [] on both sides or on none`);
    }
    if (set !== undefined) settable.set(role, { device, range: set.range });
  }
  return settable;
}

function checkLimits(yaml: YamlFile<Bench>, settable: ReadonlyMap<string, Settable>): void {
  for (const [role, limit] of Object.entries(yaml.value.limits)) {
    const found = settable.get(role);
    if (found === undefined) {
      const why = role in yaml.value.roles ? 'is only measured' : 'is not in `roles`';
      throw yaml.error(
        ['limits', role],
        `${role} ${why}, expected one of ${[...settable.keys()].join(', ')}`,
      );
    }
    const [low, high] = found.range;
    for (const key of ['min', 'max'] as const) {
      if (limit[key] < low || limit[key] > high) {
        const text = `${limit[key]} is out of the range of ${found.device}, expected ${low}..${high} ${unitOf(role)}`;
        throw yaml.error(['limits', role, key], text);
      }
    }
  }
  for (const role of settable.keys()) {
    if (yaml.value.limits[role] === undefined) {
      throw yaml.error(['limits'], `nothing for ${role}, expected min and max of every role that can be set`);
    }
  }
}

function checkInterlocks(yaml: YamlFile<Bench>): void {
  const { interlocks, roles } = yaml.value;
  for (const [i, interlock] of interlocks.entries()) {
    const place = ['interlocks', i];
    if (interlocks.findIndex(other => other.id === interlock.id) !== i) {
      throw yaml.error([...place, 'id'], `"${interlock.id}" stands twice, expected each id once`);
    }
    const used = interlock.kind === 'difference' ? (['role', 'minus'] as const) : (['role'] as const);
    for (const key of used) {
      const role = key === 'minus' && interlock.kind === 'difference' ? interlock.minus : interlock.role;
      if (roles[role] === undefined) throw yaml.error([...place, key], unknownRole(role, roles));
    }
    if (interlock.kind === 'difference' && unitOf(interlock.role) !== unitOf(interlock.minus)) {
      throw yaml.error(
        [...place, 'minus'],
        `${interlock.minus} and ${interlock.role}: expected the same unit`,
      );
    }
    if (
      (interlock.kind === 'threshold' || interlock.kind === 'difference') &&
      interlock.rearm !== undefined
    ) {
      const isInside =
        interlock.trips === '>' ? interlock.rearm <= interlock.limit : interlock.rearm >= interlock.limit;
      if (!isInside) {
        const text = `${interlock.rearm} lies beyond the limit, expected ${interlock.trips === '>' ? '<=' : '>='} ${interlock.limit}`;
        throw yaml.error([...place, 'rearm'], text);
      }
    }
  }
}

function checkSafeState(yaml: YamlFile<Bench>, settable: ReadonlyMap<string, Settable>): void {
  const { safeState, devices, roles } = yaml.value;
  const mustBeSettable = (place: Place, role: string): Settable => {
    const found = settable.get(role);
    if (found === undefined)
      throw yaml.error(
        place,
        `no device can set ${role}, expected one of ${[...settable.keys()].join(', ')}`,
      );
    return found;
  };
  const mustBeKnown = (place: Place, role: string): void => {
    if (roles[role] === undefined) throw yaml.error(place, unknownRole(role, roles));
  };
  for (const [i, step] of safeState.steps.entries()) {
    const place = ['safeState', 'steps', i];
    if ('device' in step) {
      if (devices[step.device] === undefined) {
        const text = `the bench has no device "${step.device}", expected one of ${Object.keys(devices).join(', ')}`;
        throw yaml.error([...place, 'device'], text);
      }
    } else if ('set' in step) {
      const [low, high] = mustBeSettable([...place, 'set'], step.set).range;
      if (step.to < low || step.to > high) {
        throw yaml.error(
          [...place, 'to'],
          `${step.to} is out of the instrument's range, expected ${low}..${high}`,
        );
      }
    } else {
      mustBeSettable([...place, 'vent'], step.vent);
      mustBeKnown([...place, 'role'], step.role);
    }
  }
  for (const [i, proof] of safeState.proof.entries())
    mustBeKnown(['safeState', 'proof', i, 'role'], proof.role);
}

function unknownRole(role: string, roles: Bench['roles']): string {
  return `the bench maps no role "${role}", expected one of ${Object.keys(roles).join(', ')}`;
}

/** Every role of the method must be on the bench, every set value within its limits. @throws FileError */
export function checkMethod(method: LoadedMethod, loaded: LoadedBench): void {
  const { bench } = loaded;
  const fail = (i: number, text: string): never => {
    const label = method.procedure.instructions[i].label;
    throw new FileError(method.path, method.lineOf(i), `step "${label}": ${text}`);
  };
  const mustRead = (i: number, role: string): void => {
    if (bench.roles[role] === undefined) fail(i, unknownRole(role, bench.roles));
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
    if (instruction.op === 'set') {
      for (const [role, value] of Object.entries(instruction.values)) mustSet(i, role, [value]);
    } else if (instruction.op === 'ramp') mustSet(i, instruction.role, [instruction.to]);
    else if (instruction.op === 'wait') for (const { role } of instruction.until) mustRead(i, role);
    else if (instruction.op === 'point' && instruction.stopAbove !== null)
      mustRead(i, instruction.stopAbove.role);
    else if (instruction.op === 'follow') {
      const { follow } = instruction;
      mustSet(i, follow.setRole, [0, follow.currentNominal_A * Math.min(1, follow.maxLoad_frac)]);
      for (const set of [follow.onStandby, follow.onRestart]) {
        for (const [role, value] of Object.entries(set)) mustSet(i, role, [value]);
      }
      for (const role of [follow.voltageRole, follow.powerRole]) mustRead(i, role);
    } else if (instruction.op === 'pressure') {
      const { pressure } = instruction;
      mustSet(i, pressure.setRole, [pressure.to_barg]);
      for (const role of [pressure.pressureRole, pressure.h2InO2Role, pressure.currentRole])
        mustRead(i, role);
    }
  }
}
