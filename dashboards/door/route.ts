import { z } from 'zod';
import type { Clock } from '../../control/view.ts';
import type { AskedThrough } from '../asked-through.ts';
import type { InFlight } from './answers/in-flight.ts';
import type { Repeats } from './answers/repeats.ts';
import type { DoorWhy } from './answers/why.ts';
import type { DoorAudit } from './audit.ts';
import type { InControl } from './in-control.ts';
import type { Lab } from './lab.ts';
import type { Accounts } from './people/accounts.ts';
import type { PasswordChecks } from './people/password.ts';
import type { Role, Who } from './people/roles.ts';
import type { Sessions } from './people/sessions.ts';

/** What may be asked at the door: one table, of which the server, the OpenAPI document, its test and the client are made. */

/** What stands behind the routes. */
export interface Door {
  readonly lab: Lab;
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly passwords: PasswordChecks;
  readonly control: InControl;
  readonly audit: DoorAudit;
  /** Writes in the audit what may come again and again. */
  readonly repeats: Repeats;
  /** Stops that are on their way. */
  readonly stops: InFlight<unknown>;
  /** The OpenAPI document. */
  readonly openApi: Readonly<Record<string, unknown>>;
  /** Something of the lab has changed: whoever looks on is told soon. */
  changed(): void;
}

/** What a request brings along beside what it asks. */
export interface Visit {
  /** Who asks; null: nobody has said. */
  readonly who: Who | null;
  /** Address that it comes from. */
  readonly from: string;
  /** How somebody has come to ask it, as records say behind the name. */
  readonly through: AskedThrough;
  /** Own address of the door as the visitor knows it, e.g. `https://bench.lab:8090`. */
  readonly origin: string;
  /** Key of the session that it comes with. */
  readonly sessionKey: string | undefined;
  /** The accounts cannot be read now: what leads to the safe state may be done, nothing else. */
  readonly isByLastGood: boolean;
  /** Sends a cookie of a session along with the answer; null: takes it away. */
  setSession(key: string | null): void;
}

/** What is asked, looked through. */
export interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly visit: Visit;
  /** Name of who asks; for routes that ask for a role. */
  readonly name: string;
}

/** What somebody must be allowed, and whether they must be in control. */
export interface Demand {
  readonly role: Role;
  readonly needsControl: boolean;
  /** It leads to the safe state: nothing holds it back. Absent: it does not. */
  readonly leadsToSafe?: boolean;
}

/** A file on this machine that is sent as it is. */
export class FileAnswer {
  readonly path: string;
  readonly name: string;
  constructor(path: string, name: string) {
    this.path = path;
    this.name = name;
  }
}

/** Whoever is told that it is too much now (503) may ask again after so long, s. */
export const AGAIN_S = 2;

/** Why something is not done, with its status of HTTP. */
export class Refusal extends Error {
  readonly status: number;
  /** The same as data; undefined: it is known in words only. */
  readonly why: DoorWhy | undefined;
  constructor(status: number, message: string, why?: DoorWhy) {
    super(message);
    this.status = status;
    this.why = why;
  }
}

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof METHODS)[number];

/** One thing that may be asked. */
export interface Route {
  /** Name of it in the client and the audit file. */
  readonly id: string;
  readonly method: HttpMethod;
  /** Below `/api/v1`, with `:name` for each part that varies. */
  readonly path: string;
  /** Least role; open: whoever comes. */
  readonly role: Role | 'open';
  readonly needsControl: boolean;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** null: it has none. */
  readonly body: z.ZodType | null;
  /** JSON of this form; html: a document; file: bytes. */
  readonly answer: z.ZodType | 'html' | 'file';
  readonly status: 200 | 201 | 202;
  /** What it does, in a bench engineer's words. */
  readonly doc: string;
  /** What another body asks for, instead of `role` and `needsControl`; in words, and reckoned. */
  readonly demands: { readonly doc: string; of(body: unknown): Demand } | null;
  /** What of the body stands in the audit file; null: it changes nothing, nobody is told. */
  readonly told: ((body: unknown) => unknown) | null;
  /** Longest body, bytes. */
  readonly most_bytes: number;
  /** What must be so before it is written down that it was asked, let alone done; null: nothing more. @throws Refusal */
  readonly before: ((door: Door, asked: Asked<unknown, unknown, unknown>) => void) | null;
  run(door: Door, asked: Asked<unknown, unknown, unknown>): unknown;
}

const NONE = z.strictObject({});
type None = typeof NONE;
const MOST_BYTES = 64 * 1024;
/** A method may be so long. */
export const MOST_TEXT_BYTES = 1024 * 1024;

interface Declared<
  P extends z.ZodObject,
  Q extends z.ZodObject,
  B extends z.ZodType,
  A extends Route['answer'],
> {
  readonly id: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly role: Role | 'open';
  readonly needsControl?: boolean;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  readonly status?: 201 | 202;
  readonly doc: string;
  readonly demands?: { readonly doc: string; of(body: z.output<B>): Partial<Demand> };
  readonly told?: (body: z.output<B>) => unknown;
  /** Changes nothing although it is no GET. */
  readonly isLook?: boolean;
  readonly most_bytes?: number;
  before?(door: Door, asked: Asked<z.output<P>, z.output<Q>, z.output<B>>): void;
  run(
    door: Door,
    asked: Asked<z.output<P>, z.output<Q>, z.output<B>>,
  ): A extends z.ZodType ? z.input<A> | Promise<z.input<A>> : unknown;
}

/** One line of the table. */
export function route<
  A extends Route['answer'],
  P extends z.ZodObject = None,
  Q extends z.ZodObject = None,
  B extends z.ZodType = z.ZodNull,
>(declared: Declared<P, Q, B, A>): Route {
  const { id, method, path, role, needsControl = false, answer, doc, demands } = declared;
  // What is declared of one form is called with what was looked through by that form.
  const { run, told, before = null } = declared as unknown as Pick<Route, 'run' | 'told' | 'before'>;
  const of = demands?.of as ((body: unknown) => Partial<Demand>) | undefined;
  const usual = { role: role === 'open' ? 'viewer' : role, needsControl } as const;
  return {
    id,
    method,
    path,
    role,
    needsControl,
    params: declared.params ?? NONE,
    query: declared.query ?? NONE,
    body: declared.body ?? null,
    answer,
    status: declared.status ?? 200,
    doc,
    demands:
      demands === undefined || of === undefined
        ? null
        : { doc: demands.doc, of: body => ({ ...usual, ...of(body) }) },
    told: method === 'GET' || declared.isLook === true ? null : (told ?? (() => null)),
    most_bytes: declared.most_bytes ?? MOST_BYTES,
    before,
    run,
  };
}

/** An answer with nothing to say. */
export const doneSchema = z.strictObject({ done: z.literal(true) });
export const DONE = { done: true } as const;
