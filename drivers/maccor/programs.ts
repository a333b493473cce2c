import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceError, plainReason } from '../contract/errors.ts';
import type { Program } from '../contract/program/program.ts';
import { sha256Of } from '../contract/sha256.ts';
import type { ProgramSpec } from '../program/spec.ts';
import { ID, type MacAsk, type MacReply } from './messages.ts';
import { numberOf, statOf } from './status.ts';

/**
 * Programs of a Maccor channel: a procedure that lies in the tester's folder, started by its name. The state of a channel
 * names neither test nor procedure. What tells a test is when it began, by the tester's clock: TesterTime less TestTime; who
 * has started it knows its name.
 */

/** The channel shows an order within, s (default). */
const SHOWS_s = 10;
/** TesterTime has whole seconds, TestTime parts of them; both clocks are read one after the other. */
const SAME_s = 3;
/** Letters of a name of a procedure (maker's help). */
const LONGEST_NAME = 25;

interface Moment {
  /** By the tester's clock. */
  readonly at_s: number;
  readonly begun_s: number;
  readonly testTime_s: number;
}
interface Seen extends Moment {
  readonly label: string;
  readonly test: string;
}

/**
 * Whether that is the test that was seen before. One that is suspended or over has a time that stands still, and seems to have
 * begun later: it is known again only from when it ran, and only if no other test can have run since as long.
 */
function isOf(seen: Seen, { at_s, begun_s, testTime_s }: Moment, isRunning: boolean): boolean {
  if (isRunning && Math.abs(begun_s - seen.begun_s) <= SAME_s) return true;
  if (testTime_s < seen.testTime_s - 0.1 || seen.testTime_s === 0) return false;
  return testTime_s === seen.testTime_s || (!isRunning && at_s - seen.at_s <= seen.testTime_s);
}

/** How one channel is told to run procedures. */
export function maccorPrograms(
  chan: number,
  procedureFolder: string | undefined,
): ProgramSpec<MacAsk, MacReply> {
  let procedure = '';
  let ordered = '';
  let seen: Seen | undefined;
  const status: MacAsk = { fClass: 4, fNum: 7, chan };

  function recognise(reply: MacReply): { label: string; test: string } {
    const testTime_s = numberOf(reply, 'TestTime');
    const at_s = Date.parse(`${String(reply['TesterTime'])}Z`) / 1000;
    const begun_s = at_s - testTime_s;
    const { state } = statOf(reply);
    if (state === 'idle' || !Number.isFinite(begun_s)) return { label: '', test: '' };
    const isSame = seen !== undefined && isOf(seen, { at_s, begun_s, testTime_s }, state === 'running');
    const label = isSame ? (seen?.label ?? '') : ordered;
    const test = isSame
      ? (seen?.test ?? '')
      : new Date(1000 * Math.round(begun_s)).toISOString().slice(0, 19);
    if (!isSame) ordered = '';
    seen = { label, test, begun_s, testTime_s, at_s };
    return { label, test };
  }

  return {
    ability: {
      format: 'maccor',
      takesFiles: procedureFolder !== undefined,
      givesRows: false,
      label: /^(?!Random$)[A-Za-z0-9_.-]{1,25}$/,
    },
    shows_s: SHOWS_s,
    load(program) {
      procedure = fileOf(program, procedureFolder);
      return Promise.resolve();
    },
    knows({ label, test }) {
      const begun_s = Date.parse(`${test}Z`) / 1000;
      if (Number.isFinite(begun_s) && seen?.test !== test)
        seen = { label, test, begun_s, testTime_s: 0, at_s: begun_s };
    },
    async look({ ask, clock }) {
      const reply = await ask(status);
      const { word, state } = statOf(reply);
      const records = numberOf(reply, 'LastRecNum');
      return {
        t_s: clock.now_s(),
        state,
        ...recognise(reply),
        records: Number.isInteger(records) && records >= 0 ? records : 0,
        said: word,
      };
    },
    async start(label, { ask, order }) {
      // A channel that has completed is not free until it is reset.
      if (!['Available', 'Selected'].includes(statOf(await ask(status)).word))
        await order({ fClass: 6, fNum: 5, chan });
      const params = { TestName: label, ProcName: procedure, Comment: '', ...PLAIN_START };
      await order({ fClass: 6, fNum: 2, chan, params: () => params });
      // Only now: without an answer nobody knows whether a test that shows is this one.
      ordered = label;
      seen = undefined;
    },
  };
}

/** As the maker's help has them for a test without any of it. */
const PLAIN_START = {
  Crate: 1,
  ChamberNum: 0,
  StartCycle: 0,
  TotCycles: 0,
  Mass: 1,
  VGain: 0,
  AbsTRepAlign: 0,
  ParallelR: 0,
  VDivHiR: 0,
  VDivLoR: 0,
  CANpos: -1,
  CANprof: '',
  RegimeName: '',
} as const;

/** Name of the procedure; its text goes into the tester's folder, under a name that nothing else has. */
function fileOf(program: Program, folder: string | undefined): string {
  const bare = program.name.replace(/\.000$/i, '');
  if (!('text' in program)) {
    if (/^[\x21-\x7e][\x20-\x7e]{0,24}$/.test(bare) && !/[\\/]/.test(bare)) return bare;
    throw new DeviceError(
      'config',
      ID,
      `"${program.name}": expected the name of a procedure, ${LONGEST_NAME} letters at most, no path`,
    );
  }
  if (folder === undefined)
    throw new DeviceError('config', ID, 'no procedureFolder: nowhere to put a procedure');
  if (!program.text.includes('<MaccorTestProcedure>'))
    throw new DeviceError(
      'config',
      ID,
      `${program.name}: no Maccor procedure, expected <MaccorTestProcedure>`,
    );
  const mark = `-${sha256Of(program.text).slice(0, 8)}`;
  const name = bare.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, LONGEST_NAME - mark.length) + mark;
  const whole = join(folder, `${name}.000`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(`${whole}.part`, program.text);
    renameSync(`${whole}.part`, whole);
    if (readFileSync(whole, 'utf8') === program.text) return name;
  } catch (error) {
    throw new DeviceError('config', ID, `${folder}: ${plainReason(error)}`, error);
  }
  throw new DeviceError('readback', ID, `${folder}: ${name}.000 is not what was written`);
}
