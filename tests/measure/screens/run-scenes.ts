import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Camera, Dress } from './camera.ts';
import { clock, command, startProgram, until } from './program.ts';

/** The live page of one run on a twin in each of its states, by faults that come at their times. */

const ROOT = new URL('../../..', import.meta.url).pathname;
const BY = 'A. Miller';
/** A page that hears nothing says so after a while, s. */
const NOTICES_S = 5;
/** The cause of a trip stands so long, s of the run. */
const TRIPS_FOR_S = 3000;

type Fault = 'warn' | 'hold' | 'trip';

/** Of what the pictures are. `offsets`: of a sensor, so that the alarm of that reaction comes; times in s of the run. */
interface Subject {
  readonly subject: string;
  readonly folder: string;
  readonly method: string;
  readonly pace: number;
  readonly sensor: string;
  /** A limit more, which holds. */
  readonly hold: string;
  /** A line of the bench file that would trip on a jump of the sensor. */
  readonly without?: string;
  /** Phases of the method that are not waited for. */
  readonly leftOut?: readonly string[];
  readonly quiet_s: number;
  readonly offsets: Readonly<Record<Fault, number>>;
  readonly dresses: readonly Dress[];
}

const limit = (id: string, role: string, above: number, rearm: number, armed = ''): string =>
  `  - { id: ${id}, kind: threshold, role: ${role}, trips: '>', limit: ${above}, rearm: ${rearm}, delay_s: 0, reaction: hold, ${armed}basis: default }\n`;

export const SUBJECTS: readonly Subject[] = [
  {
    subject: 'stack',
    folder: 'pem-500kw',
    method: 'night.yaml',
    pace: 300,
    sensor: 'o2.h2_vol_pct',
    hold: limit('h2-in-o2-hold', 'o2.h2_vol_pct', 1.5, 0.9),
    leftOut: ['leak-test', 'polarisation-begin'],
    quiet_s: 5600,
    offsets: { warn: 0.75, hold: 1.45, trip: 2.6 },
    dresses: ['', 'dark', 'ja'],
  },
  {
    subject: 'cell',
    folder: 'cell-cycling',
    method: 'cycling.yaml',
    pace: 100,
    sensor: 'cell.temperature_degC',
    hold: limit('cell-temperature-hold', 'cell.temperature_degC', 52, 43),
    without: 'cell-temperature-rate',
    quiet_s: 1300,
    offsets: { warn: 22, hold: 30, trip: 42 },
    dresses: [''],
  },
  {
    subject: 'mix',
    folder: 'gas-mix',
    method: 'mix.yaml',
    pace: 60,
    sensor: 'mix.o2_vol_pct',
    hold: limit('oxygen-hold', 'mix.o2_vol_pct', 3.5, 2, 'armed: hydrogen, '),
    quiet_s: 1500,
    offsets: { warn: 3.2, hold: 3.75, trip: 5 },
    dresses: [''],
  },
];

/** A copy of the example whose bench holds, too; with a file of faults beside it for each alarm. */
function copyOf(one: Subject, dir: string): void {
  const { folder, method, hold, without, leftOut, sensor, offsets, quiet_s } = one;
  const to = join(dir, folder);
  cpSync(join(ROOT, 'examples', folder), to, { recursive: true });
  const bench = join(to, 'bench.yaml');
  const lines = readFileSync(bench, 'utf8').split('\n');
  const kept = lines.filter(line => without === undefined || !line.includes(`id: ${without}`));
  writeFileSync(bench, kept.join('\n').replace('interlocks:\n', `interlocks:\n${hold}`));
  const steps = readFileSync(join(to, method), 'utf8').split(/(?=^- name: )/m);
  const done = steps.filter(phase => leftOut?.every(name => !phase.startsWith(`- name: ${name}\n`)) ?? true);
  writeFileSync(join(to, method), done.join(''));
  for (const [kind, size] of Object.entries(offsets)) {
    const to = kind === 'trip' ? `, to_s: ${quiet_s + TRIPS_FOR_S}` : '';
    const fault = `{ kind: sensor-offset, target: ${sensor}, from_s: ${quiet_s}${to}, size: ${size} }`;
    writeFileSync(faultsOf(folder, dir, kind), `faults:\n  - ${fault}\n`);
  }
}

const faultsOf = (folder: string, dir: string, kind: string): string => join(dir, folder, `${kind}.yaml`);

/** A run of it for each state that it can stay in, so that a slow machine has its time. */
export async function takeRun(camera: Camera, one: Subject, dir: string): Promise<void> {
  copyOf(one, dir);
  const { subject, quiet_s, dresses } = one;
  await during(camera, one, dir, undefined, async (url, kill) => {
    await until(url, `${subject}: quiet`, ({ run }) => run.time_s >= quiet_s);
    await camera.take(subject, 'quiet', dresses);
    await kill();
    await clock.sleep(NOTICES_S);
    await camera.take(subject, 'lost');
  });
  await during(camera, one, dir, 'warn', async url => {
    await until(url, `${subject}: warns`, ({ alarms }) => alarms.some(({ gone_s }) => gone_s === null));
    await camera.take(subject, 'warn');
  });
  await during(camera, one, dir, 'hold', async url => {
    await until(url, `${subject}: holds`, ({ run }) => run.state === 'Held');
    await camera.take(subject, 'hold');
  });
  await during(camera, one, dir, 'trip', async url => {
    await until(url, `${subject}: trips`, ({ run }) => run.state.startsWith('Abort'));
    await camera.take(subject, 'trip', dresses);
    await until(url, `${subject}: tripped`, ({ next }) => next.command === 'acknowledge');
    await camera.take(subject, 'next');
    await until(url, `${subject}: its cause goes`, ({ alarms }) =>
      alarms.every(({ gone_s }) => gone_s !== null),
    );
    await command(url, { command: 'acknowledge', by: BY });
    await until(url, `${subject}: may be cleared`, ({ allowed }) => allowed.includes('clear'));
    await camera.take(subject, 'clear');
  });
}

/** With the page of a run of it open in every form. */
async function during(
  camera: Camera,
  { subject, folder, method, pace }: Subject,
  dir: string,
  fault: Fault | undefined,
  look: (url: string, kill: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const files = ['--bench', join(dir, folder, 'bench.yaml'), '--method', join(dir, folder, method)];
  const how = ['--port', '0', '--pace', String(pace), '--operator', BY];
  const faults = fault === undefined ? [] : ['--faults', faultsOf(folder, dir, fault)];
  const out = join(dir, `${subject}-${fault ?? 'quiet'}`);
  const program = await startProgram([...files, ...how, ...faults, '--out', out]);
  try {
    await camera.open(subject, program.url);
    await look(program.url, program.kill);
  } finally {
    await program.kill();
    await camera.leave(subject);
  }
}

/** The same run without faults, when it is over. */
export async function takeOver(
  camera: Camera,
  { subject, folder, method }: Subject,
  dir: string,
): Promise<void> {
  const from = join(ROOT, 'examples', folder);
  const files = ['--bench', join(from, 'bench.yaml'), '--method', join(from, method), '--port', '0'];
  const program = await startProgram([...files, '--operator', BY, '--out', join(dir, `${subject}-over`)]);
  try {
    await until(program.url, `${subject}: over`, ({ isLive, run }) => !isLive && run.report !== '');
    await camera.open(subject, program.url);
    await camera.take(subject, 'over');
  } finally {
    await program.kill();
    await camera.leave(subject);
  }
}
