import { parseArgs } from 'node:util';
import { realClock } from '../../drivers/contract/clock.ts';
import { type ChannelsCourse, channelsCourse } from '../support/campaign-of-channels.ts';

/**
 * A campaign of many channels at once in virtual time: `npm run measure:campaign -- [--channels 16] [--hours 72] [--kills 5]`.
 * Each run is a whole session on a twin with its record on the disk; some trip, some lose their program; it is carried out
 * once in peace and once with its supervisor killed on the way. Wall time is that of both; the heap is looked at after a
 * full collection, hour 2 against the last full hour of the first one. Last line: JSON.
 */

const { values } = parseArgs({
  options: {
    channels: { type: 'string', default: '16' },
    hours: { type: 'string', default: '72' },
    rounds: { type: 'string', default: '8' },
    kills: { type: 'string', default: '5' },
  },
});
const gc = globalThis.gc;
if (gc === undefined) throw new Error('expected node --expose-gc');
const clock = realClock();
const [channels, hours, rounds, kills] = [values.channels, values.hours, values.rounds, values.kills].map(
  Number,
);
const EARLY_H = 2;
/** So many items that are unlike are shown. */
const SHOWN = 5;

const heap_MB = new Map<number, number>();
const cpu = process.cpuUsage();
async function timed(
  of: number,
  watched: boolean,
): Promise<{ readonly course: ChannelsCourse; readonly wall_s: number }> {
  const start_s = clock.now_s();
  const course = await channelsCourse({
    channels,
    hours,
    rounds,
    kills: of,
    ...(watched
      ? {
          eachHour(hour) {
            gc?.();
            heap_MB.set(hour, process.memoryUsage().heapUsed / 2 ** 20);
            if (hour % 6 === 0 || hour === EARLY_H)
              console.log(
                `${hour} h  ${(clock.now_s() - start_s).toFixed(1)} s  heap ${heap_MB.get(hour)?.toFixed(2)} MB`,
              );
          },
        }
      : {}),
  });
  return { course, wall_s: clock.now_s() - start_s };
}

const calm = await timed(0, true);
const killed = await timed(kills, false);
const { user, system } = process.cpuUsage(cpu);
const states = (is: string): number => calm.course.items.filter(({ state }) => state === is).length;
const early_MB = heap_MB.get(EARLY_H) ?? Number.NaN;
const late_MB = heap_MB.get(Math.floor(hours) - 1) ?? Number.NaN;
for (const wrong of [...calm.course.wrong, ...killed.course.wrong]) console.log(`WRONG: ${wrong}`);
/** Items that are not the same in both, times, values and reasons included: what was under way must not show. */
const unlike = Array.from(
  { length: Math.max(calm.course.items.length, killed.course.items.length) },
  (_, i) => [calm, killed].map(({ course }) => JSON.stringify(course.items[i])),
).filter(([one, other]) => one !== other);
for (const [one, other] of unlike.slice(0, SHOWN)) console.log(`UNLIKE: ${one}\n   once killed: ${other}`);
console.log(
  JSON.stringify({
    channels,
    hours: Number(calm.course.hours.toFixed(2)),
    most_at_once: calm.course.most,
    runs: calm.course.items.length,
    completed: states('completed'),
    failed: states('failed'),
    skipped: states('skipped'),
    unaccounted: calm.course.wrong.length + killed.course.wrong.length,
    rows: calm.course.rows,
    kills: killed.course.killed,
    same_results: unlike.length === 0,
    wall_s: Number(calm.wall_s.toFixed(1)),
    wall_killed_s: Number(killed.wall_s.toFixed(1)),
    cpu_s: Number(((user + system) / 1e6).toFixed(1)),
    heap_2h_MB: Number(early_MB.toFixed(2)),
    heap_end_MB: Number(late_MB.toFixed(2)),
    heap_change_pct: Number((100 * (late_MB / early_MB - 1)).toFixed(2)),
  }),
);
