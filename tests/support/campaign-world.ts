import type { Cut } from '../../control/campaign/after-cut.ts';
import type { AuditEntry } from '../../control/campaign/audit.ts';
import type { Campaign } from '../../control/campaign/campaign-file.ts';
import type { Ended, Handle, Kept, Order, RunCarrier, StopWord } from '../../control/campaign/carrier.ts';
import { StopWord as Stop } from '../../control/campaign/carrier.ts';
import type { Edit } from '../../control/campaign/edits.ts';
import { newQueue, type RunEnd } from '../../control/campaign/queue.ts';
import { type CampaignEvent, type CampaignState, newCampaign } from '../../control/campaign/state.ts';
import { supervise } from '../../control/campaign/supervise.ts';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import { bad, rulesOf } from './campaign-parts.ts';

/** A run in this world: it goes on, whoever looks on. */
interface Going {
  readonly id: string;
  readonly bench: string;
  readonly ends_s: number;
  end: RunEnd;
  person: string | undefined;
  ended_s: number;
}

/** How a run goes here. */
export interface Fate extends RunEnd {
  readonly duration_s: number;
  readonly person?: string;
  /** Its program is gone after so much of it, s of work, each time it is under way. */
  readonly cuts?: readonly (Cut & { readonly after_s: number })[];
}

/** The supervisor is killed here. */
export class Killed extends Error {}

/**
 * Benches in virtual time on which runs go on by themselves, also while no supervisor lives. `fateOf` says how each goes.
 */
export class CampaignWorld implements RunCarrier {
  readonly clock: VirtualClock;
  readonly going = new Map<string, Going>();
  /** Ids in the order in which they began. */
  readonly begun: string[] = [];
  /** Ids in the order in which they went on after a cut. */
  readonly resumed: string[] = [];
  /** How long each has worked until now, s: goes on with it, what an earlier program did counts. */
  readonly worked = new Map<string, number>();
  /** What went wrong in the world itself. */
  readonly wrong: string[] = [];
  readonly kept = new Map<string, Kept>();
  readonly log: CampaignEvent[] = [];
  readonly trail: AuditEntry[] = [];
  edits: Edit[] = [];
  readonly answers = new Map<string, string | undefined>();
  /** The state as it was kept last. */
  state: CampaignState;
  readonly #fateOf: (id: string) => Fate;

  constructor(campaign: Campaign, begin_ms: number, fateOf: (id: string) => Fate) {
    this.clock = new VirtualClock({ utcStart_ms: begin_ms });
    this.#fateOf = fateOf;
    const settings = {
      mode: 'rehearsal' as const,
      seed: 1,
      minutes: null,
      pace: null,
      operator: null,
      planned_s: {},
    };
    this.state = newCampaign(
      { file: 'c.yaml', settings, campaign, queue: newQueue(campaign) },
      this.clock.utc_ms(),
    );
  }

  async carry(order: Order, known: (handle: Handle) => void, stop: StopWord): Promise<Ended> {
    await Promise.resolve();
    // How it ended before says nothing of how it ends now.
    this.going.delete(order.item.id);
    known(order.item.id);
    const { bench, item } = order;
    const now_s = this.clock.now_s();
    for (const other of this.going.values())
      if (other.bench === bench && other.ended_s > now_s) this.wrong.push(`${item.id} beside ${other.id}`);
    if (this.worked.has(item.id) !== order.goesOn)
      this.wrong.push(`${item.id} twice, or goes on from nothing`);
    const { duration_s, person, cuts = [], ...end } = this.#fateOf(item.id);
    const worked_s = this.worked.get(item.id) ?? 0;
    const cut = cuts[order.goesOn ? this.resumed.filter(id => id === item.id).length + 1 : 0];
    const lasts_s = cut === undefined ? duration_s - worked_s : cut.after_s;
    const reason = 'cut off: its process was gone without an end';
    this.going.set(item.id, {
      id: item.id,
      bench,
      ends_s: now_s + lasts_s,
      ended_s: now_s + lasts_s,
      end: cut === undefined ? end : { ...bad, reason, cut },
      person: cut === undefined ? person : `${reason}; how the bench was left is not known`,
    });
    this.worked.set(item.id, worked_s + lasts_s);
    (order.goesOn ? this.resumed : this.begun).push(item.id);
    return await this.takeUp(order, item.id, stop);
  }

  async takeUp({ item }: Order, handle: Handle, stop: StopWord): Promise<Ended> {
    await Promise.resolve();
    if (handle === null) return { is: 'not begun', reason: 'it was not let go' };
    const going = this.going.get(item.id);
    if (going === undefined) return { is: 'not begun', reason: 'its process has begun nothing' };
    const stopped = new AbortController();
    stop.heard(() => {
      // An orderly end takes a minute.
      going.ended_s = Math.min(going.ended_s, this.clock.now_s() + 60);
      if (going.ended_s < going.ends_s)
        going.end = { ...going.end, isCompleted: false, reason: 'stopped by SIGTERM', stoppedBy: 'person' };
      stopped.abort();
    });
    await this.clock.sleep(Math.max(0, going.ended_s - this.clock.now_s()), stopped.signal);
    await this.clock.sleep(Math.max(0, going.ended_s - this.clock.now_s()));
    return { is: 'ended', end: going.end, person: going.person };
  }

  keptFrom(bench: string): Kept | undefined {
    return this.kept.get(bench);
  }

  /** One supervisor, from the state that was kept last. Killed at `mayKeep` further changes: before or after it is kept. */
  async supervisor(options: {
    readonly killedAt?: number;
    readonly isKept?: boolean;
    readonly stop?: StopWord;
    readonly look_s?: number;
  }): Promise<CampaignState> {
    const { killedAt = Number.POSITIVE_INFINITY, isKept = false, stop = new Stop(), look_s = 600 } = options;
    let count = 0;
    const keep = (state: CampaignState): void => {
      count++;
      if (count > killedAt) throw new Killed();
      if (count < killedAt || isKept) {
        this.state = JSON.parse(JSON.stringify(state)) as CampaignState;
        this.log.push(...state.last);
        this.trail.push(...state.audited.last);
      }
      if (count === killedAt) throw new Killed();
    };
    const answer = (edit: Edit, refusal: string | undefined): void => {
      this.answers.set(edit.id, refusal);
      this.edits = this.edits.filter(one => one.id !== edit.id);
    };
    const { clock } = this;
    return await clock.runUntil(
      supervise(this.state, {
        clock,
        carrier: this,
        keep,
        answer,
        edits: () => this.edits,
        rulesOf,
        stop,
        look_s,
      }),
    );
  }

  /** To the end of the campaign, killed at each of these numbers of changes on the way. */
  async through(kills: readonly { readonly at: number; readonly isKept: boolean }[]): Promise<CampaignState> {
    for (const { at, isKept } of kills) {
      try {
        return await this.supervisor({ killedAt: at, isKept });
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
    }
    return await this.supervisor({});
  }
}
