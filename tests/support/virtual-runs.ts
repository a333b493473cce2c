import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadedBench } from '../../control/bench/bench-file.ts';
import type { LoadedMethod } from '../../control/bench/method-check.ts';
import type { Ended, Handle, Kept, Order, RunCarrier, StopWord } from '../../control/campaign/carrier.ts';
import { beginRun } from '../../control/program/begin.ts';
import { openTwins } from '../../control/program/open-devices.ts';
import { software } from '../../control/program/result/software.ts';
import type { JournalEvent } from '../../control/record/events.ts';
import type { VirtualClock } from '../../drivers/contract/clock.ts';
import type { Fault } from '../../sim/faults.ts';

/** What goes wrong in a run. */
export interface Trouble {
  readonly faults: readonly Fault[];
  /** Its program is gone after so long, s; absent: it goes to its end. */
  readonly cutAt_s?: number;
}

/** What it makes runs of. */
export interface VirtualPlace {
  readonly dir: string;
  readonly clock: VirtualClock;
  readonly loaded: LoadedBench;
  readonly method: LoadedMethod;
  readonly troubleOf: (order: Order) => Trouble;
  /** Folders of runs are cleared away as the run is over. */
  readonly clears: boolean;
}

const CUT = 'cut off: its process was gone without an end';

/**
 * Carries the runs of a campaign as whole sessions on twins of their own, all in one virtual time, each with its record on
 * the disk. They go on by themselves, also while no supervisor lives.
 */
export class VirtualRuns implements RunCarrier {
  /** Ids in the order in which they began. */
  readonly begun: string[] = [];
  /** Most runs under way at a time. */
  most = 0;
  rows = 0;
  readonly #place: VirtualPlace;
  /** Asked once: it looks at the checkout. */
  readonly #software = software();
  readonly #going = new Map<string, Promise<Ended>>();
  #now = 0;

  constructor(place: VirtualPlace) {
    this.#place = place;
  }

  async carry(order: Order, known: (handle: Handle) => void, stop: StopWord): Promise<Ended> {
    await Promise.resolve();
    const { id } = order.item;
    known(id);
    if (this.#going.has(id)) throw new Error(`${id} begins twice`);
    this.begun.push(id);
    this.#going.set(id, this.#run(order, stop));
    return await this.takeUp(order, id);
  }

  async takeUp({ item }: Order, handle: Handle): Promise<Ended> {
    const going = handle === null ? undefined : this.#going.get(item.id);
    return (await going) ?? { is: 'not begun', reason: 'it had not been let go' };
  }

  keptFrom(): Kept | undefined {
    return undefined;
  }

  async #run(order: Order, stop: StopWord): Promise<Ended> {
    const { clock, loaded, method, troubleOf, clears } = this.#place;
    const dir = join(this.#place.dir, order.dir);
    mkdirSync(dir);
    const { faults, cutAt_s } = troubleOf(order);
    const { session, run, kept } = await clock.track(
      beginRun(dir, {
        loaded,
        devices: openTwins(loaded, order.seed, clock, faults),
        clock,
        procedure: method.procedure,
        method: method.path,
        head: {
          seed: order.seed,
          mode: 'rehearsal',
          startedUtc: new Date(clock.utc_ms()).toISOString(),
          software: this.#software,
          inputs: [],
        },
        timeFactor: 1,
        faults: [],
      }),
    );
    this.most = Math.max(this.most, ++this.#now);
    const returned: Record<string, number> = {};
    const remove = session.parts.recording.add({
      frame: () => void this.rows++,
      setpoint() {},
      checkpoint() {},
      event: (event: JournalEvent) => {
        if (event.kind === 'returned') Object.assign(returned, event.data.figures);
      },
    });
    stop.heard(() => session.stop({ by: 'signal', id: 'SIGTERM' }, 'stopped'));
    const gone = new AbortController();
    const cut =
      cutAt_s === undefined
        ? new Promise<never>(() => {})
        : clock.sleep(cutAt_s, gone.signal).then(() => undefined);
    const outcome = await Promise.race([run.finished, cut]);
    gone.abort();
    remove();
    await clock.track(session.close().then(() => kept.close()));
    this.#now--;
    if (clears) rmSync(dir, { recursive: true });
    if (outcome === undefined) {
      const cutOff = { against: 'its twin is gone with it', needsWord: false };
      const end = { isCompleted: false, isPassed: undefined, returned: {}, reason: CUT, cut: cutOff };
      return { is: 'ended', end, person: `${CUT}; how the bench was left is not known` };
    }
    const { state, reason, unproven } = outcome;
    const isCompleted = state === 'Complete' && unproven.length === 0;
    return {
      is: 'ended',
      end: { isCompleted, isPassed: undefined, returned, reason },
      person: isCompleted ? undefined : reason,
    };
  }
}
