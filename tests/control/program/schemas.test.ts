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
const method = load('method-1.schema.json');

const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter(name =>
  name.endsWith('.yaml'),
);
const read = (name: string) => parse(readFileSync(join(EXAMPLES, name), 'utf8')) as Record<string, unknown>;
const benches = files.filter(name => 'bench' in read(name));
// Methods of version 2 are tried in an editor: editor.test.ts.
const methods = files.filter(name => 'method' in read(name) && read(name)['version'] === 1);

describe('JSON schemas', () => {
  it('find examples of both kinds', () => {
    expect(benches.length).toBeGreaterThanOrEqual(4);
    expect(methods.length).toBeGreaterThanOrEqual(4);
  });
  it.each(benches)('take the bench %s', name => {
    expect(bench.safeParse(read(name)).error?.issues).toBeUndefined();
  });
  it.each(methods)('take the method %s', name => {
    expect(method.safeParse(read(name)).error?.issues).toBeUndefined();
  });
  it.each(benches)('refuse the bench %s with a key that no bench has, and without its safe state', name => {
    const { safeState: _, ...unsafe } = read(name);
    expect(bench.safeParse({ ...read(name), safeStat: {} }).success).toBe(false);
    expect(bench.safeParse(unsafe).success).toBe(false);
  });
  it.each(methods)('refuse the method %s with a misspelt step, and without an end', name => {
    const { finally: _, ...endless } = read(name);
    const slip = { name: 'slip', steps: [{ hodl: { for_s: 1 } }] };
    expect(method.safeParse({ ...read(name), phases: [slip] }).success).toBe(false);
    expect(method.safeParse(endless).success).toBe(false);
  });
});
