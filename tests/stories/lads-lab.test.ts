import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDoorAudit } from '../../control/program/serve/door-audit.ts';
import { type LadsView, openLadsView } from '../../control/program/serve/lads/open-view.ts';
import { type LabServer, serveLab } from '../../dashboards/door/serve-lab.ts';
import { realClock } from '../../drivers/contract/clock.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { opcuaLads } from '../../drivers/opcua/lads.ts';
import { probe } from '../../drivers/probe/probe.ts';
import { Client } from '../dashboards/door/lads/bench-of-test.ts';
import { type LabFolder, LONG, labFolder, SHORT, until, withCells } from './support/lab-folder.ts';
import { RUN_TIMEOUT_MS } from './support/program.ts';

/** A real laboratory over OPC UA: ordered, held and stopped by a client, read by our own driver of laboratory devices. */

const clock = realClock();
let folder: LabFolder;
let server: LabServer;
let view: LadsView;

beforeAll(async () => {
  folder = await labFolder({ 'methods/short.yaml': SHORT, 'methods/long.yaml': LONG });
  withCells(folder.path);
  mkdirSync(join(folder.path, '.cellbench'), { recursive: true });
  const audit = openDoorAudit(folder.path, clock);
  server = await serveLab(folder.lab, { folder: folder.path, port: 0, clock, audit });
  const own = { folder: join(folder.path, '.cellbench', 'opcua'), host: '127.0.0.1', port: 0 };
  view = await openLadsView(server.door, { ...own, mode: 'twin', version: '1' });
}, 60_000);
afterAll(async () => {
  await view?.close();
  await server?.close();
  await folder?.remove();
});

const UNIT = 'FunctionalUnitSet/nickel';
const STATE = `${UNIT}/FunctionalUnitState`;
const RUNNING = `${STATE}/RunningStateMachine`;

it('is found as a laboratory device with a unit for each subject', async () => {
  const port = Number(new URL(view.endpoint.replace('opc.tcp', 'http')).port);
  const { found } = await probe({ host: '127.0.0.1', port }, clock, { within_s: 1, units: [1] });
  expect(found[0].says).toContain('LADS device "cells.bench"');
  expect(JSON.stringify(found[0].fits)).toContain('nickel/cell.voltage_V');
});

it('a run is ordered, read, held and stopped', { timeout: RUN_TIMEOUT_MS }, async () => {
  await using client = await Client.of(view, { device: 'cells.bench' });
  expect(await client.call(`${UNIT}/Lock/InitLock`, [client.text('')])).toEqual(['Good', 0]);
  const [status, id] = await client.start(`${STATE}/StartProgram`, { method: 'methods/long', job: 'job 7' });
  expect(status).toBe('Good');
  const state = (at: string): Promise<unknown> => client.read(`${at}/CurrentState`);
  await until('executing', async () => (await state(RUNNING)) === 'Execute');
  expect(await state(STATE)).toBe('Running');

  const device = opcuaLads.open(
    'lab',
    opcuaLads.options.parse({
      endpoint: view.endpoint,
      device: {
        name: 'cells.bench',
        manufacturer: 'cellbench',
        model: 'two-cells, simulated',
        serialNumber: 'cells/bench',
      },
      onLoss: 'unknown',

      sensors: [
        {
          function: 'nickel/cell.voltage_V',
          name: 'cellVoltage_V',
          range: [-10, 10],
          accuracy: { reading_pct: 0, abs: 0.01, basis: 'default' },
        },
      ],
      controllers: [],
    }),
    { clock, baseDir: folder.path, reply_s: 1, readOnly: true },
  );
  await device.connect();
  const { values, quality } = await device.read();
  expect(quality[0]).toBe(QUALITY.good);
  expect(values[0]).toBeGreaterThan(1);
  await device.close();

  const run = await folder.lab.run(String(id));
  expect(run).toMatchObject({
    started: { by: 'local', subject: 'nickel', order: { job: 'job 7', task: '', samples: [], places: [] } },
  });
  await until('takes a hold', async () => (await client.call(`${RUNNING}/Hold`))[0] === 'Good');
  await until('held', async () => (await state(RUNNING)) === 'Held');
  expect(await client.call(`${STATE}/Stop`)).toEqual(['Good']);
  await until('stopped', async () => (await state(STATE)) === 'Stopped');
});

it('shows figures and files of what has been run', { timeout: RUN_TIMEOUT_MS }, async () => {
  await using client = await Client.of(view, { device: 'cells.bench' });
  await client.call(`${UNIT}/Lock/InitLock`, [client.text('')]);
  const [, id] = await client.start(`${STATE}/StartProgram`, {
    method: 'methods/short',
    job: 'job 8',
    samples: [{ sampleId: 'MEA 12', containerId: 'rack 3', position: 'B4', customData: 'batch 7' }],
    properties: [['charge_min', '3']],
  });
  await until('over', async () => (await folder.lab.run(String(id))).state === 'over');
  const at = `${UNIT}/ProgramManager/ResultSet/${String(id)}`;
  await until('shown', async () => {
    try {
      await client.read(`${at}/Started`);
      return true;
    } catch {
      return false;
    }
  });
  expect(await client.read(`${at}/SupervisoryJobId`)).toBe('job 8');
  expect(await client.read(`${at}/User`)).toBe('local');
  expect(await client.read(`${at}/Samples`)).toMatchObject([
    { sampleId: 'MEA 12', containerId: 'rack 3', position: 'B4', customData: 'batch 7' },
  ]);
  const figure = await client.read(`${at}/VariableSet/returns of the method.charge`);
  expect(figure).toBeCloseTo((0.5 * 3) / 60, 3);
  const json = JSON.parse(await client.file(`${at}/FileSet/result.json`)) as { method: string };
  expect(json.method).toBe('short');
  expect(await client.file(`${at}/FileSet/report.html`)).toContain('<!doctype html>');
});
