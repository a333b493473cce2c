import { z } from 'zod';
import type { commandSchema } from '../../command-schema.ts';
import { type Lab, nameSchema } from '../lab.ts';
import { type Demand, Refusal, type Visit } from '../route.ts';

/** What is asked of a run under way: who may, how it is told, and what comes of it. */

/** What comes of a command. */
export const decidedSchema = z.strictObject({
  accepted: z.boolean(),
  text: z.string(),
  /** The same as data: a code, and what stands in its words. */
  said: z.strictObject({ code: z.string(), with: z.record(z.string(), z.unknown()) }).exactOptional(),
});

type AskedCommand = z.output<typeof commandSchema>;

/** These lead to the safe state: whoever may operate at all always may do so. */
const ALWAYS: readonly AskedCommand['command'][] = ['stop', 'abort'];
/** Whoever may operate may say that an alarm was seen, whoever is in control. */
const WITHOUT_CONTROL: readonly AskedCommand['command'][] = [...ALWAYS, 'acknowledge'];
const OF_ENGINEER: readonly AskedCommand['command'][] = ['limit', 'edit'];

/** What a command asks for of who gives it. */
export function demandOf({ command }: AskedCommand): Demand {
  return {
    role: OF_ENGINEER.includes(command) ? 'engineer' : 'operator',
    needsControl: !WITHOUT_CONTROL.includes(command),
    leadsToSafe: ALWAYS.includes(command),
  };
}

/** A command as it is told in the audit file. */
export function toldOf({ by: _, ...command }: AskedCommand): unknown {
  return command;
}

/** Gives a command to a run, in the name of who asks; without accounts a page may say who that is. @throws Refusal for nobody */
export async function commanded(
  lab: Lab,
  id: string,
  command: AskedCommand,
  { who, through }: Pick<Visit, 'who' | 'through'>,
): Promise<z.output<typeof decidedSchema>> {
  if (who === null) throw new Refusal(401, 'nobody asks');
  const { method } = command;
  if (method !== undefined && !nameSchema.safeParse(method).success)
    throw new Refusal(400, `method: "${method}", expected the name of a method in the lab`);
  const by = who.by === 'local' ? (command.by ?? who.name) : who.name;
  const { accepted, text, said } = await lab.command(id, { ...command, by }, by, through);
  return {
    accepted,
    text,
    ...(said === undefined ? {} : { said: { code: said.code, with: { ...said.with } } }),
  };
}
