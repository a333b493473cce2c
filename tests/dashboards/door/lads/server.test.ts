import { connect } from 'node:net';
import { BrowseDirection, NodeClass } from 'node-opcua';
import { describe, expect, it, vi } from 'vitest';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { ask, openedDoor } from '../opened.ts';
import { Client, pageOf, runOf, snapshotOf, viewOf, withBench } from './bench-of-test.ts';

/** What the server of the OPC UA view bears, and what nobody can do to it. */

const UNIT = 'FunctionalUnitSet/Bench';
const FUNCTIONS = `${UNIT}/FunctionSet`;
const STATE = `${UNIT}/FunctionalUnitState`;
/** States and their transitions lead in circles. */
const DEEPEST = 8;

/** Every method below a node: its path, its own id and that of the object that it is shown at. */
async function methodsOf(
  client: Client,
  path: string,
): Promise<{ readonly path: string; readonly id: string; readonly of: string }[]> {
  const found: { path: string; id: string; of: string }[] = [];
  const walk = async (at: string, path: string): Promise<void> => {
    const { references } = await client.session.browse({
      ...{ nodeId: at, referenceTypeId: 'HierarchicalReferences', includeSubtypes: true },
      ...{ browseDirection: BrowseDirection.Forward, nodeClassMask: 0, resultMask: 63 },
    });
    for (const { browseName, nodeId, nodeClass } of references ?? []) {
      const here = `${path}/${browseName.name}`;
      if (nodeClass === NodeClass.Method) found.push({ path: here, id: String(nodeId), of: at });
      else if (here.split('/').length < DEEPEST) await walk(String(nodeId), here);
    }
  };
  await walk(String(await client.node(path)), path);
  return found;
}

it('a stranger ends the server of OPC UA at the most: the door goes on, and it begins again', async () => {
  await using door = await openedDoor({ withAccounts: false });
  withBench(door);
  await using view = await viewOf(door);
  const { hostname, port } = new URL(view.endpoint.replace('opc.tcp', 'http'));
  // A hello, and a chunk that is said to be 2 GB long.
  const url = 'opc.tcp://x';
  const hello = Buffer.alloc(32 + url.length);
  hello.write('HELF');
  for (const [i, word] of [hello.length, 0, 65_536, 65_536, 0, 0, url.length].entries())
    hello.writeUInt32LE(word, 4 + 4 * i);
  hello.write(url, 32);
  const chunk = Buffer.alloc(16);
  chunk.write('OPNF');
  chunk.writeUInt32LE(0x7fffffff, 4);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {}).resume();
  socket.write(Buffer.concat([hello, chunk]));
  await new Promise(resolve => socket.once('close', resolve));
  expect((await ask(door.server, '/api/v1/health')).status).toBe(200);
  await vi.waitFor(
    async () => {
      await using client = await Client.of(view);
      expect(await client.read(`${STATE}/CurrentState`)).toBe('Stopped');
    },
    { timeout: 40_000, interval: 1000 },
  );
}, 60_000);

describe('what is in the server', () => {
  it('is written by nobody, and every value has a status of its own', async () => {
    await using door = await openedDoor({ withAccounts: false });
    withBench(door);
    await using page = await pageOf(() => snapshotOf('Execute'));
    door.fake.runs.push(runOf('run-1'));
    door.fake.pages.set('run-1', page.url);
    await using view = await viewOf(door);
    await using client = await Client.of(view);
    const all = await client.variables();
    expect(all.length).toBeGreaterThan(100);
    const written = await client.write(all.map(({ id }) => id));
    expect(all.filter((_, i) => !written[i].startsWith('Bad')).map(({ path }) => path)).toEqual([]);
    expect(await client.read(`${FUNCTIONS}/stack.voltage_V/RawValue`)).toBe('BadNoDataAvailable');
  });

  it('answers every method that it shows; the Stop of a set point stops the run', async () => {
    await using door = await openedDoor({ withAccounts: false });
    withBench(door);
    await using page = await pageOf(() => snapshotOf('Execute'));
    await using view = await viewOf(door);
    await using client = await Client.of(view);
    const stop = `${FUNCTIONS}/stack.currentSet_A/Operational/Stop`;
    expect(await client.call(stop)).toEqual(['BadInvalidState']);
    const methods = await methodsOf(client, 'FunctionalUnitSet');
    const results = await client.session.call(
      methods.map(({ id, of }) => ({ objectId: of, methodId: id, inputArguments: [] })),
    );
    const unanswered = methods.filter((_, i) =>
      ['BadInternalError', 'BadNotImplemented'].includes(results[i].statusCode.name),
    );
    expect(unanswered.map(({ path }) => path)).toEqual([]);
    expect(methods.map(({ path }) => path)).toContain(stop);
    door.fake.runs.push(runOf('run-1'));
    door.fake.pages.set('run-1', page.url);
    const state = `${FUNCTIONS}/stack.currentSet_A/ControlFunctionState/CurrentState`;
    await vi.waitFor(async () => expect(await client.read(state)).toBe('Running'), { timeout: 20_000 });
    expect(await client.call(stop)).toEqual(['Good']);
    expect(door.fake.asked.at(-1)).toMatchObject({
      ...{ what: 'command', of: { id: 'run-1', command: { command: 'stop' } } },
    });
  }, 60_000);

  it('shows one run beside another one that hangs', async () => {
    await using door = await openedDoor({ withAccounts: false });
    withBench(door, ['left', 'right']);
    const said = snapshotOf('Execute');
    await using left = await pageOf(() => ({ ...said, run: { ...said.run, subject: 'left' } }));
    await using right = await pageOf(() => undefined);
    door.fake.runs.push(runOf('run-l'), runOf('run-r'));
    door.fake.pages.set('run-l', left.url).set('run-r', right.url);
    await using view = await viewOf(door);
    await using client = await Client.of(view);
    const voltage = 'FunctionalUnitSet/left/FunctionSet/stack.voltage_V/SensorValue';
    for (let n = 0; n < 8; n++) {
      expect(await client.read(voltage)).toBe(42.5);
      await realClock().sleep(1);
    }
  }, 20_000);
});
