import { parseArgs } from 'node:util';
import { type Cell, type Fault, LINE_FAULTS } from '../drivers/wires/line-faults.ts';
import { type OnAWire, onAWire, untilGood } from '../drivers/wires/on-a-wire.ts';
import { OWN_FAULTS } from '../drivers/wires/own-faults.ts';
import { onOneLine, type Subject, subjects } from '../drivers/wires/subjects.ts';

/**
 * Every driver of the registry, each family on each of its lines, against every fault an instrument can have: its
 * emulator on a real socket or pty, the reaction seen beside the documented one. `npm run measure:faults`; `--short` tries
 * each family on one of its lines, `--only TEXT` those with that in the name, `--fault TEXT` likewise. Progress on stderr; lines
 * of JSON on stdout, the last one `{ drivers, faults, empty, failed }`. Exit code 1 where a cell is empty or fails.
 */

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    fault: { type: 'string', default: '' },
    at: { type: 'string', default: '4' },
  },
});
const FAULTS = [...LINE_FAULTS, ...OWN_FAULTS].filter(({ name }) => name.includes(values.fault));
const all = await subjects();
const tried = (values.short ? onOneLine(all) : all).filter(({ name }) => name.includes(values.only));
const rows: { driver: string; cells: Record<string, Cell> }[] = [];

/** A healthy line for one fault; undefined and why where there is none. */
async function healthy(
  subject: Subject,
): Promise<{ on: OnAWire; right: Awaited<ReturnType<typeof untilGood>> }> {
  const on = await onAWire(subject);
  try {
    await on.device.connect();
    // What a fault's write asks for is so already.
    await on.device.safe();
    // As good as it gets: a channel that nothing of the plant stands behind stays without a value.
    const right = (await untilGood(on, 0.5)) ?? (await on.device.read());
    return { on, right };
  } catch (error) {
    await on.end();
    throw error;
  }
}

async function tryOne(subject: Subject): Promise<void> {
  const cells: Record<string, Cell> = {};
  let line: Awaited<ReturnType<typeof healthy>> | undefined;
  for (const fault of FAULTS) {
    try {
      line ??= await healthy(subject);
      if (line.right === undefined) throw new Error('never healthy');
      cells[fault.name] = await fault.run(line.on, line.right);
    } catch (error) {
      cells[fault.name] = { documented: '', seen: `FAILED: ${String(error).slice(0, 300)}`, ok: false };
    }
    const cell = cells[fault.name];
    if (isSpent(fault, cell)) {
      await line?.on.end();
      line = undefined;
    }
    const mark = 'none' in cell ? '-' : cell.ok ? 'ok' : `FAILS: ${cell.seen}`;
    if (mark !== '-') console.error(`${subject.name}: ${fault.name}: ${mark}`);
  }
  await line?.on.end();
  rows.push({ driver: subject.name, cells });
  console.log(JSON.stringify({ driver: subject.name, cells }));
}

/** Whether the instrument is not what it was: a fresh one for the next fault. */
const isSpent = (fault: Fault, cell: Cell): boolean =>
  !('none' in cell) && (!cell.ok || OWN_FAULTS.some(one => one === fault && one.name !== 'clock drift'));

const waiting = [...tried];
const work = async (): Promise<void> => {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await tryOne(next);
};
await Promise.all(Array.from({ length: Number(values.at) }, work));

const empty: string[] = [];
const failed: string[] = [];
for (const { driver, cells } of rows)
  for (const { name } of FAULTS) {
    const cell = cells[name];
    if (cell === undefined || ('none' in cell && cell.none === '')) empty.push(`${driver}: ${name}`);
    else if (!('none' in cell) && !cell.ok) failed.push(`${driver}: ${name}: ${cell.seen}`);
  }
console.log(JSON.stringify({ drivers: rows.length, faults: FAULTS.length, empty, failed }));
process.exitCode = empty.length + failed.length === 0 ? 0 : 1;
