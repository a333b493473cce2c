import { z } from 'zod';
import { route } from '../route.ts';

/** The door itself. */

const json = z.record(z.string(), z.unknown());
const auditLineSchema = z.strictObject({
  n: z.number(),
  utc: z.string(),
  by: z.string().nullable(),
  how: z.string().nullable(),
  from: z.string(),
  what: z.string(),
  to: z.record(z.string(), z.string()),
  asked: z.unknown(),
  status: z.number(),
  outcome: z.string(),
  hash: z.string(),
});

export const OWN_ROUTES = [
  route({
    id: 'health',
    method: 'GET',
    path: '/health',
    role: 'open',
    answer: z.strictObject({
      ok: z.boolean(),
      version: z.string(),
      free_bytes: z.number(),
      up_s: z.number(),
    }),
    doc: 'Whether the door stands, its version, free bytes for records, and since when it is up.',
    run: ({ lab }) => lab.health(),
  }),
  route({
    id: 'openApi',
    method: 'GET',
    path: '/openapi.json',
    role: 'open',
    answer: json,
    doc: 'This API as an OpenAPI 3.1 document.',
    run: ({ openApi }) => openApi,
  }),
  route({
    id: 'audit',
    method: 'GET',
    path: '/audit',
    role: 'engineer',
    query: z.strictObject({
      most: z
        .string()
        .regex(/^\d{1,5}$/, 'expected a whole number')
        .transform(Number)
        .exactOptional(),
    }),
    answer: z.strictObject({
      lines: z.array(auditLineSchema),
      found: z.array(z.string()),
      n: z.number(),
      hash: z.string(),
    }),
    doc: 'Who did what, the newest first; `found`: lines that are not as they were written, or are missing; status 102: asked, and not yet known what comes of it; `hash`: the end of the chain.',
    run({ audit }, { query: { most = 200 } }) {
      const { lines, found, n, hash } = audit.last(most);
      return { lines: [...lines], found: [...found], n, hash };
    },
  }),
];
