import { expect, it, vi } from 'vitest';
import { openedDoor } from '../opened.ts';
import { Client, pageOf, runOf, type Snapshot, snapshotOf, viewOf, withBench } from './bench-of-test.ts';

const UNIT = 'FunctionalUnitSet/Bench';
const STATE = `${UNIT}/FunctionalUnitState`;
const WAIT = { timeout: 15_000, interval: 100 };

it('of a run that does not answer the last state stands, and says that nobody knows what it is now', async () => {
  await using door = await openedDoor({ withAccounts: false });
  withBench(door);
  let said: Snapshot | undefined = snapshotOf('Execute');
  await using page = await pageOf(() => said);
  door.fake.runs.push(runOf('run-1'));
  door.fake.pages.set('run-1', page.url);
  await using view = await viewOf(door);
  await using client = await Client.of(view);
  const shown = [
    [`${STATE}/CurrentState`, 'Running'],
    [`${STATE}/RunningStateMachine/CurrentState`, 'Execute'],
    [`${UNIT}/FunctionSet/stack.currentSet_A/ControlFunctionState/CurrentState`, 'Running'],
    [`${UNIT}/ProgramManager/ActiveProgram/CurrentRuntime`, 12_500],
  ] as const;
  const values = (): Promise<unknown[]> => Promise.all(shown.map(([at]) => client.read(at)));
  const statuses = async (): Promise<string[]> => [
    ...new Set(await Promise.all(shown.map(([at]) => client.status(at)))),
  ];
  const known = shown.map(([, value]) => value);
  await vi.waitFor(async () => expect(await values()).toEqual(known), WAIT);
  expect(await statuses()).toEqual(['Good']);
  said = undefined;
  const old = 'UncertainNoCommunicationLastUsableValue';
  await vi.waitFor(async () => expect(await statuses()).toEqual([old]), WAIT);
  expect(await values()).toEqual(known);
  said = snapshotOf('Held');
  await vi.waitFor(async () => expect(await statuses()).toEqual(['Good']), WAIT);
  expect((await values())[1]).toBe('Held');
});
