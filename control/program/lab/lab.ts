import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { staysGood } from '../../../dashboards/command-validity.ts';
import {
  type Decided,
  type Finding,
  type Lab,
  LabRefusal,
  type Planned,
  type StartAsked,
} from '../../../dashboards/door/lab.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { siblingUrl } from '../../../drivers/contract/sibling.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';
import { jsonSchemas } from '../build/schemas.ts';
import { software } from '../result/software.ts';
import { askRun } from '../steer/door.ts';
import { Benches } from './benches.ts';
import { Beside } from './beside.ts';
import { Campaigns } from './campaigns.ts';
import { Catalogue } from './catalogue.ts';
import type { LookTasks } from './look-thread.ts';
import { Methods } from './methods.ts';
import { LabPlace, saidWithin } from './place.ts';
import { Processes } from './processes.ts';
import type { ReadTasks } from './read-thread.ts';
import { Rehearsals } from './rehearsals.ts';
import { Exports, liveValues } from './run-data.ts';
import { Runs } from './runs.ts';
import { noCommandsText } from './silent/no-commands.ts';

const LOOK_S = 60;
const READ_S = 60;
const REPORT_S = 300;
/** Stop is asked of one that hangs all the same, and is told so soon, s. */
const SILENT_ANSWER_S = 2;
/** The method is read again beside everything else, s. */
const EDIT_ANSWER_S = 30;
const LEAST_COMPARED = 2;
const MOST_COMPARED = 4;
/** As the program takes names of people. */
const LONGEST_NAME = 60;
const SCHEMA_FILE = '.schema.json';
const wall = realClock();

/**
 * Opens the laboratory of a folder: bench files, methods and campaign files anywhere below it, runs and campaigns in `runs/`.
 * What was started in it goes on when it is closed. Rejects with FileError where there is no such folder.
 */
export async function openLab(folder: string): Promise<Lab & AsyncDisposable> {
  const place = new LabPlace(folder);
  const data = { root: place.root };
  const look = new Beside<LookTasks>(siblingUrl(import.meta.url, './look-thread'), data);
  const read = new Beside<ReadTasks>(siblingUrl(import.meta.url, './read-thread'), data);
  // A long record that is gone through keeps no list back.
  const readLong = new Beside<ReadTasks>(siblingUrl(import.meta.url, './read-thread'), data);
  // A campaign is stopped by one that nobody can fill with questions.
  const steer = new Beside<LookTasks>(siblingUrl(import.meta.url, './look-thread'), data);
  for (const thread of [look, read]) thread.warm();
  const catalogue = new Catalogue(place);
  const processes = new Processes(place.root, place.own);
  const runs = new Runs({ place, processes, read });
  const benches = new Benches({
    ...{ place, catalogue, look, left: () => runs.left() },
    runOf: pid => runs.carriedBy(pid),
  });
  const methods = new Methods({ place, catalogue, look });
  const campaigns = new Campaigns({
    ...{ place, catalogue, look, steer, processes, benches },
    silent: runs.silent,
  });
  const rehearsals = new Rehearsals(text => place.said(text));
  const exports = new Exports(place);
  const opened_s = wall.now_s();
  const version = software().version;
  let schemas: ReturnType<typeof jsonSchemas> | undefined;

  const filesOf = ({ bench, method, subject, set }: Planned) => ({
    bench: catalogue.one('bench', bench).path,
    method: methods.fileOf(method),
    ...(subject === undefined ? {} : { subject }),
    set: Object.entries(set).map(([name, value]) => `${name}=${value}`),
  });
  const dirsOf = (ids: readonly string[]): string[] => ids.map(id => runs.recorded(id));
  const ofRecord = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof LabRefusal)) throw error;
      throw new LabRefusal(error.why, place.said(error.message), saidWithin(place, error.findings));
    }
  };

  const withFindingsSaid = <T extends { readonly findings: readonly Finding[] }>(file: T): T => ({
    ...file,
    findings: saidWithin(place, file.findings),
  });
  /** Folder of a run that has what is only there at its end. */
  const ended = async (id: string): Promise<string> => {
    const dir = runs.recorded(id);
    if (existsSync(join(dir, 'result.json'))) return dir;
    const { state, duration_s, verdict } = await runs.one(id);
    if (state === 'over' && duration_s === null)
      throw new LabRefusal('clash', `${id}: ${verdict}, expected a run that has come to its end`);
    if (state === 'over') return dir;
    throw new LabRefusal('clash', `${id} is under way, expected a run that is over`);
  };

  const lab: Lab = {
    name: basename(place.root),
    async health() {
      const { bavail, bsize } = await statfs(place.root);
      return { ok: canWrite(place), version, free_bytes: bavail * bsize, up_s: wall.now_s() - opened_s };
    },

    benches: () => benches.all(),
    bench: async name => withFindingsSaid(await ofRecord(benches.one(name))),
    methods: async () => methods.all(),
    method: async name => withFindingsSaid(await ofRecord(methods.one(name))),
    checkMethod: async of => saidWithin(place, await ofRecord(methods.check(of))),
    saveMethod: async of => withFindingsSaid(await ofRecord(methods.save(of))),
    async schemas() {
      schemas ??= jsonSchemas();
      return Object.keys(schemas).map(name => name.slice(0, -SCHEMA_FILE.length));
    },
    async schema(name) {
      schemas ??= jsonSchemas();
      const file = `${name}${SCHEMA_FILE}`;
      if (Object.hasOwn(schemas, file)) return { ...schemas[file] };
      throw new LabRefusal(
        'missing',
        `${name}: no such schema, expected one of ${(await lab.schemas()).join(', ')}`,
      );
    },

    async rehearse(planned) {
      return rehearsals.ask(planned, filesOf(planned));
    },
    rehearsal: async id => rehearsals.one(id),
    giveUpRehearsal: async id => rehearsals.giveUp(id),

    runs: () => runs.all(),
    run: id => runs.one(id),
    async start(asked, who) {
      const by = personOf(who);
      const files = filesOf(asked);
      mustFit(asked);
      if (asked.mode === 'real') {
        const bench = catalogue.one('bench', asked.bench);
        const same = processes.all().find(one => isSameBench(one, asked) && processes.isGoing(one));
        if (same !== undefined)
          throw new LabRefusal('clash', `${asked.bench} is busy: ${same.id}; expected a bench that is free`);
        await benches.mustBeFree(bench);
      }
      await ofRecord(look.ask('night', { ...files, accept: asked.mode === 'twin' }, LOOK_S));
      return await ofRecord(
        runs.start(
          [
            ...[`--bench=${files.bench}`, `--method=${files.method}`],
            ...(asked.subject === undefined ? [] : [`--subject=${asked.subject}`]),
            ...files.set.map(set => `--set=${set}`),
          ],
          asked,
          catalogue.one('bench', asked.bench).title,
          by,
        ),
      );
    },
    async command(id, command, who, through = 'page') {
      const by = personOf(who);
      const { command: word } = command;
      if (word === 'stop' || word === 'abort') {
        const tell = async (): Promise<Decided> =>
          await askRun(place.runDir(id), { ...command, by }, { through });
        const given = runs.endStarting(id, { command: word, by }, tell);
        if (given !== undefined) return given;
      }
      const dir = runs.recorded(id);
      if (runs.pageOf(id) === undefined) {
        const why = await noCommandsText(await runs.one(id), dir, () => read.ask('guards', { dir }, READ_S));
        throw new LabRefusal('clash', `${id} ${place.said(why)}`);
      }
      const since = runs.silent.since(id);
      if (since !== undefined && !staysGood(word))
        throw new LabRefusal(
          'clash',
          `${id}: its process does not answer, last heard of ${since}; ${word} was not asked for, expected stop or abort`,
        );
      const answer_s = since !== undefined ? SILENT_ANSWER_S : word === 'edit' ? EDIT_ANSWER_S : undefined;
      // The rest of a run is changed by a method of the laboratory only, whatever path a run itself would take.
      const { method: named } = command;
      const method = named === undefined ? {} : { method: catalogue.one('method', named).path };
      try {
        const decided = await askRun(dir, { ...command, ...method, by }, { answer_s, through });
        return { ...decided, text: place.said(decided.text) };
      } catch (error) {
        if (error instanceof FileError) throw new LabRefusal('clash', `${id}: ${error.text}`);
        throw error;
      }
    },
    result: async id => await ofRecord(read.ask('result', { dir: await ended(id) }, READ_S)),
    resultText: async id => readTextFile(join(await ended(id), 'result.json')),
    report: async id => await ofRecord(readLong.ask('report', { dir: await ended(id) }, REPORT_S)),
    verify: async id =>
      saidWithin(place, await ofRecord(readLong.ask('verify', { dir: await ended(id) }, REPORT_S))),
    spectra: async id => await ofRecord(readLong.ask('spectra', { dir: await ended(id) }, REPORT_S)),
    async values(id, asked) {
      const dir = runs.recorded(id);
      const page = runs.pageOf(id);
      if (page !== undefined) return await liveValues(page, asked);
      return await ofRecord(readLong.ask('values', { dir, asked }, READ_S));
    },
    events: async id =>
      saidWithin(place, await ofRecord(read.ask('events', { dir: runs.recorded(id) }, READ_S))),
    alarms: async (id, asked) =>
      saidWithin(place, await ofRecord(read.ask('alarms', { dir: runs.recorded(id), asked }, READ_S))),
    async compare(ids) {
      if (ids.length < LEAST_COMPARED || ids.length > MOST_COMPARED || new Set(ids).size < ids.length)
        throw new LabRefusal('bad', `expected ${LEAST_COMPARED} to ${MOST_COMPARED} runs, each once`);
      const compared = await ofRecord(readLong.ask('compare', { dirs: dirsOf(ids) }, REPORT_S));
      return { runs: [...ids], compared };
    },
    async exportRun(id, format) {
      const dir = runs.recorded(id);
      const { state } = await runs.one(id);
      if (state !== 'over') throw new LabRefusal('clash', `${id} is under way, expected a run that is over`);
      return await ofRecord(exports.of(id, dir, format));
    },
    exportedFile: async (id, format, file) => exports.file(id, format, file),
    livePage: id => runs.pageOf(id),
    silent: id => runs.silent.one(id),
    isSilent: id => runs.silent.since(id) !== undefined,

    campaigns: async () => campaigns.all(),
    campaignFiles: async () => campaigns.files(),
    campaign: async id => campaigns.one(id),
    campaignChannels: id => campaigns.channels(id),
    startCampaign: async (asked, who) => {
      mustFit(asked);
      return await ofRecord(campaigns.start(asked, personOf(who)));
    },
    editCampaign: async (id, change, because, who) =>
      await campaigns.edit(id, change, because, personOf(who)),
    morning: async id => campaigns.morning(id),
  };
  return {
    ...lab,
    async [Symbol.asyncDispose]() {
      rehearsals[Symbol.dispose]();
      runs.silent[Symbol.dispose]();
      await Promise.all([look, read, readLong, steer].map(thread => thread[Symbol.asyncDispose]()));
    },
  };
}

/** What cannot be asked together, as the program says it. @throws LabRefusal */
function mustFit({ mode, minutes, pace }: Pick<StartAsked, 'mode' | 'minutes' | 'pace'>): void {
  if (minutes !== undefined && mode !== 'wire')
    throw new LabRefusal('bad', 'minutes are for emulated wires: all else takes as long as the method says');
  if (pace !== undefined && mode !== 'twin')
    throw new LabRefusal('bad', 'pace is for twins: wires and instruments run in real time');
}

/** Two runs of one bench, or of one channel of it, on the instruments. */
function isSameBench(
  one: { readonly kind: string; readonly benchName: string; readonly mode: string },
  { bench }: StartAsked,
): boolean {
  return one.kind === 'run' && one.mode === 'bench' && one.benchName === bench;
}

/** Whoever asks, as it stands in records. @throws LabRefusal for nobody */
function personOf(who: string): string {
  const name = who
    .replaceAll(/\p{Cc}/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME)
    .trim();
  if (name === '') throw new LabRefusal('bad', 'expected the name of who asks');
  return name;
}

function canWrite({ root, runs }: LabPlace): boolean {
  try {
    accessSync(existsSync(runs) ? runs : dirname(runs), constants.W_OK);
    return existsSync(root);
  } catch {
    // Told by the answer.
    return false;
  }
}
