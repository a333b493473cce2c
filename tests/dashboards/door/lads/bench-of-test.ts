import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UserIdentityInfo } from 'node-opcua';
import * as opcua from 'node-opcua';
import { type LadsView, openLadsView } from '../../../../control/program/serve/lads/open-view.ts';
import type { BenchRole, LabMode } from '../../../../dashboards/door/lab.ts';
import { fakeRun } from '../fake-lab.ts';
import type { OpenedDoor } from '../opened.ts';

/** A laboratory with one bench, its OPC UA view, and a client of the library that has signed in. */

const role = (name: string, unit: string, more: Partial<BenchRole> = {}): BenchRole => ({
  ...{ role: name, subject: '', unit, min: 0, max: 1000, members: 1, isSet: false, words: {} },
  ...more,
});
export const BENCH = 'examples/cell';
export const ROLES: readonly BenchRole[] = [
  role('stack.voltage_V', 'V'),
  role('stack.current_A', 'A'),
  role('cathode.pressure_barg', 'barg', { max: 40 }),
  role('room.ventilation_on', 'on'),
  role('room.h2_ppm', 'ppm', { min: null, max: null }),
  role('cell.voltage_V[]', 'V', { members: 3, max: 3 }),
  role('stack.currentSet_A', 'A', { isSet: true }),
  role('plc.heartbeatSet_count', 'count', { isSet: true }),
];

/** What a run's page says; a test changes it. */
export interface Snapshot {
  run: Record<string, unknown>;
  isLive: boolean;
  roles: Record<string, unknown>[];
  cells?: { role: string; values: (number | null)[] };
}
export const snapshotOf = (state: string): Snapshot => ({
  run: { subject: '', state, phase: 'load', step: 'ramp', time_s: 12.5, planned_s: 3600 },
  isLive: true,
  roles: [
    { role: 'stack.voltage_V', value: 42.5, quality: 'good' },
    { role: 'stack.current_A', value: 100.25, quality: 'uncertain', set: { value: 100, min: 0, max: 900 } },
    { role: 'cathode.pressure_barg', value: null, quality: 'bad' },
    { role: 'room.ventilation_on', value: 1, quality: 'good' },
    { role: 'room.h2_ppm', value: 12, quality: 'stale' },
  ],
  cells: { role: 'cell.voltage_V[]', values: [1.7, null, 1.8] },
});

/** A page of a run that says what `say` gives; undefined: it hangs. */
export async function pageOf(say: () => Snapshot | undefined): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((_request, answer) => {
    const said = say();
    if (said === undefined) return;
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify(said));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Gives the fake laboratory that bench, without runs. */
export function withBench(door: OpenedDoor, subjects: readonly string[] = []): void {
  const { lab, runs } = door.fake;
  runs.length = 0;
  const file = { name: BENCH, title: 'A cell', isBuiltIn: false, sha256: 'b'.repeat(64) };
  const roles =
    subjects.length > 1 ? subjects.flatMap(subject => ROLES.map(one => ({ ...one, subject }))) : [...ROLES];
  Object.assign(lab, {
    benches: async () => [
      { ...file, subjects, devices: {}, canEmulate: true, busy: [], findings: [], left: [] },
    ],
    bench: async () => ({ ...file, text: '', findings: [], roles }),
    livePage: (id: string) => door.fake.pages.get(id),
  });
}

/** A run of that bench. */
export const runOf = (id: string, more: object = {}) => ({
  ...fakeRun(id),
  bench: 'A cell',
  mode: 'bench',
  ...more,
});

/** Opens the view of a door. */
export async function viewOf(door: OpenedDoor, mode: LabMode = 'real'): Promise<LadsView & AsyncDisposable> {
  const own = { folder: `${door.folder}/.cellbench/opcua`, host: '127.0.0.1', port: 0 };
  const view = await openLadsView(door.server.door, { ...own, mode, version: '9.9' });
  return { ...view, [Symbol.asyncDispose]: () => view.close() };
}

/** How a client comes. */
export interface Coming {
  readonly name?: string;
  readonly password?: string;
  readonly isPlain?: boolean;
  /** Browse name of the bench that is looked at. */
  readonly device?: string;
}

/** A client that has signed in. Rejects with what the server says. */
export class Client implements AsyncDisposable {
  readonly session: opcua.ClientSession;
  readonly #client: opcua.OPCUAClient;
  readonly #name: string;
  #device = '';

  private constructor(client: opcua.OPCUAClient, session: opcua.ClientSession, name: string) {
    this.#client = client;
    this.session = session;
    this.#name = name;
  }

  static async of(view: LadsView, coming: Coming = {}): Promise<Client> {
    const { name, password, isPlain = false, device = BENCH.replace('/', '.') } = coming;
    const client = opcua.OPCUAClient.create({
      endpointMustExist: false,
      connectionStrategy: { maxRetry: 0 },
      securityMode: isPlain ? opcua.MessageSecurityMode.None : opcua.MessageSecurityMode.SignAndEncrypt,
      securityPolicy: isPlain ? opcua.SecurityPolicy.None : opcua.SecurityPolicy.Basic256Sha256,
    });
    const user: UserIdentityInfo =
      name === undefined
        ? { type: opcua.UserTokenType.Anonymous }
        : { type: opcua.UserTokenType.UserName, userName: name, password: password ?? '' };
    try {
      await client.connect(view.endpoint);
      return new Client(client, await client.createSession(user), device);
    } catch (error) {
      await client.disconnect();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.disconnect();
  }

  /** Node by the browse names below the device. */
  async node(path: string): Promise<opcua.NodeId> {
    if (this.#device === '') {
      const uris = await this.session.readNamespaceArray();
      const set = `ns=${uris.indexOf('http://opcfoundation.org/UA/DI/')};i=5001`;
      const { references } = await this.session.browse(set);
      const device = (references ?? []).find(one => one.browseName.name === this.#name);
      this.#device = String(device?.nodeId);
    }
    let at = this.#device;
    for (const name of path.split('/')) {
      const { references } = await this.session.browse({
        nodeId: at,
        referenceTypeId: 'HierarchicalReferences',
        includeSubtypes: true,
        browseDirection: opcua.BrowseDirection.Forward,
        nodeClassMask: 0,
        resultMask: 63,
      });
      const found = (references ?? []).find(one => one.browseName.name === name);
      if (found === undefined)
        throw new Error(
          `no ${name} of ${path}; there are ${(references ?? []).map(one => one.browseName.name).join(', ')}`,
        );
      at = String(found.nodeId);
    }
    return opcua.resolveNodeId(at);
  }

  /** Value, or the name of its bad status. */
  async read(path: string): Promise<unknown> {
    const { value, statusCode } = await this.session.read({ nodeId: await this.node(path) });
    if (!statusCode.isGood() && !statusCode.name.startsWith('Uncertain')) return statusCode.name;
    const found = value?.value as { text?: unknown } | undefined;
    return found?.text ?? found;
  }

  /** Name of the status, whether good or not. */
  async status(path: string): Promise<string> {
    return (await this.session.read({ nodeId: await this.node(path) })).statusCode.name;
  }

  /** Name of the status, then what it gives. */
  async call(path: string, inputs: readonly opcua.VariantOptions[] = []): Promise<unknown[]> {
    const cut = path.lastIndexOf('/');
    const result = await this.session.call({
      objectId: await this.node(path.slice(0, cut)),
      methodId: await this.node(path),
      inputArguments: [...inputs],
    });
    return [result.statusCode.name, ...(result.outputArguments ?? []).map(({ value }) => value as unknown)];
  }

  /** Every variable below the device. */
  async variables(): Promise<{ readonly path: string; readonly id: string }[]> {
    await this.node('DeviceState');
    const found: { path: string; id: string }[] = [];
    const walk = async (at: string, path: string): Promise<void> => {
      const { references } = await this.session.browse({
        ...{ nodeId: at, referenceTypeId: 'Aggregates', includeSubtypes: true },
        ...{ browseDirection: opcua.BrowseDirection.Forward, nodeClassMask: 0, resultMask: 63 },
      });
      for (const { browseName, nodeId, nodeClass } of references ?? []) {
        const here = `${path}/${browseName.name}`;
        if (nodeClass === opcua.NodeClass.Variable) found.push({ path: here, id: String(nodeId) });
        await walk(String(nodeId), here);
      }
    };
    await walk(this.#device, '');
    return found;
  }

  /** Writes back what each of them shows, or a 0; names of the statuses. */
  async write(ids: readonly string[]): Promise<string[]> {
    const names: string[] = [];
    for (const nodeId of ids) {
      const { value } = await this.session.read({ nodeId });
      const shown =
        value.dataType === opcua.DataType.Null ? { dataType: opcua.DataType.Double, value: 0 } : value;
      const status = await this.session.write({
        ...{ nodeId, attributeId: opcua.AttributeIds.Value },
        value: new opcua.DataValue({ value: shown }),
      });
      names.push(status.name);
    }
    return names;
  }

  text(value: string): opcua.VariantOptions {
    return { dataType: opcua.DataType.String, value };
  }

  /** Pairs of key and value as OPC 30500-1 has them. */
  keyValues(pairs: readonly (readonly [string, string])[]): Promise<opcua.VariantOptions> {
    return this.structures(
      3003,
      pairs.map(([key, value]) => ({ key, value })),
    );
  }

  /** Structures of the type of this id in OPC 30500-1. */
  async structures(id: number, parts: readonly Record<string, string>[]): Promise<opcua.VariantOptions> {
    const uris = await this.session.readNamespaceArray();
    const type = opcua.resolveNodeId(`ns=${uris.indexOf('http://opcfoundation.org/UA/LADS/')};i=${id}`);
    const value: opcua.ExtensionObject[] = [];
    for (const one of parts) value.push(await this.session.constructExtensionObject(type, one));
    return { dataType: opcua.DataType.ExtensionObject, arrayType: opcua.VariantArrayType.Array, value };
  }

  /** StartProgram. */
  async start(
    path: string,
    of: {
      readonly method: string;
      readonly job?: string;
      readonly task?: string;
      /** Names, or all that a sample may say. */
      readonly samples?: readonly (
        | string
        | Readonly<Record<'sampleId' | 'containerId' | 'position' | 'customData', string>>
      )[];
      readonly properties?: readonly (readonly [string, string])[];
    },
  ): Promise<unknown[]> {
    const sampleOf = (of: string | Readonly<Record<string, string>>) =>
      typeof of === 'string' ? { containerId: '', sampleId: of, position: '', customData: '' } : { ...of };
    return await this.call(path, [
      this.text(of.method),
      await this.keyValues(of.properties ?? []),
      this.text(of.job ?? ''),
      this.text(of.task ?? ''),
      await this.structures(3002, (of.samples ?? []).map(sampleOf)),
    ]);
  }

  /** All of a file (OPC UA part 20). */
  async file(path: string): Promise<string> {
    const uint32 = (value: number) => ({ dataType: opcua.DataType.UInt32, value });
    const [status, handle] = await this.call(`${path}/Open`, [{ dataType: opcua.DataType.Byte, value: 1 }]);
    if (status !== 'Good') throw new Error(`${path}: ${status}`);
    const parts: Buffer[] = [];
    for (;;) {
      const [, bytes] = await this.call(`${path}/Read`, [
        uint32(handle as number),
        { dataType: opcua.DataType.Int32, value: 10_000 },
      ]);
      if ((bytes as Buffer).length === 0) break;
      parts.push(bytes as Buffer);
    }
    await this.call(`${path}/Close`, [uint32(handle as number)]);
    return Buffer.concat(parts).toString();
  }
}
