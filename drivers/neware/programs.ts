import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceError, plainReason } from '../contract/errors.ts';
import type { Program, ProgramRow, ProgramState } from '../contract/program/program.ts';
import { sha256Of } from '../contract/sha256.ts';
import type { ProgramSpec } from '../program/spec.ts';
import { type BtsAnswer, type BtsAsk, type BtsElement, numberIn } from './messages.ts';

/** Programs of a Neware channel: a step file in a folder that the BTS server reads, a barcode, a test number. */

const ID = 'neware/bts-8';
/** Rows of one download (aurora-neware). */
const ROWS = 1000;
/** The channel shows an order within, s (default). */
const SHOWS_s = 10;

/** The server's words for a channel; `pause` and what is not listed may go on by itself. */
export const STATES: Readonly<Record<string, ProgramState>> = {
  working: 'running',
  pause: 'paused',
  finish: 'finished',
  stop: 'stopped',
  protect: 'fault',
};

/** Where step files go. */
export interface StepFolders {
  /** Folder as this machine sees it. */
  readonly stepFolder: string | undefined;
  /** The same folder as the computer of the BTS server sees it. */
  readonly stepFolderOnServer: string;
  readonly backupFolder: string;
}

/** How one channel is told to run programs. */
export function newarePrograms(folders: StepFolders): ProgramSpec<BtsAsk, BtsAnswer> {
  let path = '';
  return {
    ability: {
      format: 'neware',
      takesFiles: folders.stepFolder !== undefined,
      givesRows: true,
      // Longest and characters: default.
      label: /^[A-Za-z0-9_.-]{1,48}$/,
    },
    shows_s: SHOWS_s,
    load(program) {
      path = joined(folders.stepFolderOnServer, fileOf(program, folders.stepFolder));
      return Promise.resolve();
    },
    async look({ ask, clock }) {
      const live = elementOf(await ask({ cmd: 'inquire' }), 'inquire').attributes;
      const newest = elementOf(await ask({ cmd: 'inquiredf', test: '0' }), 'chl').attributes;
      const said = live['workstatus'] ?? '';
      return {
        t_s: clock.now_s(),
        state: Object.hasOwn(STATES, said) ? STATES[said] : 'unknown',
        label: live['barcode'] ?? '',
        test: newest['testid'] ?? '',
        records: wholeNumber(newest['count'], 'count'),
        said,
      };
    },
    async start(label, { order }) {
      await order({ cmd: 'start', path, label, backupFolder: folders.backupFolder });
    },
    async rows(test, from, { ask }) {
      const { elements } = await ask({ cmd: 'download', test, from, count: ROWS });
      return elements.filter(one => one.name === 'data').map(rowOf);
    },
    async countOf(test, { ask }) {
      // An older test by its number: how the server answers is not in any client (default); another number does not fit.
      const found = await ask({ cmd: 'inquiredf', test }).catch((error: unknown) => {
        if (error instanceof DeviceError && error.code === 'garbled') return undefined;
        throw error;
      });
      return found === undefined
        ? undefined
        : wholeNumber(elementOf(found, 'chl').attributes['count'], 'count');
    },
  };
}

/** Writes the step file where the server reads it, and reads it back; its name there. */
function fileOf(program: Program, folder: string | undefined): string {
  if (!('text' in program)) return program.name;
  if (folder === undefined) throw new DeviceError('config', ID, 'no stepFolder: nowhere to put a step file');
  if (!/<config\s[^>]*type="Step File"/.test(program.text))
    throw new DeviceError(
      'config',
      ID,
      `${program.name}: no step file of Neware, expected <config type="Step File">`,
    );
  const name = `${program.name.replaceAll(/[^A-Za-z0-9_.-]+/g, '-')}-${sha256Of(program.text).slice(0, 12)}.xml`;
  try {
    mkdirSync(folder, { recursive: true });
    const whole = join(folder, name);
    writeFileSync(`${whole}.part`, program.text);
    renameSync(`${whole}.part`, whole);
    if (readFileSync(whole, 'utf8') === program.text) return name;
  } catch (error) {
    throw new DeviceError('config', ID, `${folder}: ${plainReason(error)}`, error);
  }
  throw new DeviceError('readback', ID, `${folder}: ${name} is not what was written`);
}

/** A path of the server's computer, which may be of Windows. */
function joined(folder: string, name: string): string {
  if (folder === '' || /^([A-Za-z]:)?[\\/]/.test(name)) return name;
  const mark = folder.includes('\\') ? '\\' : '/';
  return folder.endsWith(mark) ? folder + name : folder + mark + name;
}

/** @throws DeviceError `garbled` where the answer has no such element */
export function elementOf({ elements, cmd }: BtsAnswer, name: string): BtsElement {
  const found = elements.find(one => one.name === name);
  if (found === undefined) throw new DeviceError('garbled', ID, `${cmd} without ${name}`);
  return found;
}

function rowOf({ attributes }: BtsElement): ProgramRow {
  const number = (name: string): number => numberIn(attributes[name]);
  return {
    record: wholeNumber(attributes['seqid'], 'seqid'),
    cycle: number('cycleid'),
    step: number('stepid'),
    kind: attributes['steptype'] ?? '',
    // In ms, and of the step: the recorded rows and step table of aurora-neware agree only so.
    stepTime_s: number('testtime') / 1000,
    at: attributes['atime'] ?? '',
    voltage_V: number('volt'),
    current_A: number('curr'),
    stepCharge_Ah: number('cap'),
    stepEnergy_Wh: number('eng'),
  };
}

function wholeNumber(text: string | undefined, what: string): number {
  const value = numberIn(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new DeviceError('garbled', ID, `${what} "${text}", expected a whole number`);
}
