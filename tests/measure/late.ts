import { parseArgs } from 'node:util';
import { QUALITY } from '../../drivers/contract/frame.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { onAWire, untilGood, wrongIn } from '../drivers/wires/on-a-wire.ts';
import { onOneLine, type Subject, subjects } from '../drivers/wires/subjects.ts';

/**
 * 20 % of the answers 50..500 ms late, behind which the others wait or which they overtake: no value of any usable quality
 * is another one's. `npm run measure:late -- --seeds 10 --for_s 60 [--only TEXT]`; every channel stands at a value of its own, so
 * that the answer to another question shows. Progress on stderr, last line: JSON. Exit code 1 for one wrong value.
 */

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    for_s: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
  },
});
const FOR_S = Number(values.for_s);
const PART = 0.2;
const [LEAST_MS, MOST_MS] = [50, 500];

interface Outcome {
  readonly usable: number;
  readonly late: number;
  readonly wrong: readonly string[];
}

async function pollLate(subject: Subject, seed: number, keepsOrder: boolean): Promise<Outcome> {
  const random = seededRandom(seed);
  const on = await onAWire(subject);
  const { device, clock, tap } = on;
  const wrong: string[] = [];
  let [usable, late] = [0, 0];
  try {
    // A busy machine may miss the short deadlines of connecting; what counts comes after it.
    for (let attempt = 1; device.state !== 'ready'; attempt++)
      await device.connect().catch((error: unknown) => {
        if (attempt === 5) throw error;
      });
    await device.safe();
    const right = (await untilGood(on, 0.5)) ?? (await device.read());
    let lastDue_s = 0;
    const queue: (() => void)[] = [];
    tap.meddle = (bytes, pass) => {
      const isLate = random.uniform() < PART;
      if (isLate) late++;
      const wait_s = isLate ? (LEAST_MS + (MOST_MS - LEAST_MS) * random.uniform()) / 1000 : 0;
      const due_s = clock.now_s() + wait_s;
      if (!keepsOrder) {
        clock.schedule(wait_s, () => pass(bytes));
        return;
      }
      lastDue_s = Math.max(lastDue_s, due_s);
      queue.push(() => pass(bytes));
      // Whichever is due sends the oldest.
      clock.schedule(lastDue_s - clock.now_s(), () => queue.shift()?.());
    };
    const end_s = clock.now_s() + FOR_S;
    while (clock.now_s() < end_s) {
      const frame = await device.read();
      usable += frame.quality.filter(quality => quality <= QUALITY.uncertain).length;
      wrong.push(...wrongIn(frame, right, device));
      await clock.sleep(0.005);
    }
    return { usable, late, wrong };
  } finally {
    await on.end();
  }
}

const all = await subjects();
const chosen = [
  ...onOneLine(all).filter(({ driver, name }) =>
    driver !== 'generic/modbus-map' && driver !== 'generic/scpi'
      ? true
      : /keller|alicat|keysight-n5700|tdk-genesys/.test(name),
  ),
  ...all.filter(({ name }) => /(keller|alicat|keysight-n5700|tdk-genesys|methodscript) pty/.test(name)),
].filter(({ name }) => name.includes(values.only));
const rows = await Promise.all(
  chosen.map(async subject => {
    const row = { driver: subject.name, usable: 0, late: 0, wrong: [] as string[] };
    for (let seed = 1; seed <= Number(values.seeds); seed++) {
      // Bytes of a stream with sequence numbers, and of one serial line, do not overtake each other by themselves; messages through a gateway do.
      const keepsOrder =
        seed % 2 === 1 || subject.driver === 'opcua/plc' || subject.driver === 'palmsens/methodscript';
      const { usable, late, wrong } = await pollLate(subject, seed, keepsOrder);
      row.usable += usable;
      row.late += late;
      row.wrong.push(...wrong);
      console.error(`${subject.name} seed ${seed}: ${usable} values, ${late} late, ${wrong.length} wrong`);
    }
    console.log(JSON.stringify({ ...row, wrong: row.wrong.length, first: row.wrong[0] }));
    return row;
  }),
);
const wrong = rows.reduce((sum, row) => sum + row.wrong.length, 0);
console.log(
  JSON.stringify({
    drivers: rows.length,
    seeds: Number(values.seeds),
    for_s: FOR_S,
    values: rows.reduce((sum, { usable }) => sum + usable, 0),
    late: rows.reduce((sum, { late }) => sum + late, 0),
    wrong,
  }),
);
process.exitCode = wrong === 0 ? 0 : 1;
