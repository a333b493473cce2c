import { z } from 'zod';
import { alarmPageSchema } from '../../../control/view.ts';
import { namelessCommandSchema } from '../../command-schema.ts';
import { alarmsSchema } from '../../windows-api.ts';
import { silentSchema } from '../lab/silent.ts';
import { valuesAskedSchema } from '../lab/values-asked.ts';
import { verifiedSchema } from '../lab/verified.ts';
import { nameSchema, runSchema, startSchema } from '../lab.ts';
import { FileAnswer, Refusal, route } from '../route.ts';
import { commanded, decidedSchema, demandOf, toldOf } from './commanded.ts';

/** Runs: what was run, what goes on, and what is asked of it. */

const ofRun = z.strictObject({ id: nameSchema });
const json = z.record(z.string(), z.unknown());
const word = z.string().min(1).max(300);
const format = z.string().regex(/^[a-z0-9-]{1,40}$/, 'expected a format as in cellbench export --to');
const names = (most: number) =>
  z
    .string()
    .min(1)
    .max(20_000)
    .transform(text => text.split(','))
    .pipe(z.array(nameSchema).min(1).max(most));
const wholeNumber = z
  .string()
  .regex(/^\d{1,6}$/, 'expected a whole number')
  .transform(Number);
const seconds = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'expected seconds of run time')
  .transform(Number)
  .pipe(z.number().min(0).max(1e12));

export const RUN_ROUTES = [
  route({
    id: 'runs',
    method: 'GET',
    path: '/runs',
    role: 'viewer',
    query: z.strictObject({
      method: word.exactOptional(),
      bench: word.exactOptional(),
      state: z.enum(['starting', 'going', 'over']).exactOptional(),
      most: wholeNumber.exactOptional(),
    }),
    answer: z.array(runSchema),
    doc: 'Runs, the newest first.',
    async run({ lab }, { query: { method, bench, state, most } }) {
      const all = (await lab.runs()).filter(
        run =>
          (method === undefined || run.method === method) &&
          (bench === undefined || run.bench === bench) &&
          (state === undefined || run.state === state),
      );
      return newestFirst(all).slice(0, most ?? all.length);
    },
  }),
  route({
    id: 'startRun',
    method: 'POST',
    path: '/runs',
    role: 'operator',
    needsControl: true,
    body: startSchema,
    answer: runSchema,
    status: 202,
    doc: 'Starts a run, in a process of its own.',
    demands: {
      doc: 'mode real: engineer',
      of: ({ mode }) => (mode === 'real' ? { role: 'engineer' } : {}),
    },
    told: body => body,
    async run({ lab, changed }, { body, name }) {
      const run = await lab.start(body, name);
      changed();
      return run;
    },
  }),
  route({
    id: 'compareRuns',
    method: 'GET',
    path: '/runs/compare',
    role: 'viewer',
    query: z.strictObject({
      ids: names(4).refine(ids => ids.length >= 2, 'expected two to four runs, with commas between'),
    }),
    answer: json,
    doc: 'Two to four runs, figure by figure.',
    run: ({ lab }, { query }) => lab.compare(query.ids),
  }),
  route({
    id: 'run',
    method: 'GET',
    path: '/runs/:id',
    role: 'viewer',
    params: ofRun,
    answer: runSchema,
    doc: 'One run.',
    run: ({ lab }, { params }) => lab.run(params.id),
  }),
  route({
    id: 'silent',
    method: 'GET',
    path: '/runs/:id/silent',
    role: 'viewer',
    params: ofRun,
    answer: z.strictObject({ silent: silentSchema.nullable() }),
    doc: 'Whether the process of a run under way answers: null, it does; else since when not, and what guards the bench meanwhile.',
    run: async ({ lab }, { params }) => ({ silent: await lab.silent(params.id) }),
  }),
  route({
    id: 'result',
    method: 'GET',
    path: '/runs/:id/result',
    role: 'viewer',
    params: ofRun,
    answer: json,
    doc: 'Its result.json.',
    run: ({ lab }, { params }) => lab.result(params.id),
  }),
  route({
    id: 'report',
    method: 'GET',
    path: '/runs/:id/report',
    role: 'viewer',
    params: ofRun,
    answer: 'html',
    doc: 'Its report.',
    run: ({ lab }, { params }) => lab.report(params.id),
  }),
  route({
    id: 'verify',
    method: 'GET',
    path: '/runs/:id/verification',
    role: 'viewer',
    params: ofRun,
    answer: verifiedSchema,
    doc: 'Whether the record of a run that is over is still what was made, as `cellbench verify` finds it.',
    run: ({ lab }, { params }) => lab.verify(params.id),
  }),
  route({
    id: 'spectra',
    method: 'GET',
    path: '/runs/:id/spectra',
    role: 'viewer',
    params: ofRun,
    answer: json,
    doc: 'Impedance spectra and voltammograms of a run that is over.',
    run: ({ lab }, { params }) => lab.spectra(params.id),
  }),
  route({
    id: 'values',
    method: 'GET',
    path: '/runs/:id/values',
    role: 'viewer',
    params: ofRun,
    query: z
      .strictObject({
        roles: z.string().min(1).max(20_000),
        from_s: seconds.exactOptional(),
        to_s: seconds.exactOptional(),
        most: wholeNumber.exactOptional(),
      })
      .refine(({ from_s = 0, to_s = Infinity }) => to_s > from_s, {
        path: ['to_s'],
        message: 'expected a time behind from_s',
      }),
    answer: json,
    doc: 'Values of roles, with commas between, of a stretch of run time, from_s and on but before to_s (left out: with the last row); `most` of each, else min, max and last of equal stretches.',
    run({ lab }, { params, query }) {
      const asked = valuesAskedSchema.safeParse({ ...query, roles: query.roles.split(',') });
      if (!asked.success) throw new Refusal(400, `query: ${asked.error.issues[0].message}`);
      return lab.values(params.id, asked.data);
    },
  }),
  route({
    id: 'events',
    method: 'GET',
    path: '/runs/:id/events',
    role: 'viewer',
    params: ofRun,
    answer: z.array(json),
    doc: 'Its events, in order.',
    run: async ({ lab }, { params }) => [...(await lab.events(params.id))],
  }),
  route({
    id: 'alarms',
    method: 'GET',
    path: '/runs/:id/alarms',
    role: 'viewer',
    params: ofRun,
    query: alarmsSchema,
    answer: alarmPageSchema,
    doc: 'History of its alarms, the newest first: all, standing, or open (which wait for a person); `next`: ask for `before` it to go on.',
    async run({ lab }, { params, query }) {
      const page = await lab.alarms(params.id, query);
      return { ...page, alarms: [...page.alarms] };
    },
  }),
  route({
    id: 'command',
    method: 'POST',
    path: '/runs/:id/commands',
    role: 'operator',
    needsControl: true,
    params: ofRun,
    body: namelessCommandSchema,
    answer: decidedSchema,
    doc: 'Asks something of a run under way: hold, resume, stop, abort, acknowledge, skip, limit, … The run decides.',
    demands: { doc: 'stop, abort, acknowledge: no control; limit, edit: engineer', of: demandOf },
    told: toldOf,
    async run({ lab, changed }, { params, body, visit }) {
      const decided = await commanded(lab, params.id, body, visit);
      changed();
      return decided;
    },
  }),
  route({
    id: 'exportRun',
    method: 'POST',
    path: '/runs/:id/exports',
    role: 'operator',
    params: ofRun,
    body: z.strictObject({ format }),
    answer: z.strictObject({ files: z.array(z.string()) }),
    doc: 'Makes an export in an open format beside the record, or gives the one that is there.',
    told: body => body,
    run: async ({ lab }, { params, body }) => ({
      files: [...(await lab.exportRun(params.id, body.format)).files],
    }),
  }),
  route({
    id: 'exportedFile',
    method: 'GET',
    path: '/runs/:id/exports/:format/:file',
    role: 'viewer',
    params: ofRun.extend({ format, file: nameSchema }),
    answer: 'file',
    doc: 'A file of an export.',
    run: async ({ lab }, { params: { id, format, file } }) =>
      new FileAnswer(await lab.exportedFile(id, format, file), file.split('/').at(-1) ?? 'file'),
  }),
];

/** In the order in which a person looks for them. */
export function newestFirst<R extends { readonly startedUtc: string }>(runs: readonly R[]): R[] {
  return [...runs].sort((a, b) => (a.startedUtc < b.startedUtc ? 1 : a.startedUtc > b.startedUtc ? -1 : 0));
}
