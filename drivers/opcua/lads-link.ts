import { DeviceError } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import type { LadsDevice, LadsFunction } from '../transport/opcua/lads/devices.ts';
import type { OpcuaAnswer, OpcuaRequest } from '../transport/opcua/link.ts';
import type { LadsOptions } from './lads-options.ts';

/**
 * A link on which nodes are called by what they are (`Stand/Thermostat#TargetValue`, `#DeviceState`): they are found by browsing
 * each time it opens, whatever ids the server gives them today.
 */

export type Role =
  | 'SensorValue'
  | 'CurrentValue'
  | 'TargetValue'
  | 'IsEnabled'
  | 'CurrentState'
  | 'ControlFunctionState'
  | 'Start'
  | 'Stop';

/** How a node of a function is called on this link. */
export const roleOf = (path: string, role: Role): string => `${path}#${role}`;
/** How the state of the device is called. */
export const DEVICE_STATE = '#DeviceState';

/** What the bench file uses of a function: roles that it must have, and what is set there. */
interface Used {
  readonly path: string;
  readonly roles: readonly Role[];
  readonly set?: { readonly name: string; readonly range: readonly [number, number] };
}

/** Opens the link, finds the device and compares it with the bench file; rejects with `identity` where it differs. */
export function ladsLink(
  inner: Link<OpcuaRequest, OpcuaAnswer>,
  options: LadsOptions,
): Link<OpcuaRequest, OpcuaAnswer> {
  const { endpoint } = options;
  let nodes = new Map<string, string>();
  const named = (name: string): string => {
    const node = nodes.get(name);
    if (node === undefined) throw new DeviceError('config', endpoint, `${name} has not been browsed`);
    return node;
  };

  async function find(): Promise<void> {
    const { lads = [] } = await inner.send({ kind: 'lads' });
    const device = deviceOf(lads, options);
    nodes = nodesOf(device, options);
    const writable = [...nodes].flatMap(([name, node]) => (name.endsWith('#TargetValue') ? [node] : []));
    await inner.send({ kind: 'writable', nodes: writable });
  }

  async function mustRun(machine: string): Promise<void> {
    const path = machine.slice(0, machine.lastIndexOf('#'));
    const { states } = await inner.send({ kind: 'states', nodes: [named(roleOf(path, 'CurrentState'))] });
    const state = states?.[0]?.name ?? '';
    if (state === 'Running') return;
    throw new DeviceError('refused', endpoint, `${path} cannot be started in state ${state}`);
  }

  return {
    ...inner,
    async open() {
      await inner.open();
      try {
        await find();
      } catch (error) {
        await inner.close();
        throw error;
      }
    },
    async send(request) {
      const answer = await inner.send(translated(request, named));
      // Refused for its state is well where it runs already, and must not be waited for where it cannot.
      if (request.kind === 'call' && request.method.endsWith('#Start') && answer.called?.severity === 'bad')
        await mustRun(request.object);
      return answer;
    },
  };
}

function translated(request: OpcuaRequest, named: (name: string) => string): OpcuaRequest {
  switch (request.kind) {
    case 'read':
    case 'units':
    case 'states':
      return { ...request, nodes: request.nodes.map(named) };
    case 'readBack':
    case 'write':
      return { ...request, node: named(request.node) };
    case 'call':
      return { ...request, object: named(request.object), method: named(request.method) };
    default:
      return request;
  }
}

const SHOWN = [
  ['manufacturer', 'Manufacturer'],
  ['model', 'Model'],
  ['serialNumber', 'SerialNumber'],
  ['softwareRevision', 'SoftwareRevision'],
] as const;

function deviceOf(all: readonly LadsDevice[], { endpoint, device }: LadsOptions): LadsDevice {
  const found = all.filter(({ name }) => name === device.name);
  if (found.length !== 1) {
    const names = all.map(({ name }) => `"${name}"`).join(', ') || 'none';
    const text = `${found.length === 0 ? 'no' : 'more than one'} device "${device.name}" in its DeviceSet, LADS devices there: ${names}`;
    throw new DeviceError('identity', endpoint, text);
  }
  for (const [key, property] of SHOWN) {
    const expected = device[key];
    const shown = found[0].identification[property] ?? '';
    if (expected === undefined || shown === expected) continue;
    const text = `device "${device.name}" says ${property} "${shown}", expected "${expected}"`;
    throw new DeviceError('identity', endpoint, text);
  }
  return found[0];
}

/** What the bench file uses, with the roles that each function must have. */
function usedOf({ sensors, controllers }: LadsOptions): Used[] {
  return [
    ...sensors.map(({ function: path }): Used => ({ path, roles: ['SensorValue'] })),
    ...controllers.map(({ function: path, reads, sets, runs }): Used => {
      const roles: Role[] = [];
      if (reads !== undefined) roles.push('CurrentValue');
      if (sets !== undefined) roles.push('TargetValue');
      if (runs !== undefined) roles.push('CurrentState', 'ControlFunctionState', 'Start', 'Stop');
      return { path, roles, ...(sets === undefined ? {} : { set: sets }) };
    }),
  ];
}

function nodesOf(device: LadsDevice, options: LadsOptions): Map<string, string> {
  const { endpoint } = options;
  const refused = (text: string): DeviceError =>
    new DeviceError('identity', endpoint, `device "${device.name}": ${text}`);
  if (device.stateNode === undefined) throw refused('shows no DeviceState');
  const nodes = new Map([[DEVICE_STATE, device.stateNode]]);
  for (const { path, roles, set } of usedOf(options)) {
    const one = functionOf(device, path, refused);
    for (const role of [...roles, 'IsEnabled'] as const) {
      const node = one.nodes[role];
      if (node === undefined) throw refused(`function ${path} (${one.kind}) has no ${role}`);
      nodes.set(roleOf(path, role), node);
    }
    if (set === undefined || one.range === undefined) continue;
    const [low, high] = one.range;
    if (set.range[0] >= low && set.range[1] <= high) continue;
    throw refused(
      `${path} takes ${low} .. ${high} (EURange), expected ${set.range[0]} .. ${set.range[1]} for ${set.name}`,
    );
  }
  return nodes;
}

function functionOf(
  { functions }: LadsDevice,
  path: string,
  refused: (text: string) => DeviceError,
): LadsFunction {
  const found = functions.filter(one => one.path === path);
  if (found.length === 1) return found[0];
  const known = functions.map(one => one.path).join(', ') || 'none';
  throw refused(
    `${found.length === 0 ? 'has no function' : 'has more than one function'} ${path}; it has ${known}`,
  );
}
