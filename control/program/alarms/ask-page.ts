import { z } from 'zod';
import type { Command } from '../../view.ts';
import { UsageError } from '../options.ts';

/** The door by which operators reach a run from elsewhere on its machine: its page. */

/** Where the page of a run is unless it is told otherwise. */
export const PAGE = 'http://127.0.0.1:8080';
/** A program that lives answers at once, ms. */
const ANSWER_MS = 5000;

const answerSchema = z.union([
  z.strictObject({ accepted: z.boolean(), text: z.string() }),
  z.strictObject({ error: z.string() }).transform(({ error }) => ({ accepted: false, text: error })),
]);

/** Asks the program behind a page for something; what it has decided. @throws UsageError where none answers */
export async function askPage(
  page: string,
  command: Command,
): Promise<{ readonly accepted: boolean; readonly text: string }> {
  let said: unknown;
  try {
    const response = await fetch(new URL('/api/command', page), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(command),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    said = await response.json();
  } catch {
    throw new UsageError(
      `${page}: no run answers there, expected the address that it printed as "Live page"`,
    );
  }
  const answer = answerSchema.safeParse(said);
  if (!answer.success) throw new UsageError(`${page}: answers, but is no page of cellbench`);
  return answer.data;
}
