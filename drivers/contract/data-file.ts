import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { DeviceError, plainReason } from './errors.ts';

/**
 * Reads a YAML data file of a driver (register map, node list) and checks it against its schema.
 * Throws one DeviceError `config` that names file, line, what was found wrong and what was expected.
 */
export function readDataFile<T>(path: string, schema: z.ZodType<T>): T {
  const fail = (line: number | undefined, message: string, cause?: unknown): never => {
    throw new DeviceError('config', line === undefined ? path : `${path}:${line}`, message, cause);
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return fail(undefined, `cannot be read: ${plainReason(error)}, expected a YAML file`, error);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) return fail(lines.linePos(broken.pos[0]).line, `not YAML: ${broken.message}`);
  const checked = schema.safeParse(document.toJS());
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const field = issue.path.map(String).join('.');
  return fail(lineOf(issue.path), field === '' ? issue.message : `${field}: ${issue.message}`);

  /** Line of the deepest part of the path that the file has: a missing key is reported at its parent. */
  function lineOf(keys: readonly PropertyKey[]): number | undefined {
    for (let depth = keys.length; depth >= 0; depth--) {
      const node: unknown = document.getIn(keys.slice(0, depth), true);
      if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
        return lines.linePos(node.range[0]).line;
      }
    }
    return undefined;
  }
}
