import { readFileSync } from 'node:fs';
import { DataType } from 'node-opcua';
import { describe, expect, it, vi } from 'vitest';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { type OpenedDoor, openedDoor, PASSWORD } from '../opened.ts';
import {
  Client,
  type Coming,
  pageOf,
  runOf,
  type Snapshot,
  snapshotOf,
  viewOf,
  withBench,
} from './bench-of-test.ts';

const UNIT = 'FunctionalUnitSet/Bench';
const FUNCTIONS = `${UNIT}/FunctionSet`;
const STATE = `${UNIT}/FunctionalUnitState`;
const RUNNING = `${STATE}/RunningStateMachine`;
const WAIT = { timeout: 30_000, interval: 100 };
const as = (name: string): Coming => ({ name, password: PASSWORD });

const auditOf = (door: OpenedDoor): Record<string, unknown>[] =>
  readFileSync(`${door.folder}/.cellbench/audit.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>);

describe('who comes in over OPC UA', () => {
  it('has an account, and comes encrypted', async () => {
    await using door = await openedDoor();
    withBench(door);
    await using view = await viewOf(door);
    for (const [who, coming] of Object.entries<Coming>({
      'nobody, in plain': { isPlain: true },
      'nobody, encrypted': {},
      'a wrong password': { name: 'operator', password: 'no' },
      'a password in plain': { ...as('operator'), isPlain: true },
      'no such account': { name: 'nobody', password: PASSWORD },
    }))
      await expect(Client.of(view, coming), who).rejects.toThrow();
    await using client = await Client.of(view, as('viewer'));
    expect(await client.read(`${STATE}/CurrentState`)).toBe('Stopped');
  });

  it('is nobody any more once the account is gone', async () => {
    await using door = await openedDoor();
    withBench(door);
    await using view = await viewOf(door);
    await using client = await Client.of(view, as('operator'));
    door.accounts.change(file => ({
      ...file,
      accounts: file.accounts.filter(({ name }) => name !== 'operator'),
    }));
    // The client signs in again and again: what it asks for meanwhile waits.
    const seen = (): Promise<unknown> =>
      Promise.race([
        client.read(`${STATE}/CurrentState`).catch(() => 'refused'),
        realClock()
          .sleep(1)
          .then(() => 'silence'),
      ]);
    await vi.waitFor(async () => expect(await seen()).not.toBe('Stopped'), WAIT);
    expect(await seen()).not.toBe('Stopped');
  });

  it('guesses no password: after five in a minute none is looked at', async () => {
    await using door = await openedDoor();
    withBench(door);
    await using view = await viewOf(door);
    for (let n = 0; n < 5; n++)
      await expect(Client.of(view, { name: 'operator', password: `guess ${n}` })).rejects.toThrow();
    await expect(Client.of(view, as('operator'))).rejects.toThrow();
    expect(auditOf(door).map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
    door.clock.later(61);
    await using client = await Client.of(view, as('operator'));
    expect(await client.read(`${STATE}/CurrentState`)).toBe('Stopped');
  });
});

describe('a bench over OPC UA', () => {
  it('shows what a run says, and nothing else as good', async () => {
    await using door = await openedDoor({ withAccounts: false });
    withBench(door);
    let said: Snapshot | undefined = snapshotOf('Execute');
    await using page = await pageOf(() => said);
    await using view = await viewOf(door);
    await using client = await Client.of(view);
    const value = (name: string): Promise<unknown> => client.read(`${FUNCTIONS}/${name}`);
    expect(await value('stack.voltage_V/SensorValue')).toBe('BadOutOfService');
    expect(await client.read(`${RUNNING}/CurrentState`)).toBe('Idle');

    door.fake.runs.push(runOf('run-1'));
    door.fake.pages.set('run-1', page.url);
    await vi.waitFor(async () => expect(await value('stack.voltage_V/SensorValue')).toBe(42.5), WAIT);
    expect(await Promise.all([STATE, RUNNING].map(at => client.read(`${at}/CurrentState`)))).toEqual([
      'Running',
      'Execute',
    ]);
    expect(await value('stack.currentSet_A/TargetValue')).toBe(100);
    expect(await value('stack.currentSet_A/CurrentValue')).toBe(100.25);
    expect(await value('stack.currentSet_A/ControlFunctionState/CurrentState')).toBe('Running');
    expect(await value('cathode.pressure_barg/SensorValue')).toBe('BadSensorFailure');
    expect(await value('room.h2_ppm/SensorValue')).toBe('BadNoCommunication');
    expect(await value('room.ventilation_on/SensorValue')).toBe(true);
    expect([...((await value('cell.voltage_V/SensorValue')) as number[])]).toEqual([1.7, Number.NaN, 1.8]);
    const units = ['stack.voltage_V', 'cathode.pressure_barg', 'room.h2_ppm'].map(name =>
      value(`${name}/SensorValue/EngineeringUnits`),
    );
    expect(await Promise.all(units)).toMatchObject([
      { unitId: 0x56_4c_54, displayName: { text: 'V' } },
      { unitId: 0x42_41_52, displayName: { text: 'barg' } },
      { unitId: -1, displayName: { text: 'ppm' } },
    ]);
    expect(await client.read(`${UNIT}/ProgramManager/ActiveProgram/CurrentStepName`)).toBe('load / ramp');
    expect(await client.read(`${UNIT}/ProgramManager/ActiveProgram/CurrentRuntime`)).toBe(12_500);

    said = undefined;
    await vi.waitFor(
      async () => expect(await value('stack.voltage_V/SensorValue')).toBe('BadNoCommunication'),
      WAIT,
    );
    door.fake.runs.length = 0;
    await vi.waitFor(
      async () => expect(await value('stack.voltage_V/SensorValue')).toBe('BadOutOfService'),
      WAIT,
    );
    expect(await client.read(`${STATE}/CurrentState`)).toBe('Stopped');
  });

  it('never shows a simulated run as the bench', async () => {
    await using door = await openedDoor({ withAccounts: false });
    withBench(door);
    await using page = await pageOf(() => snapshotOf('Execute'));
    door.fake.runs.push(runOf('run-1', { mode: 'rehearsal' }), runOf('run-2', { mode: 'wire' }));
    for (const id of ['run-1', 'run-2']) door.fake.pages.set(id, page.url);
    await using view = await viewOf(door);
    await using client = await Client.of(view);
    expect(await client.read(`${FUNCTIONS}/stack.voltage_V/SensorValue`)).toBe('BadOutOfService');
    expect(await client.read('Identification/Model')).toBe('A cell');
    await using twin = await viewOf(door, 'twin');
    await using looking = await Client.of(twin);
    expect(await looking.read(`${FUNCTIONS}/stack.voltage_V/SensorValue`)).toBe(42.5);
    expect(await looking.read('Identification/Model')).toBe('A cell, simulated');
  });

  it('has a unit for each subject, with the run of that subject', async () => {
    await using door = await openedDoor({ withAccounts: false });
    withBench(door, ['left', 'right']);
    const saidOf = (subject: string): Snapshot => {
      const said = snapshotOf(subject === 'left' ? 'Held' : 'Execute');
      return { ...said, run: { ...said.run, subject } };
    };
    await using left = await pageOf(() => saidOf('left'));
    await using right = await pageOf(() => saidOf('right'));
    door.fake.runs.push(runOf('run-l'), runOf('run-r'));
    door.fake.pages.set('run-l', left.url).set('run-r', right.url);
    await using view = await viewOf(door);
    await using client = await Client.of(view);
    const at = 'FunctionalUnitState/RunningStateMachine/CurrentState';
    const states = (): Promise<unknown[]> =>
      Promise.all(['left', 'right'].map(unit => client.read(`FunctionalUnitSet/${unit}/${at}`)));
    await vi.waitFor(async () => expect(await states()).toEqual(['Held', 'Execute']), WAIT);
  });
});

describe('what is called over OPC UA', () => {
  it('asks the door: role, control, the run, the audit', async () => {
    await using door = await openedDoor();
    withBench(door);
    await using page = await pageOf(() => snapshotOf('Execute'));
    door.fake.runs.push(runOf('run-1'));
    door.fake.pages.set('run-1', page.url);
    await using view = await viewOf(door);
    await using viewer = await Client.of(view, as('viewer'));
    await using operator = await Client.of(view, as('operator'));
    await using engineer = await Client.of(view, as('engineer'));
    const words = (): Promise<unknown> => operator.read(`${UNIT}/LastAnswer`);

    expect(await viewer.call(`${RUNNING}/Hold`)).toEqual(['BadUserAccessDenied']);
    expect(await viewer.call(`${STATE}/Stop`)).toEqual(['BadUserAccessDenied']);
    expect(await operator.call(`${RUNNING}/Hold`)).toEqual(['BadInvalidState']);
    expect(await words()).toContain('nobody is in control');
    expect(await engineer.call(`${UNIT}/Lock/InitLock`, [{ dataType: DataType.String, value: '' }])).toEqual([
      'Good',
      0,
    ]);
    expect(await operator.call(`${UNIT}/Lock/InitLock`, [{ dataType: DataType.String, value: '' }])).toEqual([
      'Good',
      -1,
    ]);
    expect(await operator.read(`${UNIT}/Lock/LockingUser`)).toBe('engineer');
    // Whoever has it already does not take it anew: that is what RenewLock is for.
    expect(await engineer.call(`${UNIT}/Lock/InitLock`, [engineer.text('')])).toEqual(['Good', -1]);
    expect(await engineer.read(`${UNIT}/LastAnswer`)).toContain('expected RenewLock');
    expect(await engineer.call(`${UNIT}/Lock/RenewLock`)).toEqual(['Good', 0]);
    expect(await operator.call(`${STATE}/Stop`)).toEqual(['Good']);
    expect(await operator.call(`${UNIT}/Lock/BreakLock`)).toEqual(['Good', 0]);
    expect(await operator.call(`${RUNNING}/Hold`)).toEqual(['Good']);
    expect(await engineer.call(`${RUNNING}/Unhold`)).toEqual(['BadInvalidState']);
    expect(await words()).toContain('operator is in control');
    // The run decides: here it refuses.
    expect(await operator.call(`${RUNNING}/Reset`)).toEqual(['BadInvalidState']);
    expect(await operator.call(`${UNIT}/Lock/ExitLock`)).toEqual(['Good', 0]);
    expect(await operator.call(`${UNIT}/Lock/ExitLock`)).toEqual(['Good', -1]);

    const commands = door.fake.asked.filter(({ what }) => what === 'command').map(({ of }) => of);
    expect(commands).toEqual(
      ['stop', 'hold', 'reset'].map(command => ({
        id: 'run-1',
        command: { command, by: 'operator' },
        who: 'operator',
      })),
    );
    const told = auditOf(door).filter(({ what, status }) => what === 'command' && status !== 102);
    expect(told.map(({ by, from, status }) => [by, from, status])).toEqual([
      // The same again within a minute is counted.
      ['viewer', 'opc.tcp', 403],
      ['operator', 'opc.tcp', 409],
      ['operator', 'opc.tcp', 200],
      ['operator', 'opc.tcp', 200],
      ['engineer', 'opc.tcp', 409],
      ['operator', 'opc.tcp', 200],
    ]);
  });

  it('starts a run in the mode of the view, with what was ordered', async () => {
    await using door = await openedDoor({ withAccounts: false });
    withBench(door);
    await using view = await viewOf(door, 'twin');
    await using client = await Client.of(view);
    expect(await client.call(`${UNIT}/Lock/InitLock`, [{ dataType: DataType.String, value: '' }])).toEqual([
      'Good',
      0,
    ]);
    const properties = [['current', '2.5 A']] as const;
    const MEA = { sampleId: 'MEA 12', containerId: 'rack 3', position: 'B4', customData: 'batch 7' };
    const order = { properties, job: 'job 7', task: 'task 2', samples: [MEA] };
    const start = (method: string) => client.start(`${STATE}/StartProgram`, { method, ...order });
    expect(await start('cv')).toEqual(['Good', 'run-3']);
    expect(await start('wrong')).toEqual(['BadInvalidArgument', '']);
    expect(await client.read(`${UNIT}/LastAnswer`)).toContain('no such step');
    expect(door.fake.asked.filter(({ what }) => what === 'start').map(({ of }) => of)[0]).toEqual({
      start: {
        ...{
          bench: 'examples/cell',
          method: 'cv',
          mode: 'twin',
          set: { current: '2.5 A' },
          hasLooked: false,
        },
        order: {
          ...{ job: 'job 7', task: 'task 2', samples: ['MEA 12'] },
          places: [{ sample: 'MEA 12', container: 'rack 3', position: 'B4', custom: 'batch 7' }],
        },
      },
      who: 'local',
    });
  });

  it('starts no second run on a unit, and takes no property twice', async () => {
    await using door = await openedDoor({ withAccounts: false });
    withBench(door);
    await using view = await viewOf(door, 'twin');
    await using client = await Client.of(view);
    const { lab, runs } = door.fake;
    const begun = async () => {
      const run = runOf('run-3', { mode: 'rehearsal', state: 'starting' });
      runs.push(run);
      return run;
    };
    Object.assign(lab, { start: begun });
    await client.call(`${UNIT}/Lock/InitLock`, [client.text('night shift')]);
    expect(door.server.door.control.now()).toMatchObject({ by: 'local', reason: 'night shift' });
    const start = (properties: readonly (readonly [string, string])[]) =>
      client.start(`${STATE}/StartProgram`, { method: 'cv', properties });
    const twice = [
      ['current', '1 A'],
      ['current', '2 A'],
    ] as const;
    expect(await start(twice)).toEqual(['BadInvalidArgument', '']);
    expect(await client.read(`${UNIT}/LastAnswer`)).toContain('"current" stands there twice');
    expect(await start([])).toEqual(['Good', 'run-3']);
    expect(await start([])).toEqual(['BadInvalidState', '']);
    expect(await client.read(`${UNIT}/LastAnswer`)).toContain('run-3 is under way');
  });
});
