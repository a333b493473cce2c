import type { SinkTarget } from '../../control/contract/sinks.ts';
import { Journal } from '../../control/record/journal.ts';
import { readBatch } from '../../control/send/journal-lines.ts';
import { BEGINNING } from '../../control/send/positions.ts';
import { httpPost } from '../../control/send/post.ts';
import { Sender } from '../../control/send/sender.ts';
import { SendingFile } from '../../control/send/sending-file.ts';
import { type Clock, realClock } from '../../drivers/contract/clock.ts';
import { seededRandom } from '../../drivers/contract/random.ts';

/** A journal with known rows, and a sender for it whose waits take no time. */

/** Second 0 of the record. */
export const STARTED_UTC = '2026-05-01T20:00:00.000Z';
const META = {
  bench: 'test bench',
  mode: 'bench',
  startedUtc: STARTED_UTC,
  benchFile:
    'bench: test bench\nroles:\n  stack.current_A: supply.current_A\n  cell.voltage_V[]: supply.cell[].voltage_V\n',
};
const TABLES = [
  { device: 'supply', channels: ['current_A', 'cell[1].voltage_V', 'cell[2].voltage_V', 'spare_V'] },
];

/** Makes a closed journal of so many readings, 10 a second, one set point and two events. */
export async function sentJournal(path: string, rows: number): Promise<void> {
  const journal = await Journal.open(path, TABLES, META);
  for (let i = 0; i < rows; i++) {
    journal.frame({
      device: 'supply',
      t_s: i / 10,
      values: Float64Array.of(i, 1.8, i === 3 ? Number.NaN : 1.9, 0.5),
      // Row 3: one cell bad. Row 4: nothing came.
      quality: i === 4 ? new Uint8Array(4).fill(4) : Uint8Array.of(0, 0, i === 3 ? 4 : 0, 0),
    });
  }
  journal.setpoint({
    t_s: 0.5,
    role: 'stack.currentSet_A',
    asked: 10,
    applied: 9,
    source: 'method',
    outcome: 'applied',
  });
  journal.event({ t_s: 1, kind: 'alarm', text: 'hot, "very"\nhot', data: { id: 'hot', reaction: 'warn' } });
  journal.event({ t_s: 1, kind: 'clear', text: 'cool', data: { id: 'hot' } });
  await journal.close();
}

/** All rows as they are to be sent. */
export function allLines(path: string): string[] {
  return readBatch(path, new Map([['x', BEGINNING]]), { lines: 1e9, chars: 1e12 }).lines.map(
    line => line.text,
  );
}

/** A sender of that journal, the waits that it asked for, and its file. */
export function senderOf(
  path: string,
  url: string,
  {
    limits,
    timeout_s = 30,
    name = 'lab',
  }: {
    readonly limits?: { readonly lines: number; readonly chars: number };
    readonly timeout_s?: number;
    readonly name?: string;
  } = {},
): { sender: Sender; waits: number[]; file: SendingFile; target: SinkTarget } {
  const waits: number[] = [];
  const real = realClock();
  const clock: Clock = {
    ...real,
    sleep(delay_s) {
      waits.push(delay_s);
      return new Promise(resolve => {
        real.nextTurn(resolve);
      });
    },
  };
  const target = { name, url, org: 'lab', bucket: 'bench', token: 'secret', timeout_s };
  const file = new SendingFile(path.replace(/run\.sqlite$/, 'sending.sqlite'));
  const sender = new Sender({
    target,
    journal: path,
    file,
    clock,
    random: seededRandom(1),
    post: httpPost(target, clock),
    ...(limits !== undefined && { limits }),
  });
  sender.ended();
  return { sender, waits, file, target };
}
