import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCampaign } from '../../../../control/campaign/campaign-file.ts';
import type { Notification } from '../../../../control/campaign/notify/notices.ts';
import { Notifier } from '../../../../control/campaign/notify/notifier.ts';
import {
  emptyOutbox,
  MOST_WAITING,
  type Outbox,
  outboxSchema,
} from '../../../../control/campaign/notify/outbox.ts';
import { newQueue } from '../../../../control/campaign/queue.ts';
import { type CampaignState, changedTo, newCampaign, type Told } from '../../../../control/campaign/state.ts';
import { VirtualClock } from '../../../../drivers/contract/clock.ts';
import { campaignOf, run, settings } from '../../../support/campaign-parts.ts';

/** Who is told of what and when, in virtual time; servers that are dead, and a notifier that is killed. */

const EVENING = Date.parse('2026-03-02T18:00Z');
const HOUR_S = 3600;

class World {
  readonly clock = new VirtualClock({ utcStart_ms: EVENING });
  state: CampaignState;
  kept: Outbox = emptyOutbox;
  readonly sent: { at_h: number; target: number; kind: string; id: string }[] = [];
  readonly said: string[] = [];
  isDead: (target: number, h: number) => boolean = () => false;
  isFull = false;
  notifier: Notifier;

  constructor(notify: readonly object[], more: object = {}) {
    const { campaign } = campaignOf([run('a'), run('b')], {
      notify,
      mail: { host: 'localhost', from: 'bench@example.org' },
      ...more,
    });
    this.state = newCampaign({ file: 'c.yaml', settings, campaign, queue: newQueue(campaign) }, EVENING);
    this.notifier = this.again();
  }

  /** A new one, of what was kept: what a process that was killed had in its memory is gone. */
  again(): Notifier {
    this.notifier = new Notifier(this.kept, {
      clock: this.clock,
      state: () => this.state,
      say: text => this.said.push(text),
      keep: outbox => {
        if (this.isFull) throw new Error('no space left');
        this.kept = outboxSchema.parse(JSON.parse(JSON.stringify(outbox)));
      },
      send: async (target: number, { kind, id }: Notification) => {
        await this.clock.sleep(1);
        const at_h = this.clock.now_s() / HOUR_S;
        if (this.isDead(target, at_h)) throw new Error('no answer');
        this.sent.push({ at_h, target, kind, id });
      },
    });
    return this.notifier;
  }

  event(h: number, ...events: Told[]): void {
    this.clock.schedule(h * HOUR_S, () => {
      this.state = changedTo(this.state, {}, events, this.clock.utc_ms());
      this.notifier.tell(this.state.last);
    });
  }

  #isStarted = false;
  async until(h: number): Promise<void> {
    if (!this.#isStarted) this.notifier.start();
    this.#isStarted = true;
    await this.clock.runUntil(this.clock.sleep(h * HOUR_S - this.clock.now_s()));
  }

  get told(): string[] {
    return this.sent.map(({ at_h, target, kind }) => `${at_h.toFixed(1)} ${target} ${kind}`);
  }
}
const begun = (id = 'a'): Told => ({ kind: 'begun', id, text: `${id} begins` });
const held = (id = 'a'): Told => ({ kind: 'benchHeld', id, text: 'b.yaml is held: tripped' });
const all = ['start', 'end', 'failed', 'held', 'alarm', 'trip', 'campaign end'];

describe('notifications of a campaign', () => {
  it('go to each who asked for them; quiet hours hold back all but trip and held', async () => {
    const quiet = { from: '22:00', to: '06:00' };
    const world = new World([
      { to: 'a@example.org', on: all, quiet },
      { to: 'https://example.org/hook', on: ['start'] },
    ]);
    world.event(1, begun());
    world.event(5, begun('b'), held());
    await world.until(20);
    // 18:00 + 12 h is 06:00.
    expect(world.told).toEqual(['1.0 0 start', '1.0 1 start', '5.0 0 held', '5.0 1 start', '12.0 0 start']);
    expect(world.kept.messages).toEqual([]);
  });

  it('climb to the next ones while nobody acknowledges a held bench, and not once somebody has', async () => {
    const notify = [
      { to: 'a@example.org', on: ['held'], unacknowledged_min: 60 },
      { to: 'b@example.org', on: ['campaign end'], unacknowledged_min: 60 },
      { to: 'c@example.org', on: ['campaign end'] },
    ];
    const world = new World(notify);
    world.event(1, held());
    world.clock.schedule(2.5 * HOUR_S, () => {
      const word = { by: 'Ada', because: 'looked', utc_ms: world.clock.utc_ms() };
      world.state = { ...world.state, acknowledged: { 'b.yaml': word } };
    });
    // A bench that is held again is a matter of its own.
    world.event(5, held('b'));
    await world.until(24);
    expect(world.told).toEqual(['1.0 0 held', '2.0 1 held', '5.0 0 held', '6.0 1 held', '7.0 2 held']);
    expect(new Set(world.sent.map(({ id }) => id)).size).toBe(5);
    expect(world.kept.messages).toEqual([]);
  });

  it('wait for a dead server without holding up another, with growing pauses, the oldest first', async () => {
    const world = new World([
      { to: 'a@example.org', on: ['start'] },
      { to: 'https://example.org/hook', on: ['start'] },
    ]);
    let tries = 0;
    world.isDead = (target, h) => {
      if (target === 0) tries++;
      return target === 0 && h < 8;
    };
    world.event(1, begun());
    world.event(2, begun('b'));
    await world.until(10);
    expect(world.told.slice(0, 2)).toEqual(['1.0 1 start', '2.0 1 start']);
    expect(world.sent.slice(2).map(({ target, id }) => [target, id.slice(-5)])).toEqual([
      [0, '-e1-0'],
      [0, '-e2-0'],
    ]);
    expect(tries).toBeLessThan(60);
    expect(world.said).toHaveLength(2);
  });

  it('are kept to a bound, the oldest, and counted beyond it; a full disk is said once and ends nothing', async () => {
    const world = new World([{ to: 'a@example.org', on: ['start'] }]);
    world.isDead = (_, h) => h < 3;
    world.event(1, ...Array.from({ length: MOST_WAITING + 7 }, () => begun()));
    await world.until(2);
    expect(world.kept.messages).toHaveLength(MOST_WAITING);
    expect(world.kept.messages[0].notification.id).toMatch(/-e1-0$/);
    expect(world.kept.lost).toBe(7);
    world.isFull = true;
    await world.until(10);
    expect(world.sent).toHaveLength(MOST_WAITING);
    expect(world.said.filter(text => text.includes('disk'))).toEqual([
      'Messages cannot be kept on disk: no space left',
    ]);
  });

  it('at least once each, however often it is killed: a second time only with the same id', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { maxLength: 6 }),
        fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 6 }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        async (kills, events, dead_h) => {
          const world = new World([{ to: 'a@example.org', on: all }]);
          world.isDead = (_, h) => h < dead_h;
          const log: CampaignState['last'][number][] = [];
          for (const h of events)
            world.clock.schedule(h * HOUR_S, () => {
              // The supervisor keeps the event; whether its notifier hears of it is another matter.
              world.state = changedTo(world.state, {}, [begun()], world.clock.utc_ms());
              log.push(...world.state.last);
              world.notifier.tell(world.state.last);
            });
          for (const h of kills)
            world.clock.schedule(h * HOUR_S, () => {
              world.notifier.finish(0, false, AbortSignal.abort()).catch(() => {});
              world.again().tell(log);
              world.notifier.start();
            });
          await world.until(20);
          const ids = new Set(world.sent.map(({ id }) => id));
          expect(ids.size).toBe(events.length);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('at the end: the next ones are told at once, quiet hours are waited for, a dead server is not', async () => {
    const quiet = { from: '22:00', to: '06:00' };
    const world = new World([
      { to: 'a@example.org', on: all, quiet, unacknowledged_min: 600 },
      { to: 'b@example.org', on: ['campaign end'] },
      { to: 'c@example.org', on: ['campaign end'] },
    ]);
    world.isDead = target => target === 2;
    world.event(5, held(), { kind: 'over', text: 'through' });
    await world.until(5.1);
    const ending = world.notifier.finish(30, true, new AbortController().signal);
    await world.clock.runUntil(ending);
    expect(world.told).toEqual(['5.0 0 held', '5.0 1 campaign end', '5.1 1 held', '12.0 0 campaign end']);
    expect(world.kept.messages.map(({ target }) => target)).toEqual([2]);
    expect(world.clock.now_s()).toBeLessThan(12.1 * HOUR_S);
  });
});

describe('notify of a campaign file', () => {
  const file = (notify: string, mail = 'mail: { host: mail.example.org, from: lab@example.org }'): string =>
    `campaign: c\nversion: 1\nbench: b.yaml\n${mail}\nnotify:\n${notify}\nruns: [ { run: a, method: m.yaml } ]\n`;
  it.each([
    ['- { to: nobody, on: [ end ] }', 'c.yaml:6', 'expected an address (lab@example.org), a webhook'],
    ['- { to: "lab@", on: [ end ] }', 'c.yaml:6', 'expected an address like lab@example.org'],
    ['- { to: "ftp://x.org", on: [ end ] }', 'c.yaml:6', 'expected http(s)://host'],
    ['- { to: "https://u:p@x.org", on: [ end ] }', 'c.yaml:6', 'without user and password'],
    ['- { to: [], on: [ end ] }', 'c.yaml:6', 'to'],
    ['- { to: a@x.org, on: [ ended ] }', 'c.yaml:6', 'on'],
    ['- { to: a@x.org, on: [ held ], unacknowledged_min: 5 }', 'c.yaml:6', 'no next one'],
    [
      '- { to: a@x.org, on: [ end ], unacknowledged_min: 5 }\n- { to: b@x.org, on: [ end ] }',
      'c.yaml:6',
      'held',
    ],
    ['- { to: a@x.org, on: [ end ], token: { env: T } }', 'c.yaml:6', 'webhook'],
    ['- { to: "https://x.org", on: [ end ], token: { is: abc } }', 'c.yaml:6', 'token'],
    ['- { to: "https://x.org", on: [ end ], token: abc }', 'c.yaml:6', 'a secret does not stand here'],
    ['- { to: a@x.org, on: [ end ], quiet: { from: "7", to: "8" } }', 'c.yaml:6', 'time of day'],
  ])('refuses %s in one message with its line', (notify, where, text) => {
    const read = () => readCampaign('c.yaml', file(notify));
    expect(read).toThrow(where);
    expect(read).toThrow(text);
    expect(read).not.toThrow(/abc/);
  });
  it('refuses an address without a server, and a password that could be read on its way', () => {
    expect(() => readCampaign('c.yaml', file('- { to: a@x.org, on: [ end ] }', ''))).toThrow(
      'expected `mail:',
    );
    const open = 'mail: { host: m.org, from: a@m.org, security: none, user: a, password: { env: P } }';
    expect(() => readCampaign('c.yaml', file('- { to: a@x.org, on: [ end ] }', open))).toThrow(
      'tls or starttls',
    );
  });
});
