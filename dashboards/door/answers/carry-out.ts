import { explain } from '../../refusals.ts';
import { LabRefusal } from '../lab.ts';
import { FileLocked } from '../people/file-lock.ts';
import { isAtLeast, type Role } from '../people/roles.ts';
import { type Asked, type Demand, type Door, Refusal, type Route, type Visit } from '../route.ts';
import { decidedSchema } from '../routes/commanded.ts';
import { diskTrouble } from './disk-trouble.ts';
import type { DoorWhy } from './why.ts';

/**
 * What is asked at the door by a route of the table, however it has come in: who may, whether it is well asked, what comes of it,
 * and that it is written down.
 */

/** Status of a line that says what was asked, before it is known what comes of it (of HTTP: processing). */
const ASKED = 102;
/** Whoever asks this may less from then on. */
const GIVES_UP: ReadonlySet<string> = new Set(['signOut', 'releaseControl']);
/** In a minute so many refusals of a kind, before anything was done, have lines of their own; of those who may not, one. */
const MOST_REFUSALS = 10;
const DENIALS: ReadonlySet<number> = new Set([401, 403, 429]);
/** Likewise stops. */
const MOST_STOPS = 20;
const STATUS_OF = { missing: 404, bad: 400, clash: 409, busy: 503 } as const;

export const NOBODY =
  'nobody has signed in: expected a session (POST /api/v1/session) or authorization: Bearer TOKEN';

export const UNREADABLE =
  'the accounts of the lab cannot be read: nobody comes in, and who was in before may stop a run, nothing else';

export const WHY_NOBODY: DoorWhy = { code: 'nobody', with: {} };
export const WHY_UNREADABLE: DoorWhy = { code: 'unreadable', with: {} };

/** The same as data: why a role does not do. */
export function whyRole(own: Role, needed: Role): DoorWhy {
  return { code: 'role', with: { own, needed } };
}

/** Why a role does not do. */
export function roleReason(own: Role, needed: Role): string {
  return `${own} may not do this, expected ${needed} or more`;
}

/** What is asked, as it came. */
export interface AskedAs {
  readonly params: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** What came of it: an answer, or a status of HTTP with the reason and what else is to be said. */
export type Outcome =
  | { readonly isDone: true; readonly answer: unknown }
  | { readonly isDone: false; readonly status: number; readonly text: string; readonly more: object };

/** Does it, or says why not. */
export async function carryOut(door: Door, route: Route, raw: AskedAs, visit: Visit): Promise<Outcome> {
  const { who } = visit;
  let told: unknown = null;
  let isAsked = false;
  /** Lines of its own that it has in a minute, of its kind; more are counted. */
  const tell = (status: number, outcome: string, most = Number.POSITIVE_INFINITY): void => {
    // A refusal of nobody is none of a person; who could not sign in may be one. A guest changes nothing by going.
    if (route.told === null || (who === null && route.id !== 'signIn')) return;
    if (who?.by === 'guest' && route.id === 'signOut') return;
    const by = who?.name ?? signingIn(door, raw.body);
    const deed = { by, how: who?.by ?? null, from: visit.from, what: route.id, asked: told, status, outcome };
    const to = { ...(raw.params as Record<string, string>) };
    if (Number.isFinite(most)) door.repeats.tell({ ...deed, to }, most);
    else door.audit.write({ ...deed, to });
  };
  try {
    const asked = looked(route, raw);
    if (route.told !== null) told = route.told(asked.body);
    const demand: Demand = route.demands?.of(asked.body) ?? {
      role: route.role === 'open' ? 'viewer' : route.role,
      needsControl: route.needsControl,
    };
    if (route.role !== 'open') {
      mayDo(door, demand, visit, route.told !== null && !GIVES_UP.has(route.id));
    }
    const all = { ...asked, visit, name: who?.name ?? '' };
    route.before?.(door, all);
    if (route.role !== 'open' && route.told !== null)
      isAsked = mustBeWritten(door, route, demand, () => tell(ASKED, 'asked'));
    const run = async (): Promise<unknown> => await route.run(door, all);
    if (demand.leadsToSafe !== true) {
      const answer = await run();
      tell(route.status, wordOf(answer));
      return { isDone: true, answer };
    }
    const { made, isMerged } = await door.stops.once(stopKey(route, all), run);
    tell(route.status, wordOf(made), isMerged ? 0 : MOST_STOPS);
    return { isDone: true, answer: made };
  } catch (error) {
    const [status, text, more] = refusalOf(error);
    if (isAsked) tell(status, text);
    else tell(status, text, DENIALS.has(status) ? 1 : MOST_REFUSALS);
    return { isDone: false, status, text, more };
  }
}

/** One stop: who, of what, and by which word; why they say it makes no other one of it. */
function stopKey({ id }: Route, { params, body, name }: Asked<unknown, unknown, unknown>): string {
  const { reason: _, because: _b, ...word } = body as Readonly<Record<string, unknown>>;
  return JSON.stringify([id, params, word, name]);
}

/** Everything that is asked, held against what the route takes. @throws Refusal that says where, and what was expected */
function looked(route: Route, raw: AskedAs): { params: unknown; query: unknown; body: unknown } {
  const part = (
    name: string,
    schema: Route['params'] | NonNullable<Route['body']>,
    value: unknown,
  ): unknown => {
    const found = schema.safeParse(value);
    if (!found.success) throw new Refusal(400, `${name}: ${explain(found.error)}`);
    return found.data;
  };
  const { params, query, body } = raw;
  return {
    params: part('path', route.params, { ...(params as object) }),
    query: part('query', route.query, { ...(query as object) }),
    body: route.body === null ? null : part('body', route.body, body ?? {}),
  };
}

function mayDo({ control }: Door, demand: Demand, visit: Visit, isChange: boolean): void {
  const { who } = visit;
  if (who === null) throw new Refusal(401, NOBODY, WHY_NOBODY);
  if (who.by === 'guest' && isChange)
    throw new Refusal(403, "a guest's link changes nothing", whyRole(who.role, demand.role));
  if (!isAtLeast(who.role, demand.role))
    throw new Refusal(403, roleReason(who.role, demand.role), whyRole(who.role, demand.role));
  if (visit.isByLastGood && demand.leadsToSafe !== true) throw new Refusal(503, UNREADABLE, WHY_UNREADABLE);
  if (!demand.needsControl || control.is(who.name)) return;
  const now = control.now();
  throw new Refusal(
    409,
    now === null
      ? 'nobody is in control, expected that you take it before (POST /api/v1/control)'
      : `${now.by} is in control since ${now.sinceUtc}, expected that you take it over before (POST /api/v1/control with a reason)`,
    now === null
      ? { code: 'noControl', with: {} }
      : { code: 'otherControl', with: { by: now.by, sinceUtc: now.sinceUtc } },
  );
}

/**
 * That it was asked is written before it is done: who is cut off in between has left a line. What leads to the safe state,
 * or gives something up, is held back by nothing: neither by a disk that takes nothing, nor by one that is slow. True: it was written.
 */
function mustBeWritten({ audit }: Door, route: Route, demand: Demand, write: () => void): boolean {
  if (demand.leadsToSafe === true || GIVES_UP.has(route.id)) return false;
  write();
  const trouble = audit.trouble();
  if (trouble !== undefined) throw new Refusal(503, `who did what cannot be written down (${trouble})`);
  return true;
}

/** Status, text and findings of what stood against it. */
export function refusalOf(error: unknown): readonly [number, string, object] {
  if (error instanceof Refusal)
    return [error.status, error.message, error.why === undefined ? {} : { why: error.why }];
  if (error instanceof LabRefusal) {
    const { why, message, findings } = error;
    return [STATUS_OF[why], message, findings.length === 0 ? {} : { findings }];
  }
  if (error instanceof FileLocked)
    return [503, 'another process is changing the accounts, expected it later', {}];
  const status = (error as { statusCode?: unknown }).statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500 && error instanceof Error)
    return [status, error.message, {}];
  const disk = diskTrouble(error);
  if (disk !== undefined) return [disk.isFull ? 507 : 503, `not done: ${disk.text}`, {}];
  console.error(error);
  return [500, 'cellbench itself failed: what it says of it stands where it was started', {}];
}

/** What came of it, in a word for the audit file. */
function wordOf(answer: unknown): string {
  const decided = decidedSchema.safeParse(answer);
  return decided.success ? `${decided.data.accepted ? 'accepted' : 'refused'}: ${decided.data.text}` : 'done';
}

/** Who says to be coming in, where there is such an account: else a password may stand there. */
function signingIn(door: Door, body: unknown): string | null {
  const name = (body as { name?: unknown } | null)?.name;
  return typeof name === 'string' ? (door.accounts.of(name)?.name ?? null) : null;
}
