import { z } from 'zod';
import { type Frame, isUsable, QUALITY_NAMES } from '../../drivers/contract/frame.ts';
import { unitOf } from '../../drivers/contract/units.ts';
import { GRAVITY } from '../../profiles/steps/recovery.ts';
import type { InterlockSpec } from '../bench/bench.ts';
import type { RoleTable } from '../contract/role-table.ts';
import { namesOfTable } from '../kinds/interlocks/condition.ts';
import { kindOf } from '../kinds/interlocks/index.ts';
import { nameOf } from '../kinds/interlocks/words.ts';
import { causeSchema } from '../record/event-words.ts';
import { eventsOf, type RecordedEvent } from '../record/recorded-events.ts';
import type { Replay } from '../record/replay.ts';
import { memberIn } from './limit-watch.ts';
import type { LimitRule } from './method-limits.ts';
import type { Timeline } from './timeline.ts';

/** Why a run did not come to its end by itself: from its record alone, so that it can be said again at any time. */

const figure = z.number();

/** A role that the limit looks at, as it was read when the run was ended. */
const readingSchema = z.strictObject({
  /** With its member where the role is an array. */
  role: z.string(),
  unit: z.string(),
  /** Null: it was not usable. */
  value: figure.nullable(),
  /** Quality of the reading, and why it is no better; `none`: nothing was read in the ten minutes before. */
  quality: z.string(),
  reason: z.string().optional(),
  /** From the reading to the end of the run, s; null: there was none. */
  age_s: figure.nullable(),
});

/** What happened around it, in its order; times from the moment at which the run was ended, s. */
const linkSchema = z.strictObject({
  after_s: figure,
  kind: z.string(),
  text: z.string(),
  /** Of a line of the way into the safe state: it was done, or proved; null: it is nothing of that kind. */
  ok: z.boolean().nullable(),
});

export const whyStoppedSchema = z.strictObject({
  cause: causeSchema.readonly(),
  text: z.string(),
  t_s: figure,
  phase: z.string(),
  step: z.string(),
  /** The limit of the bench that ended it, as its file has it. */
  limit: z
    .strictObject({
      id: z.string(),
      kind: z.string(),
      /** What is compared with the limit. */
      of: z.string(),
      trips: z.enum(['>', '<']),
      limit: figure,
      unit: z.string(),
      delay_s: figure,
      armed: z.string(),
      basis: z.string(),
    })
    .optional(),
  /** The limit of the method that ended it, as its file has it. */
  methodLimit: z
    .strictObject({
      /** Who sets it: the method, a phase, a step. */
      by: z.string(),
      /** Where it stands. */
      where: z.string(),
      condition: z.string(),
      reaction: z.string(),
      /** Roles in it that could not be used, which counts as exceeded. */
      unusable: z.array(z.string()).readonly(),
    })
    .optional(),
  readings: z.array(readingSchema.readonly()).readonly(),
  chain: z.array(linkSchema.readonly()).readonly(),
  /** Links of the chain that were left out for want of room. */
  left_out: z.number().int().min(0),
  /** From the end of the run until the safe state was proved, or until it was said what could not be; null: neither. */
  safe_s: figure.nullable(),
});
/** Why a run was stopped. */
export type WhyStopped = Readonly<z.infer<typeof whyStoppedSchema>>;

/** What the limits of the bench and of the method look at. */
export interface StoppedOn {
  readonly interlocks: readonly InterlockSpec[];
  /** Of the method. */
  readonly ofMethod: readonly LimitRule[];
  readonly roles: RoleTable;
  /** How many channels each instrument has. */
  readonly channels: ReadonlyMap<string, number>;
}

/** The chain begins so long before the end, and ends so long behind it at the latest, s: as the black box around a trip. */
const BEFORE_S = 60;
const AFTER_S = 600;
/** A limit of the method that ends a run is told in the same beat, s. */
const SAME_BEAT_S = 1;
/** A reading older than that is none. */
const OLDEST_S = 600;
/** Links before the end, and behind it, that are kept. */
const MOST = { before: 20, after: 100 };

/** What makes the chain. */
const LINKS: ReadonlySet<string> = new Set<RecordedEvent['kind']>([
  'alarm',
  'clear',
  'limit',
  'limitChange',
  'limitKept',
  'edit',
  'state',
  'end',
  'safe',
  'command',
  'guard',
  'watchdog',
  'refused',
  'failed',
  'foreign',
  'device',
  'short',
  'sameFigure',
  'record',
  'clock',
  'fault',
]);

/** Undefined: the procedure came to its end, or the record says nothing of an end. */
export function whyStopped(
  replay: Pick<Replay, 'events' | 'between'>,
  bench: StoppedOn,
  timeline: Pick<Timeline, 'of'>,
): WhyStopped | undefined {
  const end = eventsOf(replay.events, 'end').at(-1);
  if (end === undefined || end.data.cause.by === 'procedure') return undefined;
  const { cause } = end.data;
  const spec = cause.by === 'interlock' ? bench.interlocks.find(({ id }) => id === cause.id) : undefined;
  const rule = cause.by === 'step' ? ruleOf(replay.events, end, bench.ofMethod) : undefined;
  const { phase, step } = timeline.of(end);
  const { chain, left_out, safe_s } = chainOf(replay.events, end);
  return {
    cause,
    text: end.text,
    t_s: end.t_s,
    phase,
    step,
    ...(spec === undefined ? {} : { limit: limitOf(spec) }),
    ...(rule === undefined ? {} : { methodLimit: rule.said }),
    readings:
      spec === undefined
        ? readingsOf(rule?.roles ?? [], () => ({}), replay, bench, end.t_s)
        : readingsOf(
            kindOf(spec).judged(spec, namesOfTable(bench.roles)),
            name => ('role' in spec && name !== spec.role ? {} : { spec }),
            replay,
            bench,
            end.t_s,
          ),
    chain,
    left_out,
    safe_s,
  };
}

function limitOf(spec: InterlockSpec): NonNullable<WhyStopped['limit']> {
  const { role, trips, limit, unit } = kindOf(spec).rehearsed(spec);
  const { id, kind, delay_s, armed, basis } = spec;
  return { id, kind, of: role, trips, limit, unit, delay_s, armed, basis };
}

/** The limit of the method that was exceeded as the run was ended; its roles where the method has it still. */
function ruleOf(
  events: readonly RecordedEvent[],
  end: RecordedEvent,
  ofMethod: readonly LimitRule[],
): { readonly said: NonNullable<WhyStopped['methodLimit']>; readonly roles: readonly string[] } | undefined {
  const cause = end.kind === 'end' ? end.data.cause.id : '';
  const found = eventsOf(events, 'limit').findLast(
    ({ t_s, data: { place, reaction } }) =>
      t_s <= end.t_s && end.t_s - t_s < SAME_BEAT_S && place === cause && GRAVITY[reaction] > GRAVITY.hold,
  );
  if (found === undefined) return undefined;
  const { place, condition, reaction, unusable = [] } = found.data;
  const rule = ofMethod.find(one => one.place === place && one.condition === condition);
  return {
    said: { by: rule?.by ?? 'the method', where: place, condition, reaction, unusable: [...unusable] },
    roles: rule?.roles ?? [],
  };
}

/** Each of these roles by its last reading up to then; `nearest`: by which limit a member of an array is chosen. */
function readingsOf(
  names: readonly string[],
  nearest: (name: string) => { readonly spec?: InterlockSpec },
  replay: Pick<Replay, 'between'>,
  { roles, channels }: StoppedOn,
  t_s: number,
): WhyStopped['readings'] {
  return names.flatMap((name): WhyStopped['readings'] => {
    const role = roles.measured.get(name);
    if (role === undefined) return [];
    const { device, first, count } = role;
    const wanted = Array.from({ length: count }, (_, i) => first + i);
    const columns = { channels: channels.get(device) ?? first + count, wanted };
    let last: Frame | undefined;
    for (const frame of replay.between(device, columns, { from_s: t_s - OLDEST_S, to_s: t_s })) last = frame;
    const unit = unitOf(name) ?? '';
    if (last === undefined) return [{ role: name, unit, value: null, quality: 'none', age_s: null }];
    const { spec } = nearest(name);
    const member = spec === undefined ? null : memberIn(spec, role, last.values);
    const at = memberAt(spec?.kind, last, wanted, member, i => nameOf(role, i));
    const { values, quality, reason } = last;
    return [
      {
        role: nameOf(role, at),
        unit,
        value: isUsable(values[at], quality[at]) ? values[at] : null,
        quality: QUALITY_NAMES[quality[at]],
        ...(reason === undefined ? {} : { reason }),
        age_s: Math.max(0, t_s - last.t_s),
      },
    ];
  });
}

/** Which column speaks for a role: of an array one that cannot be used before the one that is nearest to the limit. */
function memberAt(
  kind: InterlockSpec['kind'] | undefined,
  { values, quality }: Frame,
  wanted: readonly number[],
  nearest: string | null,
  named: (column: number) => string,
): number {
  const broken = kind === 'stuck' ? undefined : wanted.find(i => !isUsable(values[i], quality[i]));
  return broken ?? wanted.find(i => named(i) === nearest) ?? wanted[0];
}

/** What led to the end, and what was done from then on until the bench was safe. */
function chainOf(
  events: readonly RecordedEvent[],
  end: RecordedEvent,
): Pick<WhyStopped, 'chain' | 'left_out' | 'safe_s'> {
  const outcome = events.find(
    event => event.kind === 'safe' && event.data.what === 'outcome' && event.t_s >= end.t_s,
  );
  const last_s = outcome?.t_s ?? end.t_s + AFTER_S;
  // What happened at the very moment, but stands before it in the record, led to it.
  const around = events.filter(
    event => LINKS.has(event.kind) && event.t_s >= end.t_s - BEFORE_S && event.t_s <= last_s,
  );
  const place = around.indexOf(end);
  const before = around.slice(0, place);
  const after = around.slice(place);
  const kept = [...before.slice(-MOST.before), ...after.slice(0, MOST.after)];
  return {
    chain: kept.map(event => ({
      after_s: event.t_s - end.t_s,
      kind: event.kind,
      text: event.text,
      ok: event.kind === 'safe' ? event.data.ok : null,
    })),
    left_out: around.length - kept.length,
    safe_s: outcome === undefined ? null : outcome.t_s - end.t_s,
  };
}
