import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { onAWire, untilGood, wrongIn } from '../drivers/wires/on-a-wire.ts';
import { oneEach, onOneLine, type Subject, subjects } from '../drivers/wires/subjects.ts';

/**
 * Each transport cut and restored many times in one process: reads again every time, and leaves no listener, handle or
 * lock behind, and the memory flat. `npm run measure:reconnect -- --cuts 100 [--only TEXT]`; progress on stderr, last line:
 * JSON. Exit code 1 where one does not come back, says something wrong, or leaks.
 */

const { values } = parseArgs({
  options: { cuts: { type: 'string', default: '100' }, only: { type: 'string', default: '' } },
});
const CUTS = Number(values.cuts);
/** The first cuts load and warm what stays: counted from there. */
const WARM = Math.min(10, Math.floor(CUTS / 4));
/** Growth of the heap that a cut may leave behind, and which no repetition shows as a leak, bytes a cut. */
const HEAP_A_CUT = 20_000;

/** What goes on in a cut that takes longer is told. */
const SLOW_s = 5;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function held(): { handles: number; heap: number; listeners: number } {
  collect();
  const kinds = process.getActiveResourcesInfo().filter(kind => kind !== 'Timeout' && kind !== 'Immediate');
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0);
  return { handles: kinds.length, heap: process.memoryUsage().heapUsed, listeners };
}

async function cutOften(subject: Subject) {
  const on = await onAWire(subject);
  const { device, clock, tap } = on;
  let [back, slowest_s, wrong] = [0, 0, 0];
  let states = 0;
  let said: string[] = [];
  device.onState((state, reason) => {
    states++;
    said.push(`${state}: ${reason}`);
  });
  try {
    await device.connect();
    await device.safe();
    const right = (await untilGood(on, 0.5)) ?? (await device.read());
    let before = held();
    for (let cut = 0; cut < CUTS; cut++) {
      if (cut === WARM) before = held();
      const began_s = clock.now_s();
      said = [];
      await on.bench().carryOut({ do: 'stop', device: 'device' });
      while (device.state === 'ready' && clock.now_s() - began_s < 10) {
        await device.read();
        await clock.sleep(0.01);
      }
      await on.bench().carryOut({ do: 'start', device: 'device' });
      await tap.turnTo(on.bench().endpoints['device']);
      const frame = await untilGood(on, 20, right);
      if (clock.now_s() - began_s > SLOW_s) {
        const text = `${subject.name}: cut ${cut + 1} took ${(clock.now_s() - began_s).toFixed(1)} s`;
        console.error(`${text}: ${[...said, (await device.read()).reason].join('; ')}`);
      }
      if (frame === undefined) break;
      wrong += wrongIn(frame, right, device).length;
      back++;
      slowest_s = Math.max(slowest_s, clock.now_s() - began_s);
      if ((cut + 1) % 25 === 0) console.error(`${subject.name}: ${cut + 1} of ${CUTS}`);
    }
    const after = held();
    return {
      transport: subject.name,
      cuts: CUTS,
      back,
      wrong,
      states,
      slowest_s: Number(slowest_s.toFixed(2)),
      handles: after.handles - before.handles,
      listeners: after.listeners - before.listeners,
      heap_bytes_a_cut: Math.round((after.heap - before.heap) / Math.max(1, CUTS - WARM)),
    };
  } finally {
    await on.end();
  }
}

const all = await subjects();
const chosen = [
  ...oneEach(all),
  ...onOneLine(all).filter(({ name }) => /module|keysight-n5700/.test(name)),
  ...all.filter(({ name }) => /(keysight-n5700|keller|methodscript) pty/.test(name)),
].filter(({ name }, i, list) => name.includes(values.only) && list.findIndex(one => one.name === name) === i);
const results = [];
// One after another: what is held then belongs to the one that is tried.
for (const subject of chosen) {
  const result = await cutOften(subject);
  results.push(result);
  console.log(JSON.stringify(result));
}
await new Promise(resolve => setTimeout(resolve, 200));
const bad = results.filter(
  ({ back, wrong, handles, listeners, heap_bytes_a_cut }) =>
    back < CUTS || wrong > 0 || handles > 0 || listeners > 0 || heap_bytes_a_cut > HEAP_A_CUT,
);
console.log(
  JSON.stringify({
    transports: results.length,
    cuts: CUTS,
    back: results.reduce((sum, { back }) => sum + back, 0),
    bad: bad.map(({ transport }) => transport),
  }),
);
process.exitCode = bad.length === 0 ? 0 : 1;
