import { join } from 'node:path';
import type { Clock } from '../../../../drivers/contract/clock.ts';
import type { PlacedCampaign } from '../../../campaign/campaign-file.ts';
import { Notifier } from '../../../campaign/notify/notifier.ts';
import type { CampaignState } from '../../../campaign/state.ts';
import { named } from '../../../named.ts';
import { alarmsAfter } from './alarms-of-run.ts';
import { eventsAfter, keepOutbox, readOutbox } from './outbox-file.ts';
import { waysOf } from './send.ts';

/** Notifications beside a campaign that is carried out. */

const ALARM_KINDS = ['alarm', 'alarm end', 'trip'] as const;
/** So often records of runs are looked at, s. */
const LOOK_S = 3;
/** What is under way at the end of a campaign has so long, s: longer than one try of any way. */
const GRACE_S = 35;

/** What it needs to know. */
export interface BesideParts {
  readonly dir: string;
  /** With the places that errors of its targets name, and the folder from which these are named. */
  readonly yaml: PlacedCampaign;
  readonly baseDir: string;
  readonly clock: Clock;
  readonly state: () => CampaignState;
  readonly say: (text: string) => void;
}

/** Tells of a campaign what its file asks for. */
export class NotifyBeside {
  readonly #parts: BesideParts;
  readonly #notifier: Notifier;
  readonly #end = new AbortController();
  readonly #looks: boolean;
  #alarms: Promise<void> | undefined;

  /** @throws FileError: a secret, a program, or messages on disk that cannot be read */
  constructor(parts: BesideParts) {
    this.#parts = parts;
    const { dir, yaml, baseDir, clock, state, say } = parts;
    const ways = waysOf(yaml, baseDir);
    this.#looks = yaml.value.notify.some(({ on }) => ALARM_KINDS.some(kind => on.includes(kind)));
    this.#notifier = new Notifier(readOutbox(dir), {
      clock,
      state,
      say,
      send: (target, notification) => ways[target](notification),
      keep: outbox => keepOutbox(dir, outbox),
    });
  }

  /** Takes up what was told since the supervisor before, and begins. */
  start(): void {
    const { dir, yaml } = this.#parts;
    if (yaml.value.notify.length === 0) return;
    this.#notifier.tell(eventsAfter(dir, this.#notifier.outbox.readTo));
    this.#notifier.start();
    if (this.#looks) this.#alarms = this.#lookForAlarms();
  }

  /** A state was kept: tells what is new in it. */
  kept(state: CampaignState): void {
    if (state.campaign.notify.length === 0) return;
    // Its last alarms are older than its end.
    for (const { kind, id } of state.last) if (kind === 'ended' && id !== null) this.#look(id);
    this.#notifier.tell(state.last);
  }

  /** Sends what can be sent now. `isOver`: nobody comes after; then it waits for the end of quiet hours as well. */
  async finish(isOver: boolean, giveUp: AbortSignal): Promise<void> {
    this.#end.abort();
    await this.#alarms;
    await this.#notifier.finish(GRACE_S, isOver, giveUp);
    const { messages, lost } = this.#notifier.outbox;
    if (messages.length > 0)
      this.#parts.say(`${messages.length} messages did not go out: campaign notify FILE sends them`);
    if (lost > 0) this.#parts.say(`${lost} messages were left out: too many were waiting`);
  }

  async #lookForAlarms(): Promise<void> {
    const { clock, state } = this.#parts;
    while (!this.#end.signal.aborted) {
      for (const { id, state: is } of state().queue.items) if (is === 'running') this.#look(id);
      await clock.sleep(LOOK_S, this.#end.signal);
    }
  }

  #look(id: string): void {
    if (!this.#looks) return;
    const { dir, state } = this.#parts;
    const own = named(state().carried, id);
    if (own === undefined) return;
    const row = named(this.#notifier.outbox.alarmsTo, id) ?? 0;
    this.#notifier.tellAlarms(id, alarmsAfter(join(dir, own.dir, 'run.sqlite'), row));
  }
}
