import type { ClientSession, NodeId } from 'node-opcua';
import { z } from 'zod';
import { DeviceError } from '../../../contract/errors.ts';
import { type Limits, readLimits, readNodes } from '../limits.ts';
import { type EngineeringUnits, readEngineeringUnits } from '../units.ts';
import { type Child, childrenOf, kindsOf } from './browse.ts';

/**
 * What an OPC UA server shows of laboratory devices by OPC 30500-1 (LADS 1.0): its devices, their functional units, the
 * functions of these with the nodes that are read and set.
 */

type Library = typeof import('node-opcua');

/** Namespaces of the companion specifications. */
export const LADS_URI = 'http://opcfoundation.org/UA/LADS/';
const DI_URI = 'http://opcfoundation.org/UA/DI/';

/** Object DeviceSet of OPC 10000-100; types of OPC 30500-1 by their ids in the published nodeset (sourced). */
const DEVICE_SET = 5001;
const LADS_DEVICE = 1002;
const FUNCTIONAL_UNIT = 1003;
/** Those that are read or set here; the specific one before what it descends from. */
const FUNCTIONS: Readonly<Record<number, LadsKind>> = {
  1016: 'analogSensor',
  1009: 'analogControl',
  1031: 'twoStateSensor',
  1042: 'twoStateControl',
  1004: 'other',
};

/** What a function is: AnalogScalarSensorFunction, AnalogControlFunction, TwoStateDiscrete..., or one that is not used here. */
export type LadsKind = 'analogSensor' | 'analogControl' | 'twoStateSensor' | 'twoStateControl' | 'other';

/** A function of a device. */
export interface LadsFunction {
  /** Browse names from the functional unit on: `Stand/Thermostat`. */
  readonly path: string;
  readonly kind: LadsKind;
  /** Node by name: SensorValue, CurrentValue, TargetValue, IsEnabled, CurrentState, ControlFunctionState, Start, Stop. */
  readonly nodes: Readonly<Record<string, string>>;
  /** Of SensorValue or TargetValue. */
  readonly unit?: EngineeringUnits;
  readonly range?: readonly [low: number, high: number];
}

/** A laboratory device. */
export interface LadsDevice {
  readonly name: string;
  /** Manufacturer, Model, SerialNumber, SoftwareRevision, ... as shown; those that are empty are left out. */
  readonly identification: Readonly<Record<string, string>>;
  /** Node of the current state of the device. */
  readonly stateNode?: string;
  readonly functions: readonly LadsFunction[];
}

const SHOWN = ['Manufacturer', 'Model', 'SerialNumber', 'SoftwareRevision', 'HardwareRevision'];
/** Functions may stand in functions; no device nests them deeper. */
const DEEPEST = 4;

/** Looks for all of them. Rejects with `identity` where the server knows no LADS. */
export async function browseLads(
  opcua: Library,
  session: ClientSession,
  endpoint: string,
): Promise<LadsDevice[]> {
  const uris = await session.readNamespaceArray();
  const [lads, di] = [LADS_URI, DI_URI].map(uri => {
    const index = uris.indexOf(uri);
    if (index >= 0) return index;
    throw new DeviceError('identity', endpoint, `no namespace ${uri}; it has ${uris.join(', ')}`);
  });
  const ns = (index: number, id: number): NodeId => opcua.coerceNodeId(`ns=${index};i=${id}`);
  const limits = await readLimits(opcua, session);
  const children = (nodes: readonly NodeId[]) => childrenOf(opcua, session, nodes, limits);
  const ofKind = async (list: readonly Child[], known: ReadonlyMap<string, string>) => {
    const objects = list.filter(child => child.isObject);
    const types = objects.map(({ type }) => type);
    const kinds = await kindsOf(opcua, session, types, known, limits);
    return objects.flatMap((child, i) => (kinds[i] === undefined ? [] : [{ child, kind: kinds[i] }]));
  };
  const typed = (id: number) => new Map([[String(ns(lads, id)), 'is']]);
  const functionTypes = new Map(
    Object.entries(FUNCTIONS).map(([id, kind]) => [String(ns(lads, Number(id))), kind as string]),
  );

  /** The functions below these nodes, each of which may hold a FunctionSet. */
  async function functionsIn(
    holders: readonly { readonly path: string; readonly children: readonly Child[] }[],
    depth: number,
  ): Promise<LadsFunction[]> {
    const sets = holders.flatMap(({ path, children }) =>
      children.filter(({ name }) => name === 'FunctionSet').map(({ id }) => ({ path, id })),
    );
    if (sets.length === 0 || depth > DEEPEST) return [];
    const inSets = await children(sets.map(({ id }) => id));
    const found: { path: string; child: Child; kind: string }[] = [];
    for (const [i, { path }] of sets.entries())
      for (const { child, kind } of await ofKind(inSets[i], functionTypes))
        found.push({ path: `${path}/${child.name}`, child, kind });
    const below = await children(found.map(({ child }) => child.id));
    const machines = below.map(list => list.find(({ name }) => name === 'ControlFunctionState'));
    const present = machines.flatMap(machine => (machine === undefined ? [] : [machine.id]));
    const inMachines = await children(present);
    const own = found.map(({ path, kind }, i) => {
      const machine = machines[i];
      const parts = machine === undefined ? [] : inMachines[present.indexOf(machine.id)];
      const nodes: Record<string, string> = {};
      for (const { name, id } of [...below[i], ...parts.filter(({ name }) => IN_MACHINE.has(name))])
        nodes[name] ??= String(id);
      return { path, kind: kind as LadsKind, nodes };
    });
    const deeper = await functionsIn(
      found.map(({ path }, i) => ({ path, children: below[i] })),
      depth + 1,
    );
    return [...(await measured(opcua, session, own, limits)), ...deeper];
  }

  const [inSet] = await children([ns(di, DEVICE_SET)]);
  const devices = await ofKind(inSet, typed(LADS_DEVICE));
  const inDevices = await children(devices.map(({ child }) => child.id));
  const result: LadsDevice[] = [];
  for (const [i, { child }] of devices.entries()) {
    const parts = inDevices[i];
    const part = (name: string): Child | undefined => parts.find(one => one.name === name);
    const identification = await identificationOf(opcua, session, parts, limits);
    const state = part('DeviceState');
    const [inState] = state === undefined ? [[]] : await children([state.id]);
    const stateNode = inState.find(({ name }) => name === 'CurrentState');
    const set = part('FunctionalUnitSet');
    const [inUnits] = set === undefined ? [[]] : await children([set.id]);
    const units = await ofKind(inUnits, typed(FUNCTIONAL_UNIT));
    const holders = await children(units.map(unit => unit.child.id));
    result.push({
      name: child.name,
      identification,
      ...(stateNode === undefined ? {} : { stateNode: String(stateNode.id) }),
      functions: await functionsIn(
        units.map((unit, k) => ({ path: unit.child.name, children: holders[k] })),
        1,
      ),
    });
  }
  return result;
}

/** What of a state machine is used; its states have names of their own. */
const IN_MACHINE: ReadonlySet<string> = new Set(['CurrentState', 'Start', 'Stop']);

const euRange = z.object({ low: z.number(), high: z.number() });

/** Adds units and ranges: those of what is set where something is, else of what is measured. */
async function measured(
  opcua: Library,
  session: ClientSession,
  functions: readonly Pick<LadsFunction, 'path' | 'kind' | 'nodes'>[],
  limits: Limits,
): Promise<LadsFunction[]> {
  const main = functions.flatMap(({ nodes }, i) => {
    const node = nodes['TargetValue'] ?? nodes['SensorValue'];
    return node === undefined ? [] : [{ i, id: opcua.coerceNodeId(node) }];
  });
  const ids = main.map(({ id }) => id);
  const units = await readEngineeringUnits(opcua, session, ids, limits);
  const properties = await childrenOf(opcua, session, ids, limits);
  const ranges = main.flatMap(({ i }, k) => {
    const range = properties[k].find(({ name }) => name === 'EURange');
    return range === undefined ? [] : [{ i, id: range.id }];
  });
  const answers = await readNodes(
    session,
    ranges.map(({ id }) => ({ nodeId: id, attributeId: opcua.AttributeIds.Value })),
    limits,
  );
  return functions.map((one, i) => {
    const unit = units[main.findIndex(entry => entry.i === i)];
    const answer = answers[ranges.findIndex(entry => entry.i === i)];
    const range = euRange.safeParse(answer?.value?.value).data;
    return {
      ...one,
      ...(unit === undefined ? {} : { unit }),
      ...(range === undefined || !(range.low < range.high)
        ? {}
        : { range: [range.low, range.high] as const }),
    };
  });
}

/** From folder Identification, and from the device itself where that says nothing. */
async function identificationOf(
  opcua: Library,
  session: ClientSession,
  parts: readonly Child[],
  limits: Limits,
): Promise<Record<string, string>> {
  const folder = parts.find(({ name }) => name === 'Identification');
  const [inFolder] = folder === undefined ? [[]] : await childrenOf(opcua, session, [folder.id], limits);
  const places = [...inFolder, ...parts].filter(({ name }) => SHOWN.includes(name));
  const answers = await readNodes(
    session,
    places.map(({ id }) => ({ nodeId: id, attributeId: opcua.AttributeIds.Value })),
    limits,
  );
  const shown: Record<string, string> = {};
  for (const [i, { name }] of places.entries()) {
    const { statusCode, value } = answers[i];
    const text = statusCode.isGood() ? textOf(value?.value) : '';
    if (text !== '') shown[name] ??= text;
  }
  return shown;
}

/** A text or a localized text, blanks at its ends left out. */
export function textOf(value: unknown): string {
  const text =
    typeof value === 'object' && value !== null && 'text' in value
      ? (value as { text: unknown }).text
      : value;
  return typeof text === 'string' ? text.trim() : '';
}
