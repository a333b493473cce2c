import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clientText } from '../../../dashboards/door/client-text.ts';
import { openApiDocument } from '../../../dashboards/door/openapi.ts';
import { ROUTES } from '../../../dashboards/door/table.ts';

const document = openApiDocument();

describe('the OpenAPI document', () => {
  it('has every route once, with what it takes and who may', () => {
    const operations = Object.values(
      document['paths'] as Record<string, Record<string, Record<string, unknown>>>,
    ).flatMap(path => Object.values(path));
    const ids = operations.map(operation => String(operation['operationId']));
    expect(ids.toSorted()).toEqual([...ROUTES.map(({ id }) => id), 'live', 'runLive'].toSorted());
    const command = operations.find(operation => operation['operationId'] === 'command');
    expect(command).toMatchObject({
      description:
        'Role: operator or more. Only who is in control. stop, abort, acknowledge: no control; limit, edit: engineer.',
      parameters: [{ name: 'id', in: 'path', required: true }],
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Command' } } } },
    });
  });

  it('refers only to what it has, and lists every part of a path', () => {
    const text = JSON.stringify(document);
    const named = Object.keys((document['components'] as { schemas: object }).schemas);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g))
      expect(named).toContain(name);
    expect(text).not.toContain('$defs');
    for (const [path, methods] of Object.entries(
      document['paths'] as Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>,
    ))
      for (const { parameters = [] } of Object.values(methods))
        expect(parameters.filter(one => one.in === 'path').map(({ name }) => name)).toEqual(
          [...path.matchAll(/\{(\w+)\}/g)].map(found => found[1]),
        );
  });

  it('is what the client was made from (npm run client)', () => {
    expect(readFileSync('dashboards/door/client/door-client.ts', 'utf8')).toBe(clientText());
  });
});
