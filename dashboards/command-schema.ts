import { z } from 'zod';
import { COMMANDS, type Command, misfitOf } from '../control/view.ts';

const fieldsSchema = z.strictObject({
  command: z.enum(COMMANDS),
  alarm: z.string().min(1).max(200).exactOptional(),
  interlock: z.string().min(1).max(200).exactOptional(),
  value: z.number().exactOptional(),
  method: z.string().min(1).max(1000).exactOptional(),
  sha256: z.string().length(64).exactOptional(),
  from: z.string().length(64).exactOptional(),
  by: z.string().regex(/\S/, 'expected a name').max(200).exactOptional(),
  for_s: z.number().positive().exactOptional(),
  reason: z.string().regex(/\S/, 'expected the reason as a text, not blanks').max(1000).exactOptional(),
});

function look(command: Command, context: z.RefinementCtx): void {
  const misfit = misfitOf(command);
  if (misfit !== undefined) context.addIssue({ code: 'custom', path: [misfit[0]], message: misfit[1] });
}

/** What a person asks of a run, as it comes over the wire; `by`: who asks. */
export const commandSchema = fieldsSchema.superRefine(look);

/** The same where it is known who asks. */
export const namelessCommandSchema = fieldsSchema
  .omit({ by: true })
  .superRefine((command, context) => look({ ...command, by: 'somebody' }, context));
