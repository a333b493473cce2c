import type { UAObject, UAVariable } from 'node-opcua';
import {
  type Emulator,
  type EmulatorEnv,
  freezable,
  noFaults,
  outputBehind,
  readingOf,
  sensorBehind,
} from '../faults.ts';
import { tcpRelay } from '../tcp-relay.ts';
import { euInformation, startOpcuaServer } from './server.ts';
import type { ServerSecurity } from './server-security.ts';
import { shownUnitOf } from './shown-units.ts';

type Library = typeof import('node-opcua');
type Space = NonNullable<InstanceType<Library['OPCUAServer']>['engine']['addressSpace']>;

/** A laboratory device as its maker built it: what it says of itself, and its functions by `Unit/Function`. */
export interface LadsLayout {
  readonly name: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly serialNumber: string;
  readonly softwareRevision: string;
  /** `channel`: what it measures, with its unit. */
  readonly sensors: readonly { readonly function: string; readonly channel: string; readonly range: Range }[];
  /** `channel` and `settable`: CurrentValue and TargetValue; `switch`: what its Start and Stop do to the plant. */
  readonly controllers: readonly {
    readonly function: string;
    readonly channel?: string | undefined;
    readonly settable?: string | undefined;
    readonly switch?: string | undefined;
    readonly range: Range;
  }[];
}
type Range = readonly [low: number, high: number];

/** What can be done to it beside its line: as a person at the device does. */
export interface LadsDevice extends Emulator {
  readonly endpoint: string;
  /** Puts the device into one of its states. */
  goto(state: 'Initialization' | 'Operate' | 'Sleep' | 'Shutdown'): void;
  /** Puts a control function into one of its states. */
  put(path: string, state: 'Aborted' | 'Stopped' | 'Running'): void;
  /** Switches a function on or off as such (IsEnabled). */
  enable(path: string, on: boolean): void;
}

const LADS = 'http://opcfoundation.org/UA/LADS/';
const DI = 'http://opcfoundation.org/UA/DI/';

/**
 * An OPC UA server with one laboratory device by OPC 30500-1 (127.0.0.1 only; policy None and anonymous, or as `security` says), its types from the
 * published nodeset. Outside its EURange a TargetValue is answered with BadOutOfRange; Start and Stop where the state does
 * not allow them with BadInvalidState. `roles`: channel, settable or switch -> rig signal; a switch without one only
 * keeps its state.
 */
export function opcuaLads(
  env: EmulatorEnv,
  options: {
    readonly layout: LadsLayout;
    readonly roles: Readonly<Record<string, string>>;
    readonly port?: number;
    readonly security?: ServerSecurity | undefined;
    readonly onOutputOff?: (() => void) | undefined;
  },
): LadsDevice {
  const { layout, roles } = options;
  const faults = noFaults();
  const rig = freezable(env.rig, faults);
  const enabled = new Map<string, boolean>();
  /** By path: how its state machine is put into a state, and which it is in. */
  const machines = new Map<string, { state: string; go(state: string): void }>();
  let device: ReturnType<Library['promoteToStateMachine']> | undefined;
  let server: Awaited<ReturnType<typeof startOpcuaServer>> | undefined;
  let relay: ReturnType<typeof tcpRelay> | undefined;

  function fill(opcua: Library, space: Space): void {
    const { DataType, DataValue, StatusCodes, Variant } = opcua;
    const lads = space.getNamespaceIndex(LADS);
    const namespace = space.registerNamespace('urn:cellbench:lads:device');
    const set = space.findNode(`ns=${space.getNamespaceIndex(DI)};i=5001`) as UAObject | null;
    const make = (type: string, browseName: string, componentOf: UAObject, optionals: string[] = []) => {
      const found = space.findObjectType(type, lads);
      if (found === null) throw new Error(`opcua-lads: the nodeset has no ${type}`);
      return found.instantiate({ browseName, componentOf, namespace, optionals });
    };
    const part = <T = UAObject>(node: UAObject, name: string): T => {
      const found = node.getChildByName(name);
      if (found === null) throw new Error(`opcua-lads: ${node.browseName} has no ${name}`);
      return found as T;
    };
    if (set === null) throw new Error('opcua-lads: the nodeset has no DeviceSet');
    const stand = make('LADSDeviceType', layout.name, set);
    for (const holder of [part(stand, 'Identification'), stand]) {
      const say = (name: string, value: unknown, dataType: number): void =>
        part<UAVariable>(holder, name).setValueFromSource({ dataType, value });
      say('Manufacturer', { text: layout.manufacturer }, DataType.LocalizedText);
      say('Model', { text: layout.model }, DataType.LocalizedText);
      say('SerialNumber', layout.serialNumber, DataType.String);
      say('SoftwareRevision', layout.softwareRevision, DataType.String);
    }
    device = opcua.promoteToStateMachine(part(stand, 'DeviceState'));
    device.setState('Operate');

    const units = new Map<string, UAObject>();
    const setOf = (path: string): UAObject => {
      const [unit] = path.split('/');
      const known = units.get(unit);
      if (known !== undefined) return known;
      const made = make('FunctionalUnitType', unit, part(stand, 'FunctionalUnitSet'), ['FunctionSet']);
      units.set(unit, part(made, 'FunctionSet'));
      return part(made, 'FunctionSet');
    };
    const bind = (
      variable: UAVariable,
      of: { name: string; range: Range; read(): number; write?(value: number): boolean },
    ): void => {
      const dataType = of.name.endsWith('_on') ? DataType.Boolean : DataType.Double;
      const raw = (value: number) => (dataType === DataType.Boolean ? value !== 0 : value);
      variable.minimumSamplingInterval = 10;
      if (of.write !== undefined) {
        variable.accessLevel = opcua.makeAccessLevelFlag('CurrentRead | CurrentWrite');
        variable.userAccessLevel = variable.accessLevel;
      }
      variable.bindVariable(
        {
          timestamped_get() {
            env.beforeReply?.();
            const now = new Date();
            const value = of.read();
            return Number.isNaN(value)
              ? new DataValue({ statusCode: StatusCodes.BadSensorFailure, sourceTimestamp: now })
              : new DataValue({ value: new Variant({ dataType, value: raw(value) }), sourceTimestamp: now });
          },
          ...(of.write === undefined
            ? {}
            : {
                timestamped_set: async ({ value }: { readonly value: { readonly value: unknown } }) =>
                  of.write?.(Number(value.value)) ? StatusCodes.Good : StatusCodes.BadOutOfRange,
              }),
        },
        true,
      );
      const unit = shownUnitOf(of.name);
      if (dataType === DataType.Boolean) return;
      variable.getPropertyByName('EURange')?.setValueFromSource({
        dataType: DataType.ExtensionObject,
        value: new opcua.Range({ low: of.range[0], high: of.range[1] }),
      });
      if (unit !== undefined)
        variable.getPropertyByName('EngineeringUnits')?.setValueFromSource({
          dataType: DataType.ExtensionObject,
          value: euInformation(opcua, unit),
        });
    };
    const enable = (node: UAObject, path: string): void => {
      enabled.set(path, true);
      part<UAVariable>(node, 'IsEnabled').bindVariable(
        { get: () => new Variant({ dataType: DataType.Boolean, value: enabled.get(path) }) },
        true,
      );
    };
    const nameOf = (path: string): string => path.slice(path.indexOf('/') + 1);

    for (const { function: path, channel, range } of layout.sensors) {
      const kind = channel.endsWith('_on')
        ? 'TwoStateDiscreteSensorFunctionType'
        : 'AnalogScalarSensorFunctionType';
      const node = make(kind, nameOf(path), setOf(path));
      const sensor = sensorBehind(rig, 'opcua-lads', roles[channel]);
      bind(part(node, 'SensorValue'), { name: channel, range, read: () => readingOf(rig, sensor) });
      enable(node, path);
    }
    for (const one of layout.controllers) {
      const { function: path, channel, settable, range } = one;
      const kind = settable?.endsWith('_on')
        ? 'TwoStateDiscreteControlFunctionType'
        : 'AnalogControlFunctionType';
      const node = make(kind, nameOf(path), setOf(path), [
        'ControlFunctionState.Start',
        'ControlFunctionState.Stop',
      ]);
      enable(node, path);
      const sensor = sensorBehind(rig, 'opcua-lads', channel === undefined ? undefined : roles[channel]);
      const output = outputBehind(rig, 'opcua-lads', settable === undefined ? undefined : roles[settable]);
      const name = settable ?? channel ?? one.switch ?? '';
      bind(part(node, 'CurrentValue'), {
        name: channel ?? name,
        range,
        read: () => (channel === undefined ? output.get() : readingOf(rig, sensor)),
      });
      bind(part(node, 'TargetValue'), {
        name,
        range,
        read: () => output.get(),
        write(value) {
          if (!(value >= range[0] && value <= range[1])) return false;
          output.set(value);
          return true;
        },
      });
      const state = part(node, 'ControlFunctionState');
      const shown = opcua.promoteToStateMachine(state);
      const machine = {
        state: '',
        go(to: string) {
          machine.state = to;
          shown.setState(to);
        },
      };
      machine.go('Stopped');
      machines.set(path, machine);
      const driven = outputBehind(
        rig,
        'opcua-lads',
        one.switch === undefined ? undefined : roles[one.switch],
      );
      const method = (called: 'Start' | 'Stop', from: string, to: string, value: number): void => {
        part<ReturnType<UAObject['getMethodByName']>>(state, called)?.bindMethod(
          (_inputs, _context, answer) => {
            env.beforeReply?.();
            if (machine.state !== from) {
              answer(null, { statusCode: StatusCodes.BadInvalidState });
              return;
            }
            driven.set(value);
            if (value === 0 && one.switch?.endsWith('outputSet_on')) options.onOutputOff?.();
            machine.go(to);
            answer(null, { statusCode: StatusCodes.Good });
          },
        );
      };
      method('Start', 'Stopped', 'Running', 1);
      method('Stop', 'Running', 'Stopped', 0);
    }
  }

  return {
    faults,
    get endpoint() {
      return `opc.tcp://127.0.0.1:${relay?.port ?? 0}`;
    },
    goto: state => device?.setState(state),
    put: (path, state) => machines.get(path)?.go(state),
    enable: (path, on) => {
      enabled.set(path, on);
    },
    async start() {
      if (server === undefined) {
        server = await startOpcuaServer({
          namespaceUri: 'urn:cellbench:lads',
          nodes: [],
          beforeReply: () => env.beforeReply?.(),
          ...(options.security === undefined ? {} : { security: options.security }),
          standards: { nodesets: ['di', 'ia', 'machinery', 'amb', 'lads'], fill },
        });
        relay = tcpRelay({ env, faults, target: server.port, port: options.port ?? 0 });
      }
      await relay?.start();
    },
    async stop() {
      await relay?.stop();
    },
    async end() {
      await relay?.stop();
      await server?.end();
      server = undefined;
    },
  };
}
