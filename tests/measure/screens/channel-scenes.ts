import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CampaignShown, ChannelShown } from '../../../control/view.ts';
import { serveCampaign } from '../../../dashboards/campaign/serve-campaign.ts';
import { FakeCampaign, type MadeNight, night, runOf } from '../../dashboards/campaign/fake-campaign.ts';
import type { Camera, Dress } from './camera.ts';
import { clock, command, startProgram, within } from './program.ts';

/** The page of a campaign: eight channels on twins, and sixty-four of which somebody made up what they read. */

const ROOT = new URL('../../..', import.meta.url).pathname;
const BY = 'A. Miller';
const NOTICES_S = 5;
const EIGHT = Array.from({ length: 8 }, (_, i) => `cell${i + 1}`);
const PACE = 30;
/** Lower than any of them is, so that it acts at once, degC. */
const BELOW_ALL_DEGC = 15;
const QUIET_S = 900;

/** Waits until the page of the campaign is so. */
const untilShown = (url: string, what: string, isSo: (shown: CampaignShown) => boolean) =>
  within(what, 120, async () => {
    const reply = await fetch(`${url}/api/campaign`);
    const shown = (await reply.json()) as CampaignShown;
    return isSo(shown) ? shown : undefined;
  });

/** Eight runs at a time, each on its channel and in its process; what goes wrong does so by limits that a person sets. */
export async function takeChannels(camera: Camera, dir: string): Promise<void> {
  const subject = 'channels8';
  const lab = join(dir, 'eight');
  mkdirSync(lab);
  for (const folder of ['eight-cells', 'overnight'])
    cpSync(join(ROOT, 'examples', folder), join(lab, folder), { recursive: true });
  const runs = EIGHT.map(
    cell => `- { run: ${cell}, method: capacity.yaml, subject: ${cell}, with: { rate_C: 1/2 } }\n`,
  );
  const file = join(lab, 'overnight', 'eight.yaml');
  const head = 'campaign: eight cells\nversion: 1\nbench: ../eight-cells/bench.yaml\nruns:\n';
  writeFileSync(file, `${head}${runs.join('')}`);
  const program = await startProgram(
    [
      'campaign',
      'start',
      file,
      '--pace',
      String(PACE),
      '--port',
      '0',
      '--operator',
      BY,
      '--out',
      join(lab, 'out'),
    ],
    'Page of the campaign: ',
  );
  const { url } = program;
  const ask = (run: string, body: Readonly<Record<string, unknown>>) => command(`${url}/run/${run}`, body);
  const tighten = (run: string, interlock: string) =>
    ask(run, { command: 'limit', interlock, value: BELOW_ALL_DEGC, by: BY, reason: 'for a picture' });
  const readingOf = ({ readings }: CampaignShown, run: string): ChannelShown | undefined => readings[run];
  try {
    await camera.open(subject, url);
    await untilShown(url, 'all eight go on', shown => Object.values(shown.readings).length === EIGHT.length);
    await clock.sleep(QUIET_S / PACE);
    await camera.take(subject, 'quiet');
    await ask('cell5', { command: 'hold' });
    await untilShown(url, 'cell5 is held', shown => readingOf(shown, 'cell5')?.state === 'Held');
    await camera.take(subject, 'hold');
    await tighten('cell2', 'cell-temperature-warn');
    await untilShown(url, 'cell2 warns', shown => (readingOf(shown, 'cell2')?.alarm ?? null) !== null);
    await camera.take(subject, 'warn');
    await tighten('cell6', 'cell-temperature-high');
    // With its trip the run is over, and its channel waits for a person.
    await untilShown(url, 'its channel is held', ({ course }) =>
      course.benches.some(({ held }) => held !== null),
    );
    await camera.take(subject, 'trip-next');
    await program.kill();
    await clock.sleep(NOTICES_S);
    await camera.take(subject, 'lost');
  } finally {
    await program.kill();
    await camera.leave(subject);
  }
}

/** A night on which nothing is wrong, and the changes to it that each picture needs. */
const CHANNELS = 64;
function quietNight(): MadeNight {
  const { runs, readings } = night(CHANNELS);
  const quiet = Object.entries(readings).map(([id, one]) => {
    const { voltage_V, work } = one;
    const more = {
      alarm: null,
      state: 'Execute',
      work: work ?? 'rest',
      voltage_V: voltage_V ?? 3.6,
    } as const;
    return [id, { ...one, ...more }] as const;
  });
  return { runs, readings: Object.fromEntries(quiet) };
}

function withReading(of: MadeNight, n: number, more: Partial<ChannelShown>): MadeNight {
  const id = `run-${n}`;
  return { ...of, readings: { ...of.readings, [id]: { ...of.readings[id], ...more } } };
}

const alarm = (reaction: 'warn' | 'hold' | 'trip', text: string) => ({
  id: reaction,
  reaction,
  text,
  open: 1,
});

function fakeStates(): readonly (readonly [state: string, made: MadeNight, dresses: readonly Dress[]])[] {
  const quiet = quietNight();
  const warn = withReading(quiet, 24, { alarm: alarm('warn', 'cell.temperature_degC 46.1 > 45') });
  const held = { state: 'Held', alarm: alarm('hold', 'chamber.temperature_degC 31.0 > 30') } as const;
  const hold = withReading(withReading(warn, 30, { state: 'Held' }), 12, held);
  const tripped = { voltage_V: 4.261, state: 'Aborted' } as const;
  const trip = withReading(hold, 3, { ...tripped, alarm: alarm('trip', 'cell.voltage_V 4.261 > 4.25') });
  const why = 'tripped: cell.voltage_V 4.261 > 4.25';
  const { 'run-3': _gone, ...others } = trip.readings;
  const endUtc = '2026-03-02T19:50:00.000Z';
  const next: MadeNight = {
    runs: trip.runs.map(run => (run.id === 'run-3' ? { ...run, state: 'failed', reason: why, endUtc } : run)),
    readings: others,
    held: { cell3: why },
  };
  const over: MadeNight = {
    runs: quiet.runs.map(({ id }) =>
      runOf(Number(id.slice(4)), { state: 'completed', endUtc, duration_s: 6600 }),
    ),
    readings: {},
    is: 'over',
  };
  return [
    ['quiet', quiet, ['', 'dark', 'ja']],
    ['warn', warn, ['']],
    ['hold', hold, ['']],
    ['trip', trip, ['', 'dark', 'ja']],
    ['next', next, ['']],
    ['over', over, ['']],
  ];
}

/** Sixty-four; on twins only eight go on at a time. */
export async function takeFakeChannels(camera: Camera): Promise<void> {
  const subject = 'channels64';
  for (const [state, made, dresses] of fakeStates()) {
    const campaign = await FakeCampaign.open(CHANNELS, made);
    const server = await serveCampaign(campaign, { port: 0 });
    try {
      await camera.open(subject, server.url);
      await untilShown(server.url, state, ({ readings }) => {
        const length = Object.keys(made.readings).length;
        return Object.keys(readings).length === length;
      });
      await clock.sleep(2);
      await camera.take(subject, `${state}-fake`, dresses);
      if (state !== 'trip') continue;
      await server.close();
      await clock.sleep(NOTICES_S);
      await camera.take(subject, 'lost-fake');
    } finally {
      await camera.leave(subject);
      await server.close().catch(() => {});
      campaign.close();
    }
  }
}
