import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { methodFileSchema } from '../../../profiles/method.ts';
import { benchSchema } from '../../bench/bench.ts';
import { resultSchema } from '../../review/result.ts';

/**
 * JSON schemas of the files that people write, for their editors: made from the schemas by which the program checks them.
 * What JSON Schema cannot say (a sum, a reference to another line) only the program checks.
 */

/** File name in `schemas/` -> JSON schema. */
export function jsonSchemas(): Readonly<Record<string, object>> {
  return {
    'bench.schema.json': asJsonSchema(benchSchema, 'cellbench: bench file'),
    'result.schema.json': asJsonSchema(resultSchema, 'cellbench: result.json of a run', 'output'),
    'method.schema.json': asJsonSchema(methodFileSchema, 'cellbench: method file'),
  };
}

/** Writes them into a folder. */
export function writeSchemas(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, schema] of Object.entries(jsonSchemas()))
    writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
}

function asJsonSchema(schema: z.ZodType, title: string, io: 'input' | 'output' = 'input'): object {
  return { title, ...z.toJSONSchema(schema, { io, unrepresentable: 'any' }) };
}
