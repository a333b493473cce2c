import { z } from 'zod';
import { GRAVITY } from '../../../profiles/steps/recovery.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import { type AlarmState, FLOOD_ALARM, type LiveAlarm, PRIORITIES } from '../../contract/alarm.ts';
import { inEnglish, type Said, say } from '../../contract/said/said.ts';
import type { AlarmNote, BookParts, ClearNote, ShelveAsked } from './book-parts.ts';
import { type Entry, entryOf, floodEntry, savedEntry, shownFigure } from './entry.ts';
import { Flood, floodSchema } from './flood.ts';
import { farther, isPresent, type LifeInput, lifeAfter, refusalToShelve, stateOf } from './life.ts';

const bookSchema = z.strictObject({
  version: z.literal(1),
  flood: floodSchema,
  alarms: z.record(z.string(), savedEntry),
});

/**
 * The list of alarms as people see it: who has acknowledged what, what is shelved, what came first, and whether there are too
 * many. It is told by the interlocks and never asked by them: nothing in here can hold a reaction back. Its room is
 * that of the bench's interlocks, however often they come.
 */
export class AlarmBook {
  readonly #parts: BookParts;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #flood: Flood;
  readonly #shelved = new Set<Entry>();
  readonly #waiting = new Set<Entry>();
  /** Alarms that act and stand. */
  #acting = 0;

  /** `from`: what `state` once said. */
  constructor(parts: BookParts, from?: Json) {
    this.#parts = parts;
    const { interlocks, rules } = parts;
    const saved = from === undefined ? undefined : bookSchema.parse(from);
    const shelve_s = rules.shelve_h * 3600;
    const entries = [
      ...interlocks.map(spec => entryOf(spec, shelve_s, saved?.alarms[spec.id])),
      floodEntry(shelve_s, saved?.alarms[FLOOD_ALARM]),
    ];
    this.#entries = new Map(entries.map(entry => [entry.id, entry]));
    this.#flood = new Flood(rules, saved?.flood);
    for (const entry of entries) {
      if (entry.life.shelved !== null) this.#shelved.add(entry);
      if (entry.chatter.waits) this.#waiting.add(entry);
      if (entry.rules.acts && entry.life.is !== 'normal') this.#acting++;
    }
  }

  /** An interlock has fired. What its event says; undefined: it chatters, and this time is only counted. `must`: it is told. */
  raised(id: string, t_s: number, must: boolean): AlarmNote | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return {};
    const { life, rules, priority, chatter } = entry;
    const isFirstOut = rules.acts && (life.is === 'normal' ? this.#acting === 0 : life.isFirstOut);
    this.#step(entry, { is: 'raised', t_s, isFirstOut });
    if (life.shelved === null && id !== FLOOD_ALARM) this.#flood.add(t_s);
    const isWritten = chatter.rises(t_s, must);
    if (chatter.waits) this.#waiting.add(entry);
    if (!isWritten) return undefined;
    return {
      priority,
      ...(isFirstOut ? { isFirstOut: true as const } : {}),
      ...(life.shelved === null ? {} : { isShelved: true as const }),
    };
  }

  /** The cause has gone. The value farthest beyond the limit meanwhile; undefined: the end is not written down. */
  cleared(id: string, t_s: number, figure: number): ClearNote | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined) return { peak: null };
    const text = entry.life.isFirstOut ? (this.#parts.look(id)?.text ?? '') : '';
    this.#step(entry, { is: 'cleared', t_s, peak: figure, text });
    if (!entry.chatter.ends()) return undefined;
    const peak = shownFigure(entry, figure);
    return entry.life.shelved === null ? { peak } : { peak, isShelved: true };
  }

  /** A person acknowledges one alarm, or all. */
  acknowledge(id: string | undefined, by: string): void {
    const t_s = this.#parts.now_s();
    for (const entry of id === undefined ? this.#entries.values() : this.#of(id))
      this.#step(entry, { is: 'acknowledged', t_s, by });
  }

  /** A person puts an alarm aside for a while. Returns what stands against it; empty = done. */
  shelve(asked: ShelveAsked): string {
    const against = this.againstShelving(asked);
    if (against !== undefined) return inEnglish(against);
    const { id, for_s, by, reason } = asked;
    for (const entry of this.#of(id)) this.#putAside(entry, { for_s, by, reason });
    return '';
  }

  /** What stands against putting it aside. */
  againstShelving(asked: ShelveAsked): Said | undefined {
    const { id } = asked;
    const [entry] = this.#of(id);
    if (entry === undefined) return say('noAlarm', { id, names: this.names() });
    return refusalToShelve(asked, entry.rules, id);
  }

  #putAside(entry: Entry, asked: Omit<ShelveAsked, 'id'>): void {
    const { id } = entry;
    const { for_s, by, reason } = asked;
    this.#step(entry, { is: 'shelved', t_s: this.#parts.now_s(), ...asked });
    this.#shelved.add(entry);
    const data = { id, what: 'shelved', by, reason, for_s, isStanding: isPresent(entry.life) } as const;
    this.#parts.note({ kind: 'shelve', data }, `${id} is shelved for ${for_s} s by ${by}: ${reason}`);
  }

  /** A person, or the end of its time, brings it back. Returns what stands against it; empty = done. */
  unshelve(id: string, by: string): string {
    const [entry] = this.#of(id);
    if (entry === undefined || !this.isShelved(id)) return inEnglish(say('notShelved', { id }));
    this.#step(entry, { is: 'unshelved' });
    this.#back(entry, by);
    return '';
  }

  /** Whether a person has put it aside. */
  isShelved(id: string): boolean {
    return this.#of(id).some(({ life }) => life.shelved !== null);
  }

  /** With each control tick: what was shelved comes back, what chatters is summed up, a flood begins or ends. */
  tick(): void {
    const t_s = this.#parts.now_s();
    for (const entry of this.#shelved) {
      this.#step(entry, { is: 'time', t_s });
      if (entry.life.shelved === null) this.#back(entry, '');
    }
    for (const entry of this.#waiting) if (entry.chatter.isDue(t_s)) this.#settle(entry, t_s);
    const turn = this.#flood.look(t_s);
    if (turn !== undefined) this.#flooded(turn, t_s);
  }

  /** Writes down what is still counted: the record is about to be closed. */
  settle(): void {
    for (const entry of this.#waiting) this.#settle(entry, this.#parts.now_s());
  }

  /** Everything that stands, waits for a person or is shelved: the most urgent first. */
  standing(): LiveAlarm[] {
    const all = [...this.#entries.values()].filter(
      ({ life }) => life.is !== 'normal' || life.shelved !== null,
    );
    return all.map(entry => this.#shown(entry)).sort(byUrgency);
  }

  /** Names of the alarms whose limit is not armed now: suppressed by design. */
  suppressed(): string[] {
    return this.names().filter(id => this.stateOf(id) === 'suppressed');
  }

  /** How the list calls it; undefined: there is no such alarm. */
  stateOf(id: string): AlarmState | undefined {
    const [entry] = this.#of(id);
    return entry && stateOf(entry.life, this.#parts.look(id)?.isArmed ?? true);
  }

  /** Whether somebody has still to acknowledge something. */
  get isOpen(): boolean {
    return [...this.#entries.values()].some(({ life }) => life.is !== 'normal' && life.is !== 'acknowledged');
  }

  /** Alarms of the bench. */
  names(): string[] {
    return [...this.#entries.keys()];
  }

  /** All that is remembered, JSON. */
  state(): Json {
    const alarms = [...this.#entries.values()]
      .filter(({ life }) => life.count > 0 || life.shelved !== null)
      .map(({ id, life, chatter }) => [id, { life: { ...life }, chatter: chatter.state() }] as const);
    return { version: 1, flood: this.#flood.state(), alarms: Object.fromEntries(alarms) };
  }

  #of(id: string): Entry[] {
    const entry = this.#entries.get(id);
    return entry === undefined ? [] : [entry];
  }

  #step(entry: Entry, input: LifeInput): void {
    const { life, rules } = entry;
    const next = lifeAfter(life, input, rules);
    entry.life = next;
    if (rules.acts) this.#acting += Number(next.is !== 'normal') - Number(life.is !== 'normal');
  }

  #back(entry: Entry, by: string): void {
    this.#shelved.delete(entry);
    const { id, life } = entry;
    const isStanding = isPresent(life);
    const data = { id, what: 'unshelved', by, reason: '', for_s: 0, isStanding } as const;
    const how = by === '' ? 'its time is over' : `by ${by}`;
    const still = isStanding ? `; it stands: ${this.#parts.look(id)?.text ?? ''}` : '';
    this.#parts.note({ kind: 'shelve', data }, `${id} is no longer shelved (${how})${still}`);
  }

  #settle(entry: Entry, t_s: number): void {
    this.#waiting.delete(entry);
    const { id, reaction, priority, life } = entry;
    const { count, from_s, write } = entry.chatter.settle(t_s, isPresent(life));
    // The one that stands gets an event of its own.
    const more = count - (write === 'alarm' ? 1 : 0);
    if (more > 0) {
      const text = `${id} chatters: rose ${more} more times in ${(t_s - from_s).toFixed(0)} s`;
      this.#parts.note({ kind: 'chatter', data: { id, count: more, over_s: t_s - from_s } }, text);
    }
    const text = this.#parts.look(id)?.text ?? '';
    if (write === 'alarm') {
      const isShelved = life.shelved === null ? {} : { isShelved: true as const };
      this.#parts.note(
        { kind: 'alarm', data: { id, reaction, priority, ...isShelved } },
        `${id}: ${text} (it chatters)`,
      );
    } else if (write === 'clear')
      this.#parts.note(
        { kind: 'clear', data: { id, peak: shownFigure(entry, life.peak) } },
        `${id} clear: it chattered`,
      );
  }

  #flooded(turn: 'begins' | 'ends', t_s: number): void {
    const { floodCount: limit, floodWithin_s: within_s } = this.#parts.rules;
    const { count } = this.#flood;
    const text = `${FLOOD_ALARM}: ${count} alarms in ${within_s} s (limit ${limit})`;
    if (turn === 'begins') {
      const note = this.raised(FLOOD_ALARM, t_s, false);
      if (note === undefined) return;
      const data = { id: FLOOD_ALARM, reaction: 'warn', ...note, flood: { limit, within_s, count } } as const;
      this.#parts.note({ kind: 'alarm', data }, text);
    } else if (this.cleared(FLOOD_ALARM, t_s, count) !== undefined)
      this.#parts.note({ kind: 'clear', data: { id: FLOOD_ALARM } }, `${text}: over`);
  }

  #shown(entry: Entry): LiveAlarm {
    const { id, reaction, priority, unit, life } = entry;
    const isThere = isPresent(life);
    const seen = this.#parts.look(id);
    const { rules } = this.#parts;
    const flood = `${this.#flood.count} alarms in ${rules.floodWithin_s} s (limit ${rules.floodCount})`;
    const now = id === FLOOD_ALARM ? flood : life.count === 0 ? '' : (seen?.text ?? '');
    const peak = isThere ? (seen?.peak ?? null) : life.peak;
    const { on_s, text, peak: before } = life.kept ?? { on_s: life.on_s, text: now, peak: null };
    return {
      id,
      reaction,
      priority,
      state: stateOf(life, true),
      since_s: on_s,
      gone_s: life.off_s,
      text,
      acknowledged: life.is === 'acknowledged' || life.is === 'normal',
      acknowledgedBy: life.acknowledgedBy,
      count: life.count,
      peak: shownFigure(entry, farther(before, peak)),
      unit,
      goneAt: isThere ? (seen?.goneAt ?? null) : null,
      isFirstOut: life.isFirstOut,
      shelved: life.shelved,
    };
  }
}

const rankOf = ({ state, priority }: LiveAlarm): number =>
  (state === 'shelved' ? PRIORITIES.length : 0) + PRIORITIES.indexOf(priority);

/**
 * What is shelved comes last; of the others the urgent first, of one priority the gravest reaction, then what nobody has
 * acknowledged, then what came first, then the newest.
 */
function byUrgency(a: LiveAlarm, b: LiveAlarm): number {
  return (
    rankOf(a) - rankOf(b) ||
    GRAVITY[b.reaction] - GRAVITY[a.reaction] ||
    Number(a.acknowledged) - Number(b.acknowledged) ||
    Number(b.isFirstOut) - Number(a.isFirstOut) ||
    (b.since_s ?? 0) - (a.since_s ?? 0)
  );
}
