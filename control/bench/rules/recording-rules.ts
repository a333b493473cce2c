import { z } from 'zod';
import type { RecordBounds } from '../../../profiles/language/bench/record-bounds.ts';
import { finite, positive, role } from '../../contract/fields.ts';
import type { RoleTable } from '../../contract/role-table.ts';

/**
 * What of an instrument's readings is kept. Limits, figures on the page and the safe state see every reading all the same.
 * A reading of an instrument is kept or left out whole, with all its channels.
 */

/** The longest that readings are held back, waiting for an event, s. */
const LONGEST_BEFORE_S = 3600;

const ofInstrument = z.strictObject({
  interval_s: positive.meta({ description: 'at least one reading so often, s' }),
  change: z.record(role, positive).default({}).meta({
    description: 'and each by which one of these roles has moved by more than this, in its unit',
  }),
});

const aroundEvent = z.strictObject({
  before_s: finite
    .refine(v => v >= 0 && v <= LONGEST_BEFORE_S, `expected 0..${LONGEST_BEFORE_S} s`)
    .meta({ description: 'every reading so long before it, s' }),
  after_s: finite
    .refine(v => v >= 0, 'expected a number >= 0')
    .meta({ description: 'every reading so long after it, s' }),
});

/** Events around which every reading may be kept; trips always are such. */
export const RECORDED_EVENTS = [
  'state',
  'phase',
  'step',
  'point',
  'command',
  'alarm',
  'standby',
  'restart',
] as const;

export const recordingSchema = z.strictObject({
  instruments: z
    .record(z.string(), ofInstrument)
    .meta({ description: 'by instrument; whatever is not named here is kept whole' }),
  trips: aroundEvent
    .default({ before_s: 60, after_s: 600 })
    .meta({ description: 'every reading around a trip, and up to the end of a run' }),
  events: z
    .partialRecord(z.enum(RECORDED_EVENTS), aroundEvent)
    .default({})
    .meta({ description: 'every reading around such events' }),
});

/** The recording rules of a bench. */
export type RecordingRules = z.infer<typeof recordingSchema>;

/** The longest time before an event from which every reading is kept, s. */
export function longestBefore_s({ trips, events }: RecordingRules): number {
  return Math.max(trips.before_s, ...Object.values(events).map(({ before_s }) => before_s));
}

/** So many readings of an instrument are held back at most, for `before_s`. */
export function heldReadings(before_s: number, poll_s: number): number {
  return 4 + Math.ceil((1.1 * before_s) / poll_s);
}

/** All is kept, but where a method says otherwise. */
export const WHOLE: RecordingRules = recordingSchema.parse({ instruments: {} });

/**
 * What a record says of itself: the longest time between two rows of an instrument, and how far a role may have moved
 * meanwhile, by the rules of the bench and those of the method in any of its steps. `speed`: method seconds in a second.
 */
export function saidOf(
  rules: RecordingRules,
  method: RecordBounds | undefined,
  of: {
    readonly roles: RoleTable;
    /** With the time from one reading to the next, s. */
    readonly devices: readonly { readonly device: string; readonly poll_s: number }[];
    readonly speed: number;
  },
): RecordingRules {
  if (method === undefined || method.every_s === 0) return rules;
  const every_s = method.every_s / of.speed;
  const instruments = of.devices.map(({ device, poll_s }) => {
    const { interval_s = 0, change = {} } = rules.instruments[device] ?? {};
    const moves: Record<string, number> = { ...change };
    for (const [name, by] of Object.entries(method.change)) {
      // A method writes a role of many values without its [].
      const role = of.roles.measured.has(name) ? name : `${name}[]`;
      if (of.roles.measured.get(role)?.device === device) moves[role] = Math.max(by, moves[role] ?? 0);
    }
    return [
      device,
      { interval_s: Math.max(interval_s, every_s), own_s: interval_s, poll_s, change: moves },
    ] as const;
  });
  return { ...rules, instruments: Object.fromEntries(instruments) };
}
