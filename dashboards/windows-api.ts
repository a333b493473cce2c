import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type LiveView, MOST_ALARMS, WHICH_ALARMS } from '../control/view.ts';
import { takenName, timeName } from './format.ts';
import { explain, refuse } from './refusals.ts';

/** Any stretch of the record of a run, for charts, and the history of its alarms. */

const stretchSchema = z.strictObject({ from_s: z.coerce.number(), to_s: z.coerce.number() });

const MOST_ROLES = 64;
const windowSchema = z
  .strictObject({
    roles: z
      .string()
      .min(1)
      .max(8000)
      .transform(text => text.split(','))
      .refine(
        roles => roles.length <= MOST_ROLES,
        `expected ${MOST_ROLES} names at most, with commas between`,
      ),
    from_s: z.coerce.number(),
    to_s: z.coerce.number(),
    columns: z.coerce.number().int().min(10).max(4000),
  })
  .refine(({ from_s, to_s }) => to_s > from_s, { path: ['to_s'], message: 'expected a time behind from_s' });

const readingsSchema = stretchSchema
  .extend({ device: z.string().min(1).max(200) })
  .refine(({ from_s, to_s }) => to_s >= from_s, { path: ['to_s'], message: 'expected from_s or later' });

/** What is asked of a history of alarms: which, older than which, how many. */
export const alarmsSchema = z.strictObject({
  which: z.enum(WHICH_ALARMS).default('all'),
  before: z
    .string()
    .regex(/^\d{1,9}$/, 'expected the number of an alarm')
    .transform(Number)
    .exactOptional(),
  most: z
    .string()
    .regex(/^\d{1,4}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(MOST_ALARMS))
    .default(100),
});
const ofSessionSchema = alarmsSchema.extend({ run: z.string().min(1).max(300).exactOptional() });

/** Adds `/api/window` (trends in buckets) and `/api/marks` (phases and alarms) of any stretch, and `/api/alarms`: their history. */
export function serveWindows(app: FastifyInstance, view: LiveView): void {
  app.get('/api/window', async (request, reply) => {
    const query = windowSchema.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, `window: ${explain(query.error)}`);
    try {
      return await view.windows(query.data);
    } catch (error) {
      const status = error instanceof RangeError ? 404 : 503;
      return refuse(reply, status, `window: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  app.get('/api/marks', async (request, reply) => {
    const query = stretchSchema.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, `marks: ${explain(query.error)}`);
    try {
      return await view.marks(query.data.from_s, query.data.to_s);
    } catch (error) {
      return refuse(reply, 503, `marks: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
  app.get('/api/alarms', async (request, reply) => {
    const query = ofSessionSchema.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, `alarms: ${explain(query.error)}`);
    try {
      return await view.alarms(query.data);
    } catch (error) {
      const status = error instanceof RangeError ? 404 : 503;
      return refuse(reply, status, `alarms: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}

/** Adds `/api/readings.csv`: all readings of an instrument in a stretch, as long as that takes, and no quicker than they are taken. */
export function serveReadings(app: FastifyInstance, view: LiveView): void {
  app.get('/api/readings.csv', async (request, reply) => {
    const query = readingsSchema.safeParse(request.query);
    if (!query.success) return refuse(reply, 400, `readings: ${explain(query.error)}`);
    const { device, from_s, to_s } = query.data;
    try {
      const pages = await view.readings(query.data);
      const name = takenName(view.snapshot().run, [device, timeName(from_s), timeName(to_s)], 'csv');
      return await reply
        .header('content-disposition', `attachment; filename="${name}"`)
        .type('text/csv; charset=utf-8; header=present')
        .send(Readable.from(pages));
    } catch (error) {
      const status = error instanceof RangeError ? 404 : 503;
      return refuse(reply, status, `readings: ${error instanceof Error ? error.message : String(error)}`);
    }
  });
}
