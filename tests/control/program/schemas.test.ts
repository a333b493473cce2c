import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { jsonSchemas } from '../../../control/program/build/schemas.ts';

/** The JSON schemas for the editor, against the examples that the program takes and against slips that it refuses. */

const EXAMPLES = new URL('../../../examples/', import.meta.url).pathname;
const schemas = jsonSchemas();
const load = (name: string) =>
  z.fromJSONSchema(structuredClone(schemas[name]) as Parameters<typeof z.fromJSONSchema>[0]);
const bench = load('bench.schema.json');

const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.yaml'),
);
const read = (name: string) => parse(readFileSync(join(EXAMPLES, name), 'utf8')) as Record<string, unknown>;
const benches = files.filter(name => 'bench' in read(name) && !('campaign' in read(name)));
const campaigns = files.filter(name => 'campaign' in read(name));
// Methods are tried in an editor: editor.test.ts.

describe('JSON schemas', () => {
  it('find the examples', () => {
    expect(benches.length).toBeGreaterThanOrEqual(15);
  });
  it.each(benches)('take the bench %s', name => {
    expect(bench.safeParse(read(name)).error?.issues).toBeUndefined();
  });
  it.each(benches)('refuse the bench %s with a key that no bench has, and without its safe state', name => {
    const { safeState: _, ...unsafe } = read(name);
    expect(bench.safeParse({ ...read(name), safeStat: {} }).success).toBe(false);
    expect(bench.safeParse(unsafe).success).toBe(false);
  });
  it.each(campaigns)('take the campaign %s, and refuse it with a key that none has', name => {
    const campaign = load('campaign.schema.json');
    expect(campaign.safeParse(read(name)).error?.issues).toBeUndefined();
    expect(campaign.safeParse({ ...read(name), runz: [] }).success).toBe(false);
  });
});
