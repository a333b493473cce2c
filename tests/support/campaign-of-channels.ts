import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkMethod, loadBench } from '../../control/bench/bench-file.ts';
import { reviewAudit } from '../../control/campaign/audit.ts';
import { type Campaign, campaignSchema } from '../../control/campaign/campaign-file.ts';
import { type Order, StopWord } from '../../control/campaign/carrier.ts';
import type { Edit } from '../../control/campaign/edits.ts';
import { newQueue, type QueueItem } from '../../control/campaign/queue.ts';
import { ruleOf } from '../../control/campaign/rules.ts';
import {
  type CampaignEvent,
  type CampaignState,
  newCampaign,
  reviewEvents,
} from '../../control/campaign/state.ts';
import { supervise } from '../../control/campaign/supervise.ts';
import {
  AUDIT_FILE,
  EVENTS_FILE,
  keepState,
  mendEvents,
  readState,
} from '../../control/program/campaign/folder.ts';
import { loadMethodFor } from '../../control/program/method-of-bench.ts';
import { describeDevice } from '../../control/program/open-devices.ts';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import { seededRandom } from '../../drivers/contract/random.ts';
import { type Trouble, VirtualRuns } from './virtual-runs.ts';

/** A campaign of many channels in virtual time: whole sessions on twins, things that go wrong, a supervisor that is killed. */

const BENCH = new URL('../../examples/two-cells/bench.yaml', import.meta.url).pathname;
const BEGIN = Date.parse('2026-03-02T18:00Z');
const HOUR_S = 3600;
/** How long one round of the method takes, h. */
const ROUND_H = 0.75;
const METHOD = `method: channel
version: 2
parameters: { rounds_count: { default: 1, min: 1, max: 1000 } }
returns: { in_Ah: in.chargeIn_Ah, lasted_s: last.time_s }
steps:
- repeat: { times: rounds_count }
  steps:
  - { cc: { current_C: -1/4 }, for_min: 20 }
  - { cc: { current_C: 1/4 }, id: in, for_min: 20 }
  - { rest: {}, for_min: 4 }
- { rest: {}, id: last, for_min: 1 }
finally:
- { rest: {}, for_s: 1 }
`;
/** How long a bench waits for the person who looks at it, s. */
const LOOKED_AT_S = 1800;
/** One run in so many has a sensor that jumps, which trips it; one in so many loses its program. */
const TRIPS = 9;
const CUTS = 13;

/** How it is carried out. */
export interface ChannelsOptions {
  readonly channels: number;
  readonly hours: number;
  /** Rounds of one run. */
  readonly rounds: number;
  /** So often the supervisor is killed on the way. */
  readonly kills: number;
  /** Called each hour of the campaign. */
  readonly eachHour?: (hour: number) => void;
}

/** What came of it. */
export interface ChannelsCourse {
  readonly items: readonly QueueItem[];
  readonly is: CampaignState['is'];
  readonly begun: readonly string[];
  readonly events: readonly CampaignEvent[];
  readonly hours: number;
  readonly most: number;
  readonly rows: number;
  readonly killed: number;
  /** What is not as it should be. */
  readonly wrong: readonly string[];
}

class Killed extends Error {}

const pad = (n: number): string => String(n).padStart(2, '0');

function campaignOf({ channels, hours, rounds }: ChannelsOptions): Campaign {
  const times = Math.max(1, Math.floor(hours / (rounds * ROUND_H)));
  const runs = Array.from({ length: channels }, (_, i) => ({
    run: `c${pad(i + 1)}`,
    bench: `channel-${pad(i + 1)}.yaml`,
    method: 'channel.yaml',
    times,
    on_failure: { retry: 2 },
    rules: [{ if: `c${pad(i + 1)}.in_Ah < 0 Ah`, end: 'campaign', because: 'no charge' }],
  }));
  return campaignSchema.parse({ campaign: 'channels', version: 1, bench: 'b.yaml', runs });
}

/** By the name of the run alone, so that it is the same whoever begins it, and when. */
function troubleOf({ item: { id, attempt } }: Order, length_s: number): Trouble {
  const random = seededRandom(
    [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 99_991, 10),
  );
  random.uniform();
  const at_s = length_s * (0.1 + 0.8 * random.uniform());
  const draw = random.uniform();
  if (attempt > 1) return { faults: [] };
  if (draw < 1 / TRIPS)
    return { faults: [{ kind: 'sensor-offset', target: 'cell.voltage_V', from_s: at_s, size: 1 }] };
  return draw < 1 / TRIPS + 1 / CUTS ? { faults: [], cutAt_s: at_s } : { faults: [] };
}

/** Carries it out, killed as often as it is told, and looks whether every run is accounted for. */
export async function channelsCourse(options: ChannelsOptions): Promise<ChannelsCourse> {
  const dir = mkdtempSync(join(tmpdir(), 'cellbench-channels-'));
  try {
    return await courseIn(dir, options);
  } finally {
    rmSync(dir, { recursive: true });
  }
}

async function courseIn(dir: string, options: ChannelsOptions): Promise<ChannelsCourse> {
  const path = join(dir, 'channel.yaml');
  writeFileSync(path, METHOD);
  const loaded = loadBench(BENCH, describeDevice, 'iron');
  const method = loadMethodFor(path, loaded, { given: [`rounds_count=${options.rounds}`] });
  checkMethod(method, loaded);
  const clock = new VirtualClock({ utcStart_ms: BEGIN });
  const campaign = campaignOf(options);
  const folder = join(dir, 'campaign');
  mkdirSync(folder);
  const length_s = options.rounds * ROUND_H * HOUR_S;
  const carrier = new VirtualRuns({
    dir: folder,
    clock,
    loaded,
    method,
    troubleOf: order => troubleOf(order, length_s),
    clears: true,
  });
  const settings = {
    mode: 'rehearsal' as const,
    seed: 1,
    minutes: null,
    pace: null,
    operator: 'A. Volta',
    planned_s: {},
  };
  keepState(
    folder,
    newCampaign({ file: 'c.yaml', settings, campaign, queue: newQueue(campaign) }, clock.utc_ms()),
  );
  const cancels = [clock.every(HOUR_S, () => options.eachHour?.(Math.round(clock.now_s() / HOUR_S)))];
  let isToDie = false;
  for (let kill = 1; kill <= options.kills; kill++)
    clock.schedule((kill * options.hours * HOUR_S) / (options.kills + 1), () => {
      isToDie = true;
    });
  const edits: Edit[] = [];
  let killed = 0;
  let state: CampaignState | undefined;
  while (state === undefined) {
    const known = readState(folder);
    if (known === undefined) throw new Error('the campaign has no state');
    mendEvents(folder, known);
    try {
      state = await clock.runUntil(
        supervise(known, {
          clock,
          carrier,
          keep(next) {
            if (isToDie) {
              isToDie = false;
              throw new Killed();
            }
            keepState(folder, next);
            for (const { kind, id, utc } of next.last) {
              if (kind !== 'benchHeld' || id === null) continue;
              const bench = campaign.runs.find(({ run }) => id.startsWith(run))?.bench;
              clock.schedule(LOOKED_AT_S, () => {
                edits.push({
                  id: `${id} ${utc}`,
                  by: 'A. Person',
                  because: 'looked at it',
                  change: { do: 'acknowledge', ...(bench === undefined ? {} : { bench }) },
                });
              });
            }
          },
          edits: () => edits,
          answer: edit => void edits.splice(edits.indexOf(edit), 1),
          rulesOf: ({ runs }) => {
            const returned = new Map(
              runs.map(({ run }) => [run, Object.keys(method.procedure.program?.returns ?? {})]),
            );
            return new Map(
              runs.map(({ run, rules }) => [
                run,
                rules.map(rule => ({ ...rule, condition: ruleOf(rule.if, returned) })),
              ]),
            );
          },
          stop: new StopWord(),
          look_s: 60,
        }),
      );
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      killed++;
    }
  }
  for (const cancel of cancels) cancel();
  const linesOf = (name: string): string[] => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n');
  const events = linesOf(EVENTS_FILE).map(line => JSON.parse(line) as CampaignEvent);
  const { items } = state.queue;
  return {
    items,
    is: state.is,
    begun: carrier.begun,
    events,
    hours: clock.now_s() / HOUR_S,
    most: carrier.most,
    rows: carrier.rows,
    killed,
    wrong: [
      ...reviewAudit(linesOf(AUDIT_FILE), state.audited).found,
      ...reviewEvents(linesOf(EVENTS_FILE), state).found,
      ...notAccounted(items, carrier.begun),
      ...(events.every(({ n }, i) => n === i + 1) ? [] : ['events are not numbered without a gap']),
    ],
  };
}

/** Runs that did not come to an end that is told, or that began never or twice. */
function notAccounted(items: readonly QueueItem[], begun: readonly string[]): string[] {
  return items.flatMap(({ id, state, begun_ms, over_ms, reason, values }) => {
    const count = begun.filter(one => one === id).length;
    if (state === 'skipped')
      return count === 0 && reason !== '' ? [] : [`${id}: skipped, begun ${count} times`];
    if (count !== 1) return [`${id}: begun ${count} times`];
    if (begun_ms === null || over_ms === null || over_ms < begun_ms) return [`${id}: no times`];
    if (state === 'failed') return reason === '' ? [`${id}: failed without a reason`] : [];
    return state === 'completed' && Object.keys(values).length > 2 ? [] : [`${id}: ${state}`];
  });
}
