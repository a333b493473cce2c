import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { LOOPBACK } from '../../own-hosts.ts';
import { nameSchema } from '../lab.ts';
import { Refusal, route, StreamAnswer } from '../route.ts';
import { noPage } from '../run-pages.ts';

/** Readings of a run under way, as they are taken out of its record by the process that carries it out. */

const time = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'expected seconds of run time')
  .transform(Number);
const errorSchema = z.object({ error: z.string() });

export const READING_ROUTES = [
  route({
    id: 'readings',
    method: 'GET',
    path: '/runs/:id/readings',
    role: 'viewer',
    params: z.strictObject({ id: nameSchema }),
    query: z
      .strictObject({ device: z.string().min(1).max(200), from_s: time, to_s: time })
      .refine(({ from_s, to_s }) => to_s >= from_s, { path: ['to_s'], message: 'expected from_s or later' }),
    answer: 'file',
    doc: 'All readings of an instrument of a run under way in a stretch of run time, as CSV: the rows of an export, with run and mode.',
    async run({ lab }, { params: { id }, query: { device, from_s, to_s } }) {
      await lab.run(id);
      const page = lab.livePage(id);
      if (page === undefined || !URL.canParse(page) || new URL(page).hostname !== LOOPBACK)
        throw new Refusal(409, `${noPage(id)}; of a run that is over an export has them`);
      const asked = new URLSearchParams({ device, from_s: String(from_s), to_s: String(to_s) });
      const reply = await fetch(new URL(`api/readings.csv?${asked}`, page)).catch(() => undefined);
      if (reply === undefined) throw new Refusal(409, noPage(id));
      if (!reply.ok || reply.body === null) {
        const said = errorSchema.safeParse(await reply.json().catch(() => ({})));
        throw new Refusal(reply.status === 404 ? 404 : 503, said.data?.error ?? noPage(id));
      }
      const name = /filename="([\w.-]+)"/.exec(reply.headers.get('content-disposition') ?? '')?.[1];
      return new StreamAnswer(Readable.fromWeb(reply.body as ReadableStream), name ?? 'readings.csv');
    },
  }),
];
