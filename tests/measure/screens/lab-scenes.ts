import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DoorClient, type LabRun } from '../../../dashboards/door/client/door-client.ts';
import type { Camera, Dress, Form } from './camera.ts';
import { clock, startProgram, until, within } from './program.ts';

/** The page of a laboratory with real runs on twins: two that are over, one that has tripped, one under way. */

const ROOT = new URL('../../..', import.meta.url).pathname;
const BENCH = 'cell-cycling/bench';
const METHOD = 'cell-cycling/cycling';
const PACE = 20;
/** Lower than the cell is, so that it trips at once, degC. */
const BELOW_ALL_DEGC = 15;
const SOON_S = 700;
const OVER_WITHIN_S = 180;
const FORMS: readonly Form[] = ['desk', 'phone'];
const NOTICES_S = 5;

/** What stands in a place, and what it is there for. */
type Place = readonly [state: string, hash: string, ready: string, dresses: readonly Dress[]];

/** Every place of it, and the live page of a run as it stands behind a door. */
export async function takeLab(camera: Camera, dir: string): Promise<void> {
  const lab = join(dir, 'lab');
  mkdirSync(lab);
  for (const folder of ['cell-cycling', 'pem-500kw', 'eight-cells', 'overnight', 'gas-mix'])
    cpSync(join(ROOT, 'examples', folder), join(lab, folder), { recursive: true });
  const program = await startProgram(['serve', lab, '--port', '0'], '');
  const door = new DoorClient(program.url);
  try {
    await door.takeControl({});
    const asked = { bench: BENCH, method: METHOD, mode: 'twin' } as const;
    const first = await over(door, await door.startRun({ ...asked, set: { cycles_count: '1' } }));
    const second = await over(
      door,
      await door.startRun({ ...asked, set: { cycles_count: '1', charge_C: '1' } }),
    );
    const tripped = await door.startRun({ ...asked, pace: PACE });
    const pageOf = (id: string): string => `${program.url}/run/${encodeURIComponent(id)}`;
    await until(pageOf(tripped.id), 'a run in the lab', ({ run }) => run.state === 'Execute');
    await door.command(tripped.id, {
      command: 'limit',
      interlock: 'cell-temperature-high',
      value: BELOW_ALL_DEGC,
      reason: 'for a picture',
    });
    await until(pageOf(tripped.id), 'its trip', ({ run }) => run.state === 'Aborted');
    const places = [
      ...placesOf(first.id, second.id),
      ['run-tripped', `#/runs/${encodeURIComponent(tripped.id)}`, '.buttons', ['']] as Place,
    ];
    await takePlaces(camera, program.url, places);
    await door.command(tripped.id, { command: 'abort' }).catch(() => {});
    const going = await door.startRun({
      ...asked,
      bench: 'gas-mix/bench',
      method: 'gas-mix/mix',
      pace: PACE,
    });
    await until(pageOf(going.id), 'a run in the lab', ({ run }) => run.time_s > SOON_S);
    const here: Place = ['run-going', `#/runs/${encodeURIComponent(going.id)}`, '.buttons', ['']];
    await takePlaces(camera, program.url, [here]);
    await camera.open('lab-live', `${pageOf(going.id)}/`);
    await camera.take('lab-live', 'quiet');
    await door.command(going.id, { command: 'hold' });
    await until(pageOf(going.id), 'it holds', ({ run }) => run.state === 'Held');
    await camera.take('lab-live', 'hold');
    await camera.open('lab', `${program.url}/${here[1]}`, FORMS);
    await program.kill();
    await clock.sleep(NOTICES_S);
    await camera.take('lab', 'lost');
    await camera.take('lab-live', 'lost');
  } finally {
    await program.kill();
    await camera.leave('lab-live');
    await camera.leave('lab');
  }
}

function placesOf(first: string, second: string): readonly Place[] {
  const all: readonly Dress[] = ['', 'dark', 'ja'];
  const [bench, method] = [encodeURIComponent(BENCH), encodeURIComponent(METHOD)];
  const [a, b] = [encodeURIComponent(first), encodeURIComponent(second)];
  return [
    ['benches', '#/benches', '.bench', ['']],
    ['methods', '#/methods', 'tbody tr', ['']],
    ['start', `#/start?bench=${bench}&method=${method}`, '.fields', all],
    ['runs', '#/runs', 'tbody tr', all],
    ['run-over', `#/runs/${b}`, '.tree', all],
    ['compare', `#/compare?run=${a}&run=${b}`, '.compared', ['']],
    ['campaigns', '#/campaigns', 'main', ['']],
    ['edit', `#/edit/${method}`, '.cm-content', ['', 'dark']],
    ['people', '#/people', 'h1', ['']],
  ];
}

async function takePlaces(camera: Camera, url: string, places: readonly Place[]): Promise<void> {
  for (const [state, hash, ready, dresses] of places)
    for (const form of FORMS)
      for (const dress of dresses) await camera.visit('lab', `${url}/${hash}`, state, form, dress, ready);
}

function over(door: DoorClient, run: LabRun): Promise<LabRun> {
  return within(`${run.id} is over`, OVER_WITHIN_S, async () => {
    const now = await door.run(run.id);
    return now.state === 'over' ? now : undefined;
  });
}
