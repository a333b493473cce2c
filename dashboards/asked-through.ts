import { z } from 'zod';

/** How somebody has come to ask something of a run, as its record says behind the name. */

/** Header of a command that is passed on: through what it was asked. */
export const ASKED_THROUGH = 'x-asked-through';
const WAYS = ['page', 'API', 'OPC UA', 'command line', 'campaign'] as const;
/**
 * page: a person at a page; API: a program, with a token or on this machine where there are no accounts; OPC UA; command line:
 * `cellbench` itself; campaign: the one that the run is part of, for whoever asked it.
 */
export type AskedThrough = (typeof WAYS)[number];

const schema = z.enum(WAYS);

/** What the header says; a page of the run itself says nothing. */
export function askedThrough(header: unknown): AskedThrough {
  return schema.safeParse(header).data ?? 'page';
}
