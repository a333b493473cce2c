import type { Clock } from '../../drivers/contract/clock.ts';
import { messageOf } from '../../drivers/contract/errors.ts';
import { named } from '../named.ts';
import { withEdit } from './audit.ts';
import type { Campaign } from './campaign-file.ts';
import { type Ended, neverBegun, type Order, type RunCarrier, StopWord, seedOf } from './carrier.ts';
import { type Choice, choose } from './choose.ts';
import { type Edit, edited } from './edits.ts';
import { benchHeld, heldIn, stationIn, wordText } from './held.ts';
import type { NeedsOf } from './needs.ts';
import { afterCutOf, over } from './over.ts';
import { begun, notBegun, type QueueItem, type Rules, type RunEnd, runOf, skipped } from './queue.ts';
import { type CampaignState, type Carried, changedTo, type Told, toldOf } from './state.ts';

/**
 * Carries a campaign out: begins what may begin, waits for ends, does what they decide, takes edits. Every change is kept
 * before anything follows from it, so that whoever comes after a supervisor that was killed knows what was under way.
 */

/** What a supervisor works with. */
export interface SupervisorParts {
  readonly clock: Clock;
  readonly carrier: RunCarrier;
  /** Keeps a state, whole, before it returns; throws where it cannot: then nothing follows from it. */
  readonly keep: (state: CampaignState) => void;
  /** Edits that have come in, in their order. */
  readonly edits: () => readonly Edit[];
  /** An edit has been taken, or refused with the reason; told after it was kept. */
  readonly answer: (edit: Edit, refusal: string | undefined) => void;
  /** What an item needs; absent: as the campaign alone says it. */
  readonly needs?: (state: CampaignState) => NeedsOf;
  /** Checks a campaign that was edited. Throws with what is wrong in it. */
  readonly rulesOf: (campaign: Campaign) => Rules;
  /** The campaign is to end: runs in order, then the supervisor. */
  readonly stop: StopWord;
  /** What waits now. */
  readonly waits?: (choice: Choice) => void;
  /** So often edits, benches and windows are looked at, s. */
  readonly look_s: number;
}

/** Goes on from `state` to the end of the campaign, or until it is stopped; returns what there is then. */
export async function supervise(state: CampaignState, parts: SupervisorParts): Promise<CampaignState> {
  return await new Supervisor(state, parts).run();
}

interface Over {
  readonly id: string;
  readonly ended: Ended;
  /** An earlier supervisor had begun it. */
  readonly isTakenUp: boolean;
}

class Supervisor {
  readonly #parts: SupervisorParts;
  #state: CampaignState;
  #rules: Rules;
  readonly #running = new Map<string, StopWord>();
  readonly #over: Over[] = [];
  /** Who has asked for the end of all, where a person did. */
  #stopped: Edit | undefined;
  /** What ended the supervisor itself: a state that cannot be kept, a carrier that fails. */
  #failure: { readonly error: unknown } | undefined;
  #wake = new AbortController();

  constructor(state: CampaignState, parts: SupervisorParts) {
    this.#parts = parts;
    this.#state = state;
    this.#rules = parts.rulesOf(state.campaign);
  }

  async run(): Promise<CampaignState> {
    const { clock, stop, look_s, waits } = this.#parts;
    this.#keep({ is: 'under way' }, [{ kind: 'supervised', text: 'a supervisor carries the campaign out' }]);
    for (const item of this.#state.queue.items) if (item.state === 'running') this.#takeUp(item);
    let isStopping = false;
    stop.heard(() => {
      for (const one of this.#running.values()) one.ask(this.#stopped);
      this.#wake.abort();
    });
    for (;;) {
      this.#wake = new AbortController();
      if (this.#failure !== undefined) throw this.#failure.error;
      const next = this.#over.shift();
      if (next !== undefined) {
        this.#end(next);
        continue;
      }
      if (!stop.isAsked) {
        if (this.#takeEdits()) continue;
        const choice = this.#choose();
        if (this.#settle(choice)) continue;
        const isOver = this.#state.queue.items.every(
          item => item.state !== 'waiting' && item.state !== 'running',
        );
        if (isOver) return this.#keep({ is: 'over' }, [{ kind: 'over', text: 'the campaign is through' }]);
        waits?.(choice);
        await clock.sleep(this.#until_s(choice, look_s), this.#wake.signal);
        continue;
      }
      if (this.#running.size === 0)
        return this.#keep({ is: 'stopped' }, [{ kind: 'stopped', text: 'the supervisor was stopped' }]);
      if (!isStopping)
        this.#keep({}, [{ kind: 'stopping', text: 'the campaign is stopped: its runs end in order' }]);
      isStopping = true;
      await clock.sleep(look_s, this.#wake.signal);
    }
  }

  #now_ms(): number {
    return this.#parts.clock.utc_ms();
  }

  #keep(change: Partial<CampaignState>, events: readonly Told[]): CampaignState {
    const next = changedTo(this.#state, change, events, this.#now_ms());
    this.#parts.keep(next);
    this.#state = next;
    return next;
  }

  #choose(): Choice {
    const { campaign, queue } = this.#state;
    const { carrier, needs } = this.#parts;
    return choose(campaign, queue, this.#now_ms(), heldIn(this.#state, carrier), needs?.(this.#state));
  }

  /** Does what is to be done now; false: there is nothing. */
  #settle({ skip, begin }: Choice): boolean {
    for (const { id, reason } of skip) {
      const queue = skipped(this.#state.queue, id, reason);
      this.#keep({ queue }, toldOf(this.#state.queue, queue));
    }
    for (const item of begin) this.#begin(item);
    return skip.length > 0 || begin.length > 0;
  }

  #until_s({ opens_ms }: Choice, look_s: number): number {
    if (opens_ms === null) return look_s;
    return Math.min(look_s, Math.max(0, (opens_ms - this.#now_ms()) / 1000));
  }

  #begin(item: QueueItem): void {
    const { queue, carried, settings } = this.#state;
    const own: Carried = {
      dir: item.id,
      seed: named(carried, item.id)?.seed ?? seedOf(settings.seed, item.id),
      handle: null,
      stop: null,
    };
    const text =
      item.cut_ms === null
        ? `${item.id} begins in ${own.dir}`
        : `${item.id} goes on in ${own.dir}: the safe state first, then where it was cut off (for the ${item.resumed + 1}. time)`;
    this.#keep({ queue: begun(queue, item.id, this.#now_ms()), carried: { ...carried, [item.id]: own } }, [
      { kind: item.cut_ms === null ? 'begun' : 'resumed', id: item.id, text },
    ]);
    const word = new StopWord();
    const known = (handle: Carried['handle']): void => {
      const entry = { ...this.#state.carried[item.id], handle };
      this.#keep({ carried: { ...this.#state.carried, [item.id]: entry } }, []);
    };
    this.#follow(item.id, word, false, this.#parts.carrier.carry(this.#orderOf(item), known, word));
  }

  #takeUp(item: QueueItem): void {
    const { handle, stop } = this.#state.carried[item.id];
    const word = new StopWord();
    if (stop !== null) word.ask(stop);
    this.#keep({}, [{ kind: 'takenUp', id: item.id, text: `${item.id} was under way, and is followed` }]);
    this.#follow(item.id, word, true, this.#parts.carrier.takeUp(this.#orderOf(item), handle, word));
  }

  #follow(id: string, word: StopWord, isTakenUp: boolean, work: Promise<Ended>): void {
    this.#running.set(id, word);
    void work.then(
      ended => {
        this.#over.push({ id, ended, isTakenUp });
        this.#wake.abort();
      },
      (error: unknown) => {
        this.#failure ??= { error };
        this.#wake.abort();
      },
    );
  }

  #orderOf(item: QueueItem): Order {
    const { campaign, carried, acknowledged } = this.#state;
    const run = runOf(campaign, item);
    const { bench = campaign.bench } = run;
    const station = stationIn(this.#state, item);
    const { dir, seed } = carried[item.id];
    const goesOn = item.cut_ms !== null;
    return { item, run, bench, station, dir, seed, goesOn, acknowledged: named(acknowledged, station) };
  }

  #end({ id, ended, isTakenUp }: Over): void {
    this.#running.delete(id);
    const { campaign, queue, carried } = this.#state;
    const item = queue.items.find(one => one.id === id);
    if (item === undefined) throw new RangeError(`${id} is not in the queue`);
    const { stop } = carried[id];
    // By itself it would not begin the next time either.
    const waitsAgain = stop === null && (isTakenUp || this.#parts.stop.isAsked);
    if (ended.is === 'not begun' && waitsAgain) {
      const text = `${id} has not begun (${ended.reason}): it waits again`;
      this.#keep({ queue: notBegun(queue, id) }, [{ kind: 'notBegun', id, text }]);
      return;
    }
    const { end, person } = ended.is === 'ended' ? ended : neverBegun(ended.reason, stop !== null);
    const now_ms = this.#now_ms();
    // It may have ended while nobody looked; a clock that was set meanwhile makes no run end before its begin.
    const seen_ms = (ended.is === 'ended' ? ended.over_ms : undefined) ?? now_ms;
    const over_ms = Math.max(item.begun_ms ?? 0, Math.min(seen_ms, now_ms));
    const seen = this.#whoStopped(id, end);
    const way = afterCutOf(campaign, queue, item, seen);
    const after = over(campaign, this.#rules, queue, id, seen, over_ms);
    const told = toldOf(queue, after);
    const { runsHeld } = this.#state;
    const held: Partial<CampaignState> =
      way === 'goes on, held' || way === 'anew, held'
        ? {
            runsHeld: {
              ...runsHeld,
              [item.run]: { by: 'after_cut: hold', because: seen.reason, utc_ms: now_ms },
            },
          }
        : {};
    const bench = stationIn(this.#state, item);
    // One that goes on proves the safe state itself, before anything else.
    const isByItself = way === 'goes on' && seen.cut?.needsWord === false;
    if (person === undefined || isByItself) {
      this.#keep({ queue: after, ...held }, told);
      return;
    }
    const text = `${bench} is held until somebody has looked: ${person}`;
    this.#keep({ queue: after, ...held, benches: { ...this.#state.benches, [bench]: `${id}: ${person}` } }, [
      ...told,
      { kind: 'benchHeld', id, text },
    ]);
  }

  /** A signal at a run is a person's unless it was ours: with the campaign, or because a person asked for it. */
  #whoStopped(id: string, end: RunEnd): RunEnd {
    const word = this.#state.carried[id].stop;
    if (end.stoppedBy === undefined) {
      if (end.cut === undefined || word === null) return end;
      // A person wanted its end: it does not go on.
      return { ...end, cut: undefined, stoppedBy: 'person', reason: `${end.reason}; ${wordText(word)}` };
    }
    if (word !== null) return { ...end, stoppedBy: 'person', reason: `stopped: ${wordText(word)}` };
    if (!this.#parts.stop.isAsked) return { ...end, stoppedBy: 'person' };
    const all = this.#stopped;
    const reason = all === undefined ? end.reason : `the campaign was stopped: ${wordText(all)}`;
    return { ...end, stoppedBy: 'campaign', reason };
  }

  /** False: there is none. */
  #takeEdits(): boolean {
    const edits = this.#parts.edits();
    for (const edit of edits) {
      if (!this.#state.edits.includes(edit.id)) this.#takeEdit(edit);
      else this.#parts.answer(edit, undefined);
    }
    return edits.length > 0;
  }

  #takeEdit(edit: Edit): void {
    const made = this.#edited(edit);
    const refusal = typeof made === 'string' ? made : undefined;
    const after = typeof made === 'string' ? { refused: made } : made.state;
    const audited = withEdit(this.#state, edit, after, this.#now_ms());
    const taken = { edits: [...this.#state.edits, edit.id], audited };
    if (typeof made === 'string') this.#keep(taken, [{ kind: 'editRefused', text: made, by: edit.by }]);
    else {
      const told = toldOf(this.#state.queue, made.state.queue);
      this.#keep({ ...made.state, ...taken }, [{ kind: 'edited', text: made.text, by: edit.by }, ...told]);
      if (made.rules !== undefined) this.#rules = made.rules;
      for (const id of made.stops) this.#running.get(id)?.ask(edit);
    }
    this.#parts.answer(edit, refusal);
    if (typeof made === 'string' || !made.stopsAll) return;
    this.#stopped = edit;
    this.#parts.stop.ask();
  }

  /** What it makes of the campaign, or why it is refused. */
  #edited(edit: Edit): ReturnType<typeof edited> | string {
    try {
      return edited(this.#state, edit, this.#now_ms(), {
        rulesOf: this.#parts.rulesOf,
        heldBy: bench => benchHeld(this.#state, this.#parts.carrier, bench),
      });
    } catch (error) {
      if (error instanceof Error) return messageOf(error);
      throw error;
    }
  }
}
