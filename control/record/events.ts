import { z } from 'zod';
import { REACTIONS } from '../../profiles/steps/recovery.ts';
import type { CommandName } from '../contract/command.ts';
import { RUN_STATES, RUN_TABLE, type RunEvent } from '../contract/run-state.ts';
import { startRowSchema } from '../contract/start-check.ts';
import { causeSchema, stepEnd } from './event-words.ts';
import { ALARM_EVENTS } from './kinds/alarm-kinds.ts';
import { editEvent } from './kinds/edit-kind.ts';
import { measuredEvents } from './kinds/measured-kinds.ts';
import { suspensionEvents } from './kinds/suspension-kinds.ts';

/**
 * Everything that the journal keeps beside readings and set points. `text` is for people; whoever needs to know what
 * happened looks at `kind` and `data`, never into the text. In the file: columns t_s, kind, text, data (JSON).
 */

/** A figure; what JSON cannot say (NaN, stored as null) is NaN again. */
const figure = z.union([z.number(), z.nan(), z.null().transform(() => Number.NaN)]);

const runEvents = new Set(Object.values(RUN_TABLE).flatMap(row => Object.keys(row)));
const runEvent = z.custom<RunEvent>(value => typeof value === 'string' && runEvents.has(value));
const commandName = z.custom<CommandName>(value => typeof value === 'string' && value !== '');
const none = z.undefined();
const offer = z.object({ available_kW: figure });
/** Who changes the course of a run, and why. */
const setPoint = z.object({ role: z.string(), value: figure });

/** What stands in `data`, by kind of event. A new kind is one line here. */
export const EVENT_DATA = {
  /** The run went from one state to the next. */
  state: z.object({ from: z.enum(RUN_STATES), to: z.enum(RUN_STATES), event: runEvent }),
  phase: z.object({ name: z.string(), method: z.string() }),
  /** `ended_by` is a sentence for people. */
  phaseEnd: z.object({ name: z.string(), start_s: figure, end_s: figure, ended_by: z.string() }),
  /** A step ended. `pc`: its place in the procedure. `reason` is for people. */
  step: z.object({
    /** Its id in a method of the language. */
    id: z.string().exactOptional(),
    pc: z.number().int().min(0),
    op: z.string(),
    start_s: figure,
    ended: stepEnd,
    reason: z.string(),
    /** What it waited for held already when it began, and all the time since. */
    wasMet: z.boolean().exactOptional(),
    cyclerStep: z.number().int().min(1).exactOptional(),
    /** Longest time between two rows by the method's rule, from its begin on, s; 0: as the bench keeps them. */
    every_s: figure.exactOptional(),
  }),
  /** A method asks something of a person. */
  ask: z.object({ what: z.string(), asked: z.string() }),
  /** A limit of the method itself is exceeded. `place`: its line. */
  limit: z.object({
    reaction: z.enum(REACTIONS),
    place: z.string(),
    condition: z.string(),
    /** Roles in it that were not usable, which counts as exceeded. */
    unusable: z.array(z.string()).readonly().exactOptional(),
  }),
  /** The run was cut off at `cut_s` and went on here; charge that its counts have for the time between (NaN: none). */
  resumed: z.object({
    cut_s: figure,
    flowed: z.object({ into_Ah: figure, out_Ah: figure }).exactOptional(),
    steps: z.array(z.object({ step: z.string(), how: z.enum(['continue', 'again', 'never']) })).readonly(),
  }),
  /** The rest of the method was edited while the run was held. */
  edit: editEvent,
  /** The method led to its end before its last step: `what` says so, `reason` is for people. */
  finishes: z.object({ what: z.string(), reason: z.string() }),
  /** A step lasted longer or shorter than its method allows; s of the method. */
  inexact: z.object({ step: z.string(), asked_s: figure, lasted_s: figure, allowed_s: figure }),
  /** A part of a method whose figures are worked out: a built-in method, or a block with `evaluate`. */
  part: z.object({
    method: z.string(),
    name: z.string(),
    start_s: figure,
    end_s: figure,
    isWhole: z.boolean(),
    parameters: z.record(z.string(), z.union([figure, z.array(figure).readonly()])),
    texts: z.record(z.string(), z.string()).exactOptional(),
  }),
  /** What the method returns, by its names with unit, as known at the end of the run. */
  returned: z.object({ figures: z.record(z.string(), figure) }),
  /** A call of a procedure is through: what it returned, by its names with unit. */
  callReturned: z.object({
    call: z.string(),
    procedure: z.string(),
    start_s: figure,
    figures: z.record(z.string(), figure),
  }),
  /** A `let` in a loop (`where`: its line) has given its names values, for the `nth` time; of many only some are told. */
  roundValues: z.object({
    where: z.string(),
    round: z.number().int(),
    nth: z.number().int(),
    figures: z.record(z.string(), figure),
  }),
  /** A loop (`where`: its line) was left in a round with rounds, or steps of this one, not done: by what (`by`: step or line), and why. */
  roundsLeft: z.object({
    loop: z.enum(['repeat', 'each']),
    where: z.string(),
    round: z.number().int(),
    rounds: z.number().int(),
    kind: z.enum(['exit', 'until', 'time', 'deadline', 'decision']),
    by: z.string(),
    reason: z.string(),
  }),
  ...measuredEvents(figure),
  /** A point of a sweep: the window that counts. */
  point: z.object({
    leg: z.enum(['up', 'down', 'single']),
    setpoint: figure,
    from_s: figure,
    to_s: figure,
  }),
  /**
   * A potential was held by software (`readings` since it arrived, the bad ones beside): root mean square of its deviation
   * while no bound of its own held the current, and the furthest beyond the target, V; mean time between two readings;
   * time in which a bound held the current.
   */
  controlled: z.object({
    role: z.string(),
    target: figure,
    readings: z.number().int(),
    bad: z.number().int(),
    rms: figure.nullable(),
    beyond: figure.nullable(),
    every_s: figure.nullable(),
    saturated_s: figure,
    /** Absent: of a record from before they were told. */
    within: figure.exactOptional(),
    step: z.string().exactOptional(),
  }),
  /**
   * What a step drives stayed away from what it asks, in the unit of its role: `shown` is the value furthest from it, since
   * `from_s`, for `away_s` in all. Told once it is lasting, and at the end of the step (`isOver`).
   */
  short: z.object({
    step: z.string(),
    role: z.string(),
    asked: figure,
    shown: figure,
    from_s: figure,
    away_s: figure,
    isOver: z.boolean(),
  }),
  /**
   * A reading has repeated itself to the last digit since `from_s`, in so many readings: it may be none. Of a voltage, while so
   * much charge flowed or the current moved; of a gauge that was noisy, the most equal readings before.
   */
  sameFigure: z.object({
    role: z.string(),
    value: figure,
    from_s: figure,
    readings: z.number().int(),
    charge_Ah: figure.optional(),
    moved_A: figure.optional(),
    usual_readings: z.number().int().optional(),
  }),
  /** A load profile went to hot standby, or started again. */
  standby: offer,
  restart: offer,
  pressure: z.object({ mode: z.string(), set_barg: figure }),
  /** The tags by which interlocks are armed have changed. */
  tags: z.object({ tags: z.array(z.string()).readonly() }),
  /**
   * Of a record that keeps only some readings: how near all of them from `from_s` on came to each limit, as a probe judges
   * them (more is nearer), and for how long it was armed.
   */
  limits: z.object({
    from_s: figure,
    nearest: z
      .array(
        z.object({
          id: z.string(),
          figure,
          t_s: figure,
          peak: figure,
          armed_s: figure,
          unusable: z.number().int(),
          sum: figure,
          count: z.number().int(),
          member: z.string().exactOptional(),
          unwatched: z.object({ beyond_s: figure, from_s: figure }).exactOptional(),
        }),
      )
      .readonly(),
  }),
  ...ALARM_EVENTS,
  ...suspensionEvents(figure),
  /** The way into the safe state: a line done or failed, a proof, the vent, the outcome. */
  safe: z.object({
    what: z.enum(['begin', 'line', 'vent', 'proof', 'outcome', 'watch']),
    ok: z.boolean(),
    /** Whose own safe list the line was. */
    device: z.string().optional(),
    took_s: figure.optional(),
    unproven: z
      .array(z.object({ what: z.string(), otherwise: z.string() }))
      .readonly()
      .optional(),
  }),
  /** `alarm`: the one that was meant; absent: all. `by`: who, and at which door. `reason`: why, where the command says so. */
  command: z.object({
    command: commandName,
    by: z.string(),
    accepted: z.boolean(),
    alarm: z.string().optional(),
    reason: z.string().exactOptional(),
  }),
  /** A person has changed the limit of an interlock for this run, in the unit of its role. */
  limitChange: z.object({ id: z.string(), from: figure, to: figure, by: z.string(), reason: z.string() }),
  /** Taken up after a cut: the limit that a person had changed is in force again; `against`: why it is not. */
  limitKept: z.object({ id: z.string(), to: figure, against: z.string() }),
  device: z.object({ device: z.string(), state: z.string() }),
  /** Rows of a test that a cycler counts and does not give, by their numbers, both with them. */
  rowsMissing: z.object({
    device: z.string(),
    test: z.string(),
    from: z.number().int(),
    to: z.number().int(),
  }),
  /** The run was cut off at `cut_s`, and rows of an instrument are in the record up to `last_s` only (NaN: none are), s. */
  rowsLost: z.object({ device: z.string(), last_s: figure, cut_s: figure }),
  /** The run was cut off, and of its `-wal` so many frames, from `frame` on (0: all), could not be read. */
  walDamaged: z.object({ frame: z.number().int(), lost: z.number().int(), commits: z.number().int() }),
  /**
   * An instrument's own watchdog: armed and read back (`armed_s` null: not yet), or found otherwise while the line stood:
   * `lost`, not to be read any more (`unread`), `back` as it was armed.
   */
  watchdog: z.object({
    device: z.string(),
    armed_s: z.number().nullable(),
    what: z.enum(['lost', 'unread', 'back']).exactOptional(),
  }),
  /**
   * The second process that watches this one: it does, it is lost, or the bench has none; it `acted` and drove the safe
   * state (`step`: on the way there); what it, or a run that was killed with it, left behind was `acknowledged` by a person.
   */
  guard: z.object({
    what: z.enum(['watches', 'lost', 'none', 'step', 'acted', 'acknowledged']),
    timeout_s: z.number().nullable(),
  }),
  /** A set point that the gate refused, that failed on the wire, or that somebody else changed. */
  refused: setPoint,
  failed: setPoint,
  foreign: setPoint,
  /** What ended the run. */
  end: z.object({ cause: causeSchema }),
  /** What is made to go wrong in a simulated run. */
  fault: none,
  /** What a load series was made from, and what was done to it. */
  load: none,
  /** What somebody accepted in the bench file, with the reason. */
  accepted: none,
  /** What was looked at before anything was switched on. */
  preStart: z.object({ rows: z.array(startRowSchema.readonly()).readonly() }),
  /** A listener of ours threw: counted and noted, never part of a trip. */
  listener: z.object({ count: z.number().int() }),
  /**
   * The computer's clock was set (`step`), has wandered from the monotonic one (`drift`), or is that of a later process
   * which goes on with the record (`session`). `utc` is what it shows now, `step_s` by how much it is ahead of before.
   */
  clock: z.object({ what: z.enum(['step', 'drift', 'session']), step_s: figure, utc: z.string() }),
  /**
   * The clock of an instrument: it is that far from ours (`offset`, told once), or was set or began anew (`jump`); s, above 0:
   * ahead. `channel`: where its time is kept.
   */
  instrumentClock: z.object({
    device: z.string(),
    what: z.enum(['offset', 'jump']),
    channel: z.string(),
    by_s: figure,
  }),
  /** The record itself: it could not be written, it goes on, so many frames were given up for want of room. */
  record: z.object({ what: z.enum(['failing', 'goes-on', 'dropped']), frames: z.number().int() }),
} as const;

type Kinds = typeof EVENT_DATA;

/** The kinds of event by name. */
export type EventKind = keyof Kinds;

type Body<K extends EventKind> =
  z.output<Kinds[K]> extends undefined
    ? { readonly kind: K; readonly data?: undefined }
    : { readonly kind: K; readonly data: Readonly<z.output<Kinds[K]>> };

/** An event without its time and words. */
export type EventBody = { [K in EventKind]: Body<K> }[EventKind];

type Timed<B> = B extends EventBody ? B & { readonly t_s: number; readonly text: string } : never;

/** One event; `t_s` in seconds of the clock that the journal was opened with, times in `data` in run time. */
export type JournalEvent = Timed<EventBody>;

/** The same event on a clock that was 0 at `origin_s`. Times in `data` are run time already: whoever makes them counts so. */
export function countedFrom(origin_s: number, event: JournalEvent): JournalEvent {
  return origin_s === 0 ? event : { ...event, t_s: event.t_s - origin_s };
}
