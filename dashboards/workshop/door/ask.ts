import type { Answer } from '../../../control/view.ts';
import type { DoorWhy } from '../../door/answers/why.ts';
import type { Finding } from '../../door/lab.ts';
import { saidIn } from '../../page/words/said/said.ts';
import type { Language } from '../words/words.ts';

/** What is asked of the door of the laboratory, and how it says no. */

/** Why something was not done. `status` 0: the door could not be reached, and nothing is known to have happened. */
export class Refusal extends Error {
  readonly status: number;
  readonly findings: readonly Finding[];
  /** The same as data, where the door knows it so. */
  readonly why: DoorWhy | undefined;
  constructor(status: number, message: string, findings: readonly Finding[] = [], why?: DoorWhy) {
    super(message);
    this.status = status;
    this.findings = findings;
    this.why = why;
  }
}

/** How the door says no. */
interface Refused {
  readonly error?: string;
  readonly findings?: readonly Finding[];
  readonly why?: DoorWhy;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Of this session; a page of somebody else does not know it. */
let csrf: string | null = null;

export function keepCsrf(token: string | null): void {
  csrf = token;
}

const whenOver = new Set<() => void>();

/** Calls it whenever the door no longer knows this session; the answer takes it back. */
export function onSessionOver(listener: () => void): () => void {
  whenOver.add(listener);
  return () => void whenOver.delete(listener);
}

/** Address of a thing below the door, relative to this page. Names with slashes are one segment. */
export function pathOf(...segments: readonly string[]): string {
  return `api/v1/${segments.map(encodeURIComponent).join('/')}`;
}

/** Asks the door. @throws Refusal */
export async function ask<T>(method: Method, path: string, body?: unknown): Promise<T> {
  let reply: Response;
  let said: unknown;
  try {
    reply = await fetch(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(csrf === null || method === 'GET' ? {} : { 'x-csrf-token': csrf }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    said = text === '' ? {} : JSON.parse(text);
  } catch (error) {
    throw new Refusal(0, error instanceof Error ? error.message : String(error));
  }
  if (reply.ok) return said as T;
  if (reply.status === 401) for (const listener of whenOver) listener();
  const { error, findings, why } = said as Refused;
  throw new Refusal(reply.status, error ?? `status ${reply.status}`, findings ?? [], why);
}

/** Asks a run or a campaign for something; it decides. Resolves with its answer. @throws Refusal also where it says no */
export async function command(path: string, body: unknown, language: Language): Promise<string> {
  const { accepted, text, said } = await ask<Answer>('POST', path, body);
  const inWords = saidIn(language, text, said);
  if (!accepted) throw new Refusal(200, inWords);
  return inWords;
}

/** What is thrown where the door was asked, as a refusal. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  return new Refusal(0, error instanceof Error ? error.message : String(error));
}
