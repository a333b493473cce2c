import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { realClock } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import { CampaignBench } from './kills/campaign.ts';
import { Chain, type Plan } from './kills/chain.ts';
import { type Found, nothingFound } from './kills/fault.ts';
import { type Lane, lanesOf, plansOf } from './kills/plans.ts';
import type { Place } from './kills/stand.ts';
import { isBad, tallyOf } from './kills/tally.ts';

/**
 * Kills: the program with its guard, and a campaign with its supervisor, on emulated instruments in a process of their own;
 * random faults at random moments, each judged by what the instruments say. Progress on stderr, last line of stdout
 * `{ kills, unsafe, rows_lost, wrong_counters, other, skipped, kinds: { kind: { n, off_max_s, off_p99_s, layers } } }`. Exit 1
 * where one of them is not as it should be.
 *
 *   --kills N      how many (20)
 *   --seed S       which, and when (1): the same faults at the same moments of the program
 *   --kinds A,B    these kinds alone (or all that begin so)
 *   --replay I,J   only these of them; a run under way is a new one then
 *   --jobs J       so many small benches beside each other (4); half as many with PLC and rack, and with a campaign
 *   --keep         keep the folders
 *   --json         nothing but the last line
 */

const ROOT = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const clock = realClock();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '20' },
      seed: { type: 'string', default: '1' },
      kinds: { type: 'string' },
      replay: { type: 'string' },
      jobs: { type: 'string', default: '4' },
      keep: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const all = plansOf(Number(values.kills), Number(values.seed), values.kinds?.split(','));
  const only = values.replay?.split(',').map(Number);
  const plans = only === undefined ? all : all.filter(({ number }) => only.includes(number));
  const scratch = mkdtempSync(join(tmpdir(), 'cellbench-kills-'));
  const done: { readonly plan: Plan; readonly found: Found }[] = [];
  const say = (text: string): void => {
    if (!values.json) console.error(text);
  };
  const lanes = lanesOf(plans, Math.max(1, Number(values.jobs)));
  await Promise.all(
    lanes.map((lane, i) => inLane(lane, join(scratch, `lane-${i + 1}`), done, say, values.keep)),
  );
  // What came of a kill may have been seen only when the run went on after it.
  for (const { plan, found } of done.sort((a, b) => a.plan.number - b.plan.number))
    for (const text of troubleOf(found)) say(`${plan.number} ${plan.fault.name} at ${plan.moment}: ${text}`);
  const tally = tallyOf(done.map(({ plan, found }) => ({ kind: plan.fault.name, found })));
  if (values.keep) say(`in ${scratch}`);
  else rmSync(scratch, { recursive: true, force: true });
  console.log(JSON.stringify(tally));
  return isBad(tally) ? 1 : 0;
}

function troubleOf({ unsafe, rows_lost, wrongCounters, other }: Found): string[] {
  return [
    ...unsafe.map(text => `UNSAFE: ${text}`),
    ...(rows_lost > 0 ? [`${rows_lost} ROWS LOST`] : []),
    ...wrongCounters.map(text => `WRONG COUNTER: ${text}`),
    ...other,
  ];
}

/** One bench after the other of what is due on it. */
async function inLane(
  { size, isCampaign, plans }: Lane,
  folder: string,
  done: { plan: Plan; found: Found }[],
  say: (text: string) => void,
  keeps: boolean,
): Promise<void> {
  const place: Place = { root: ROOT, clock, folder, size, keeps, kills: plans.length };
  const bench = isCampaign ? new CampaignBench(place) : new Chain(place);
  let last: Found | undefined;
  for (const plan of plans) {
    const start_s = clock.now_s();
    let found = nothingFound();
    try {
      found = await bench.carryOut(plan);
    } catch (error) {
      found.other.push(`harness: ${messageOf(error)}`);
    }
    done.push({ plan, found });
    last = found;
    const off = found.off_s === undefined ? '' : `, off ${found.off_s.toFixed(2)} s`;
    const text = found.skipped === undefined ? found.layers.join(' + ') : `skipped: ${found.skipped}`;
    say(
      `${plan.number} ${plan.fault.name} at ${plan.moment}: ${text}${off} (${(clock.now_s() - start_s).toFixed(0)} s)${troubleOf(
        found,
      )
        .map(one => `\n    ${one}`)
        .join('')}`,
    );
  }
  try {
    const end = await bench.close();
    last?.unsafe.push(...end.unsafe);
    last?.wrongCounters.push(...end.wrongCounters);
    last?.other.push(...end.other);
    if (last !== undefined) last.rows_lost += end.rows_lost;
  } catch (error) {
    last?.other.push(`harness, at the end: ${messageOf(error)}`);
  }
}

// Timers of waits that are over would hold it up.
process.exit(await main());
