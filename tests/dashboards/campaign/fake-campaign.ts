import { createServer, type Server } from 'node:http';
import type { CampaignShown, CarriedCourse, ChannelShown } from '../../../control/view.ts';
import type { CampaignView } from '../../../dashboards/campaign/serve-campaign.ts';
import { realClock } from '../../../drivers/contract/clock.ts';

/** A campaign of many cells on one bench, each channel as the test says. */

const clock = realClock();
const BENCH = '../cells/bench.yaml';

/** One that charges, in its 417th round of 1000. */
export const CHARGING: ChannelShown = {
  work: 'charge',
  voltage_V: 3.942,
  current_A: 1.5,
  temperature_degC: 25.1,
  charge_pct: null,
  round: { at: 417, of: 1000 },
  state: 'Execute',
  step: 'charge',
  alarm: null,
  isLive: true,
};

type Run = CarriedCourse['runs'][number];

export function runOf(n: number, more: Partial<Run> = {}): Run {
  return {
    id: `run-${n}`,
    run: `run-${n}`,
    bench: BENCH,
    subject: `cell${n}`,
    state: 'running',
    reason: '',
    beginUtc: '2026-03-02T18:00:00.000Z',
    endUtc: null,
    expectedEndUtc: '2026-03-03T04:32:00.000Z',
    duration_s: null,
    resumed: 0,
    dir: `run-${n}`,
    values: {},
    waitsFor: null,
    after: [],
    held: null,
    ...more,
  };
}

export function courseOf(runs: readonly Run[], held: Readonly<Record<string, string>> = {}): CarriedCourse {
  const count = (is: Run['state']): number => runs.filter(({ state }) => state === is).length;
  return {
    schema: 'cellbench/campaign',
    version: 1,
    campaign: 'sixty-four cells',
    file: 'campaign.yaml',
    mode: 'wire',
    is: 'under way',
    begunUtc: '2026-03-02T18:00:00.000Z',
    updatedUtc: '2026-03-02T20:00:00.000Z',
    held: null,
    runs: [...runs],
    benches: runs.map(({ subject }) => {
      const bench = `${BENCH} ${subject}`;
      return { bench, held: held[subject ?? ''] ?? null, busy_s: 0 };
    }),
    counts: {
      completed: count('completed'),
      failed: count('failed'),
      skipped: count('skipped'),
      waiting: count('waiting'),
      running: count('running'),
    },
  };
}

/** What the page would get, without a server. */
export function shownOf(
  runs: readonly Run[],
  readings: Readonly<Record<string, ChannelShown>>,
  held: Readonly<Record<string, string>> = {},
  channels = runs.length,
): CampaignShown {
  return {
    course: courseOf(runs, held),
    benches: [{ bench: BENCH, subjects: Array.from({ length: channels }, (_, i) => `cell${i + 1}`) }],
    withPage: Object.keys(readings),
    readings,
    silent: {},
  };
}

/** A course as somebody makes it up. `held`: why nothing begins on it, by subject. */
export interface MadeNight {
  readonly runs: readonly Run[];
  readonly readings: Readonly<Record<string, ChannelShown>>;
  readonly held?: Readonly<Record<string, string>>;
  readonly is?: CarriedCourse['is'];
}

/** Something of everything: what a night with this many channels looks like. */
export function night(channels: number): MadeNight {
  const readings: Record<string, ChannelShown> = {};
  const runs = Array.from({ length: channels }, (_, i) => i + 1).flatMap((n): Run[] => {
    if (n % 17 === 4) return [];
    if (n % 13 === 7) return [runOf(n, { state: 'completed', endUtc: '2026-03-02T19:00:00.000Z' })];
    if (n % 16 === 11) return [runOf(n, { state: 'waiting', beginUtc: null, dir: null, waitsFor: 'run x' })];
    const voltage_V = 3.1 + ((n * 37) % 100) / 90;
    const works = ['charge', 'discharge', 'rest', 'hold voltage'] as const;
    readings[`run-${n}`] = {
      ...CHARGING,
      voltage_V,
      work: works[n % 4],
      current_A: [1.5, -1.5, 0, 0.3][n % 4],
      charge_pct: n % 3 === 0 ? (n * 29) % 100 : null,
      round: { at: 400 + n, of: 1000 },
      ...(n === 3
        ? {
            alarm: { id: 'voltage-high', reaction: 'trip', text: 'cell.voltage_V 4.261 > 4.25', open: 1 },
            voltage_V: 4.261,
          }
        : {}),
      ...(n === 24
        ? { alarm: { id: 'warm', reaction: 'warn', text: 'cell.temperature_degC 46.1 > 45', open: 1 } }
        : {}),
      ...(n === 30 ? { state: 'Held' } : {}),
      ...(n === 41 ? { work: null, voltage_V: null, current_A: null } : {}),
    };
    return [runOf(n)];
  });
  return { runs, readings };
}

/** The same behind an address for each run, as their own processes have it. */
export class FakeCampaign implements CampaignView {
  /** How often the runs were asked. */
  asked = 0;
  readonly #channels: number;
  readonly #made: MadeNight;
  readonly #servers = new Map<string, { readonly server: Server; readonly url: string }>();

  private constructor(channels: number, made: MadeNight) {
    this.#channels = channels;
    this.#made = made;
  }

  static async open(channels: number, made = night(channels)): Promise<FakeCampaign> {
    const campaign = new FakeCampaign(channels, made);
    for (const [id, reading] of Object.entries(made.readings)) {
      const server = createServer((request, reply) => {
        if (request.url !== '/api/channel') {
          const t_s = Array.from({ length: 200 }, (_, i) => i);
          const value = t_s.map(t => 3.6 + 0.4 * Math.sin(t / 20));
          reply.end(JSON.stringify({ role: 'cell.voltage_V', unit: 'V', t_s, value }));
          return;
        }
        campaign.asked++;
        reply.end(JSON.stringify(reading));
      });
      await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      campaign.#servers.set(id, { server, url: `http://127.0.0.1:${port}` });
    }
    return campaign;
  }

  course(): CarriedCourse {
    const { runs, held, is } = this.#made;
    return { ...courseOf(runs, held), ...(is === undefined ? {} : { is }) };
  }

  pageOf(id: string): string | undefined {
    return this.#servers.get(id)?.url;
  }

  channels() {
    return [{ bench: BENCH, subjects: Array.from({ length: this.#channels }, (_, i) => `cell${i + 1}`) }];
  }

  readonly clock = clock;

  /** One of the runs answers no more. */
  lose(id: string): void {
    const one = this.#servers.get(id);
    one?.server.closeAllConnections();
    one?.server.close();
  }

  close(): void {
    for (const id of this.#servers.keys()) this.lose(id);
  }
}
