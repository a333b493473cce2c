import type {
  AddressSpace,
  BaseNode,
  DataType,
  LocalizedTextOptions,
  Namespace,
  UAObject,
  UAVariable,
} from 'node-opcua';
import type { RunOrder } from '../../../../dashboards/door/lab/order.ts';
import type { Clock } from '../../../view.ts';

/** Builds objects of OPC 30500-1 in a server, by the published nodesets. */

type Library = typeof import('node-opcua');

export const LADS = 'http://opcfoundation.org/UA/LADS/';
const DI = 'http://opcfoundation.org/UA/DI/';
const OWN = 'urn:cellbench:serve';
/** Object DeviceSet of OPC 10000-100. */
const DEVICE_SET = 5001;
/** So often a value is looked at that somebody subscribes to, ms: the runs are asked once a second. */
const SAMPLING_MS = 500;

/** What a node shows: a value with its time, or the name of a bad status. */
export type Shown =
  | {
      readonly value: unknown;
      readonly utc_ms: number;
      readonly status?: 'Good' | 'UncertainSensorNotAccurate' | 'UncertainNoCommunicationLastUsableValue';
    }
  | { readonly status: BadStatus };
/** Why there is no value. */
export type BadStatus =
  | 'BadOutOfService'
  | 'BadSensorFailure'
  | 'BadNoCommunication'
  | 'BadNoDataAvailable'
  | 'BadUserAccessDenied';

/** Makes nodes, and lets them show what they are asked for. */
export class Model {
  readonly opcua: Library;
  readonly clock: Clock;
  /** Nobody may look at anything now. */
  readonly #isShut: () => boolean;
  readonly own: Namespace;
  readonly #space: AddressSpace;
  readonly #lads: number;

  /** `space`: with the nodesets of LADS in it. */
  constructor(
    opcua: Library,
    space: AddressSpace,
    { clock, isShut }: { readonly clock: Clock; isShut(): boolean },
  ) {
    this.opcua = opcua;
    this.clock = clock;
    this.#isShut = isShut;
    this.#space = space;
    this.#lads = space.getNamespaceIndex(LADS);
    this.own = space.registerNamespace(OWN);
  }

  /** Where devices stand. */
  get deviceSet(): UAObject {
    const found = this.#space.findNode(`ns=${this.#space.getNamespaceIndex(DI)};i=${DEVICE_SET}`);
    if (found === null) throw new Error('OPC UA: the nodeset has no DeviceSet');
    return found as UAObject;
  }

  /** An object of a type of LADS; `optionals`: what else of its type it has, by path. */
  make(type: string, browseName: string, componentOf: UAObject, optionals: readonly string[] = []): UAObject {
    const found = this.#space.findObjectType(type, this.#lads);
    if (found === null) throw new Error(`OPC UA: the nodeset has no ${type}`);
    return found.instantiate({
      browseName: { name: browseName, namespaceIndex: this.own.index },
      displayName: browseName,
      componentOf,
      namespace: this.own,
      optionals: [...optionals],
    });
  }

  /** A file as OPC UA part 20 has it. */
  makeFile(browseName: string, componentOf: UAObject): UAObject {
    const found = this.#space.findObjectType('FileType');
    if (found === null) throw new Error('OPC UA: the nodeset has no FileType');
    return found.instantiate({ browseName, componentOf, namespace: this.own, optionals: ['MimeType'] });
  }

  /** From now on nobody writes anything in it: what is asked for is called, and goes through the door. */
  lockDown(node: BaseNode): void {
    if (node.nodeClass === this.opcua.NodeClass.Variable) {
      const variable = node as UAVariable;
      variable.accessLevel = this.opcua.makeAccessLevelFlag('CurrentRead');
      variable.userAccessLevel = variable.accessLevel;
    }
    for (const part of node.getAggregates()) this.lockDown(part);
  }

  /** Takes an object with all that is in it away. */
  remove(node: UAObject): void {
    this.#space.deleteNode(node);
  }

  /** A part of an object by its name, or what it only points to, as functional groups do. */
  part<T = UAObject>(node: UAObject, name: string): T {
    const found = node.getChildByName(name) ?? node.getFolderElementByName(name);
    if (found === null) throw new Error(`OPC UA: ${node.browseName.name} has no ${name}`);
    return found as T;
  }

  /** A value that stays. */
  say(node: UAObject, name: string, dataType: DataType, value: unknown): void {
    const isArray = Array.isArray(value);
    const arrayType = this.opcua.VariantArrayType[isArray ? 'Array' : 'Scalar'];
    this.part<UAVariable>(node, name).setValueFromSource({ dataType, arrayType, value });
  }

  /** Likewise, of words for people. */
  sayText(node: UAObject, name: string, text: string): void {
    const value: LocalizedTextOptions = { text };
    this.say(node, name, this.opcua.DataType.LocalizedText, value);
  }

  /** There is no value, and none will come. */
  sayNothing(node: UAObject, name: string): void {
    const { DataType, StatusCodes } = this.opcua;
    const variable = this.part<UAVariable>(node, name);
    variable.setValueFromSource({ dataType: DataType.Null }, StatusCodes.BadNoDataAvailable);
  }

  /** Samples, as OPC 30500-1 has them. */
  samples(places: RunOrder['places']): unknown[] {
    return this.#structures(
      'SampleInfoType',
      places.map(({ sample, container, position, custom }) => ({
        containerId: container,
        sampleId: sample,
        position,
        customData: custom,
      })),
    );
  }

  /** Pairs of key and value, likewise. */
  keyValues(pairs: readonly (readonly [string, string])[]): unknown[] {
    return this.#structures(
      'KeyValueType',
      pairs.map(([key, value]) => ({ key, value })),
    );
  }

  #structures(name: string, parts: readonly Record<string, string>[]): unknown[] {
    const type = this.#space.findDataType(name, this.#lads);
    if (type === null) throw new Error(`OPC UA: the nodeset has no ${name}`);
    return parts.map(part => this.#space.constructExtensionObject(type, part));
  }

  /** A value that is looked up whenever somebody reads it; nobody writes it. */
  show(variable: UAVariable, dataType: DataType, look: () => Shown): void {
    const { DataValue, StatusCodes, Variant, VariantArrayType } = this.opcua;
    const { clock } = this;
    const isShut = this.#isShut;
    variable.minimumSamplingInterval = SAMPLING_MS;
    variable.accessLevel = this.opcua.makeAccessLevelFlag('CurrentRead');
    variable.userAccessLevel = variable.accessLevel;
    variable.bindVariable(
      {
        timestamped_get() {
          const serverTimestamp = new Date(clock.utc_ms());
          const shown: Shown = isShut() ? { status: 'BadUserAccessDenied' } : look();
          if (!('value' in shown))
            return new DataValue({
              statusCode: StatusCodes[shown.status],
              sourceTimestamp: serverTimestamp,
              serverTimestamp,
            });
          const { value } = shown;
          const isArray = Array.isArray(value) || value instanceof Float64Array;
          const arrayType = isArray ? VariantArrayType.Array : VariantArrayType.Scalar;
          return new DataValue({
            value: new Variant({ dataType, arrayType, value }),
            statusCode: StatusCodes[shown.status ?? 'Good'],
            sourceTimestamp: new Date(shown.utc_ms),
            serverTimestamp,
          });
        },
      },
      true,
    );
  }

  /**
   * Says of the state of a machine that it is the last one known, and that nobody knows what it is now; or that it is known
   * again.
   */
  sayLastKnown(machine: UAObject, isLastKnown: boolean): void {
    const { StatusCodes } = this.opcua;
    const status = isLastKnown ? StatusCodes.UncertainNoCommunicationLastUsableValue : StatusCodes.Good;
    const state = this.part<UAVariable>(machine, 'CurrentState');
    for (const variable of [state, state.getChildByName('Id') as UAVariable | null])
      variable?.setValueFromSource(variable.readValue().value, status);
  }

  /** Shows unit and range of a quantity where its type has a place for them. */
  sayRange(
    variable: UAVariable,
    units: ReturnType<Library['makeEUInformation']> | undefined,
    range: { readonly min: number | null; readonly max: number | null },
  ): void {
    const dataType = this.opcua.DataType.ExtensionObject;
    if (units !== undefined)
      variable.getPropertyByName('EngineeringUnits')?.setValueFromSource({ dataType, value: units });
    const { min, max } = range;
    if (min === null || max === null) return;
    const value = new this.opcua.Range({ low: min, high: max });
    variable.getPropertyByName('EURange')?.setValueFromSource({ dataType, value });
  }
}
