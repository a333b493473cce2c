import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  benchSchema,
  benchTextSchema,
  findingSchema,
  labFileSchema,
  labTextSchema,
  methodSchema,
  nameSchema,
  plannedSchema,
  rehearsalSchema,
} from '../lab.ts';
import { MOST_TEXT_BYTES, route } from '../route.ts';

/** Benches, methods, schemas, and what a method comes to before it is run. */

const named = z.strictObject({ name: nameSchema });
const json = z.record(z.string(), z.unknown());
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex');
const methodText = z.string().max(MOST_TEXT_BYTES / 2);

export const FILE_ROUTES = [
  route({
    id: 'benches',
    method: 'GET',
    path: '/benches',
    role: 'viewer',
    answer: z.array(benchSchema),
    doc: 'The benches of the lab, and which of them are busy.',
    run: async ({ lab }) => [...(await lab.benches())],
  }),
  route({
    id: 'bench',
    method: 'GET',
    path: '/benches/:name',
    role: 'viewer',
    params: named,
    answer: benchTextSchema,
    doc: 'A bench file, with its roles and what is wrong in it.',
    run: ({ lab }, { params }) => lab.bench(params.name),
  }),
  route({
    id: 'methods',
    method: 'GET',
    path: '/methods',
    role: 'viewer',
    answer: z.array(labFileSchema),
    doc: 'The methods: those of the program and those of the lab.',
    run: async ({ lab }) => [...(await lab.methods())],
  }),
  route({
    id: 'method',
    method: 'GET',
    path: '/methods/:name',
    role: 'viewer',
    params: named,
    answer: methodSchema,
    doc: 'A method with its text, parameters and figures.',
    run: ({ lab }, { params }) => lab.method(params.name),
  }),
  route({
    id: 'saveMethod',
    method: 'PUT',
    path: '/methods/:name',
    role: 'engineer',
    params: named,
    body: z.strictObject({ text: methodText, sha256: sha256.nullable() }),
    answer: labTextSchema,
    doc: 'Writes a method of the lab; `sha256` is the state that was edited, null for a new one.',
    told: ({ text, sha256 }) => ({
      before: sha256,
      after: createHash('sha256').update(text).digest('hex'),
    }),
    most_bytes: MOST_TEXT_BYTES,
    run: ({ lab }, { params, body }) => lab.saveMethod({ name: params.name, ...body }),
  }),
  route({
    id: 'checkMethod',
    method: 'POST',
    path: '/methods/check',
    role: 'viewer',
    body: z.strictObject({
      text: methodText,
      bench: nameSchema.exactOptional(),
      name: nameSchema.exactOptional(),
    }),
    answer: z.strictObject({ findings: z.array(findingSchema) }),
    doc: 'What is wrong in a text that would be a method, on a bench where one is named; `name`: what it is, or would be called.',
    isLook: true,
    most_bytes: MOST_TEXT_BYTES,
    run: async ({ lab }, { body }) => ({ findings: [...(await lab.checkMethod(body))] }),
  }),
  route({
    id: 'schemas',
    method: 'GET',
    path: '/schemas',
    role: 'viewer',
    answer: z.array(z.string()),
    doc: 'The kinds of file that have a JSON schema.',
    run: async ({ lab }) => [...(await lab.schemas())],
  }),
  route({
    id: 'schema',
    method: 'GET',
    path: '/schemas/:name',
    role: 'viewer',
    params: named,
    answer: json,
    doc: 'The JSON schema of a kind of file.',
    run: ({ lab }, { params }) => lab.schema(params.name),
  }),
  route({
    id: 'rehearse',
    method: 'POST',
    path: '/rehearsals',
    role: 'operator',
    body: plannedSchema,
    answer: rehearsalSchema,
    status: 202,
    doc: 'Begins a rehearsal on the twin, in virtual time, beside the door.',
    told: body => body,
    run: ({ lab }, { body }) => lab.rehearse(body),
  }),
  route({
    id: 'rehearsal',
    method: 'GET',
    path: '/rehearsals/:id',
    role: 'viewer',
    params: z.strictObject({ id: nameSchema }),
    answer: rehearsalSchema,
    doc: 'How far a rehearsal is, and what it found.',
    run: ({ lab }, { params }) => lab.rehearsal(params.id),
  }),
];
