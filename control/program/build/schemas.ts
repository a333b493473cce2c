import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { driverIds, findDriver } from '../../../drivers/registry.ts';
import { anyStep, fileSchemaOf } from '../../../profiles/language/file/schema.ts';
import { benchFileSchema } from '../../bench/bench.ts';
import { campaignSchema } from '../../campaign/campaign-file.ts';
import { carriedCourseSchema } from '../../campaign/carried-course.ts';
import { notificationSchema } from '../../campaign/notify/notices.ts';
import { resultSchema } from '../../review/result.ts';

/**
 * JSON schemas of the files that people write, for their editors: made from the schemas by which the program checks them.
 * What JSON Schema cannot say (a sum, a reference to another line) only the program checks.
 */

type JsonObject = Readonly<Record<string, unknown>>;

/** File name in `schemas/` -> JSON schema. */
export function jsonSchemas(): Readonly<Record<string, JsonObject>> {
  return {
    'bench.schema.json': withDrivers(asJsonSchema(benchFileSchema, 'cellbench: bench file')),
    'campaign.schema.json': asJsonSchema(campaignSchema, 'cellbench: campaign file'),
    'campaign-course.schema.json': asJsonSchema(
      carriedCourseSchema,
      'cellbench: campaign.json of a campaign',
      'output',
    ),
    'notification.schema.json': asJsonSchema(
      notificationSchema,
      'cellbench: message of a campaign to a webhook or a command',
      'output',
    ),
    'result.schema.json': asJsonSchema(resultSchema, 'cellbench: result.json of a run', 'output'),
    'method.schema.json': languageSchema('method'),
    'procedure.schema.json': languageSchema('procedure'),
  };
}

/** Writes them into a folder. */
export function writeSchemas(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, schema] of Object.entries(jsonSchemas()))
    writeFileSync(join(folder, name), `${JSON.stringify(schema, null, 2)}\n`);
}

function asJsonSchema(schema: z.ZodType, title: string, io: 'input' | 'output' = 'input'): JsonObject {
  return { title, ...z.toJSONSchema(schema, { io, unrepresentable: 'any' }) };
}

/** A file of version 2: one of the two names, and steps or phases. */
function languageSchema(kind: 'method' | 'procedure'): JsonObject {
  const schema = asJsonSchema(fileSchemaOf(anyStep), `cellbench: ${kind} file`);
  const other = kind === 'method' ? 'procedure' : 'method';
  const { [other]: _, ...properties } = schema['properties'] as JsonObject;
  return {
    ...schema,
    properties,
    required: [kind, 'version'],
    oneOf: [{ required: ['steps'] }, { required: ['phases'] }],
  };
}

/** The options of a device, by its driver: of the bench, and of each of several subjects. */
function withDrivers(schema: JsonObject): JsonObject {
  const properties = schema['properties'] as Readonly<Record<string, JsonObject>>;
  const { subjects } = properties;
  const one = subjects?.['additionalProperties'] as JsonObject | undefined;
  const inside =
    one === undefined ? {} : { subjects: { ...subjects, additionalProperties: withDrivers(one) } };
  const device = properties['devices']['additionalProperties'] as JsonObject;
  const own = { ...(device['properties'] as Readonly<Record<string, JsonObject>>) };
  // Those of the program first, for completion; one of the lab's own is a name like theirs.
  own['driver'] = {
    ...own['driver'],
    anyOf: [{ enum: [...driverIds] }, { pattern: '^[a-z0-9-]+/[a-z0-9-]+$' }],
  };
  const known = driverIds.map((id): JsonObject => {
    const { $schema: _, ...options } = z.toJSONSchema(findDriver(id).options, {
      io: 'input',
      unrepresentable: 'any',
    });
    return { title: id, properties: { driver: { const: id }, options } };
  });
  const anyOf = [
    ...known,
    { title: "a driver of the lab's own", properties: { driver: { not: { enum: driverIds } } } },
  ];
  const devices = { ...properties['devices'], additionalProperties: { ...device, properties: own, anyOf } };
  return { ...schema, properties: { ...properties, ...inside, devices } };
}
