import { z } from 'zod';
import { COMMANDS, type Command, misfitOf } from '../control/view.ts';

const fieldsSchema = z.strictObject({
  command: z.enum(COMMANDS),
  alarm: z.string().min(1).max(200).exactOptional(),
  began_s: z.number().exactOptional(),
  interlock: z.string().min(1).max(200).exactOptional(),
  value: z.number().exactOptional(),
  method: z.string().min(1).max(1000).exactOptional(),
  sha256: z.string().length(64).exactOptional(),
  from: z.string().length(64).exactOptional(),
  by: z.string().regex(/\S/, 'expected a name').max(200).exactOptional(),
  for_s: z.number().positive().exactOptional(),
  reason: z.string().regex(/\S/, 'expected the reason as a text, not blanks').max(1000).exactOptional(),
});

const LONGEST_REASON = 1000;
const LONGEST_NAME = 200;

/**
 * Of a stop or an abort that which it takes: who, and why. Whatever else stands beside it, or is no name or no reason, is left out: a
 * stop is not refused for its form.
 */
function bareStop(body: unknown): unknown {
  const { command, by, reason } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (command !== 'stop' && command !== 'abort') return body;
  return { command, ...said('by', by, LONGEST_NAME), ...said('reason', reason, LONGEST_REASON) };
}

function said(key: string, value: unknown, longest: number): object {
  if (typeof value !== 'string') return {};
  const text = value
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim()
    .slice(0, longest);
  return text === '' ? {} : { [key]: text };
}

/** The same where it is known who asks. */
function namelessStop(body: unknown): unknown {
  const bare = bareStop(body);
  if (bare === body) return body;
  const { by: _, ...rest } = bare as Readonly<Record<string, unknown>>;
  return rest;
}

function look(command: Command, context: z.RefinementCtx): void {
  const misfit = misfitOf(command);
  if (misfit !== undefined) context.addIssue({ code: 'custom', path: [misfit[0]], message: misfit[1] });
}

/** What a person asks of a run, as it comes over the wire; `by`: who asks. */
export const commandSchema = z.preprocess(bareStop, fieldsSchema).superRefine(look);

/** The same where it is known who asks. */
export const namelessCommandSchema = z
  .preprocess(namelessStop, fieldsSchema.omit({ by: true }))
  .superRefine((command, context) => look({ ...command, by: 'somebody' }, context));
