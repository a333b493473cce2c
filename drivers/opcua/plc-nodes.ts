import { readFileSync } from 'node:fs';
import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { DeviceError, messageOf } from '../contract/errors.ts';
import { isQuantity, type Quantity } from '../contract/units.ts';

/** The nodes file of a PLC: which OPC UA node is which channel or settable, and where its heartbeat is. */

const finite = z.number().refine(Number.isFinite, 'expected a finite number');
const quantity = z.custom<Quantity>(name => typeof name === 'string' && isQuantity(name), {
  error: 'expected a name that ends in its unit, e.g. "waterFlow_L_per_min"',
});
const node = z
  .string({ error: `expected a node, e.g. 's="DB"."tag"' or 'i=1001'` })
  .regex(/^(s=.+|i=\d+|g=[0-9a-fA-F-]{36})$/, {
    error: `expected a node without namespace, e.g. 's="DB"."tag"' or 'i=1001'`,
  });
const range = z
  .tuple([finite, finite], { error: 'expected [low, high]' })
  .refine(([low, high]) => low < high, 'expected [low, high] with low < high');

const schema = z
  .strictObject({
    /** Indices change between restarts of a server: the URI is looked up at every connect. */
    namespaceUri: z.string().min(1, 'expected the URI of the namespace'),
    /** Node that we count up, node of its time-out (s), node that shows that the PLC tripped on our silence. */
    heartbeat: z.strictObject({ node, timeoutNode: node, trippedNode: node }),
    channels: z
      .array(
        z.strictObject({
          name: quantity,
          node,
          range,
          accuracy: z.strictObject({
            reading_pct: finite.min(0),
            abs: finite.min(0),
            basis: z.enum(['sourced', 'recalled', 'default']),
          }),
        }),
      )
      .min(1, 'expected at least one channel'),
    settables: z.array(z.strictObject({ name: quantity, node, range, tolerance: finite.min(0) })),
    safe: z.array(z.strictObject({ set: quantity, to: finite })),
  })
  .superRefine((file, context) => {
    const names = [...file.channels, ...file.settables].map(entry => entry.name);
    const channelCount = file.channels.length;
    names.forEach((name, i) => {
      if (names.indexOf(name) === i) return;
      const path = i < channelCount ? ['channels', i, 'name'] : ['settables', i - channelCount, 'name'];
      context.addIssue({
        code: 'custom',
        path,
        message: `expected each name once, "${name}" is there twice`,
      });
    });
    file.safe.forEach((line, i) => {
      const settable = file.settables.find(entry => entry.name === line.set);
      const complain = (key: string, message: string): void =>
        context.addIssue({ code: 'custom', path: ['safe', i, key], message });
      if (settable === undefined) complain('set', `expected one of the settables, "${line.set}" is none`);
      else if (line.to < settable.range[0] || line.to > settable.range[1])
        complain('to', `expected ${settable.range[0]} .. ${settable.range[1]}, the range of ${line.set}`);
    });
  });

/** A nodes file as read and checked. */
export type PlcNodes = z.infer<typeof schema>;

/** Reads a nodes file. Throws `config` with file, line and what was expected. */
export function readPlcNodes(path: string): PlcNodes {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new DeviceError('config', path, `expected a nodes file of the PLC: ${messageOf(error)}`, error);
  }
  return parsePlcNodes(text, path);
}

/** The same from a text; `path` is for messages only. */
export function parsePlcNodes(text: string, path: string): PlcNodes {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken !== undefined)
    throw new DeviceError('config', `${path}:${lines.linePos(broken.pos[0]).line}`, broken.message);
  const checked = schema.safeParse(document.toJS());
  if (checked.success) return checked.data;
  const { issues } = checked.error;
  // A misspelt key is also a missing one: name what the reader wrote.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  const extra = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const keys = extra === undefined ? issue.path : [...issue.path, extra];
  const line = lines.linePos(offsetOf(document, keys)).line;
  const message = extra === undefined ? issue.message : `unknown key "${extra}"`;
  const where = keys.map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  throw new DeviceError('config', `${path}:${line}`, `${where.replace(/^\./, '') || 'file'}: ${message}`);
}

/** Where in the text the value at `keys` stands; what is missing points at the entry it is missing from. */
function offsetOf(document: Document, keys: readonly PropertyKey[]): number {
  for (let length = keys.length; length > 0; length--) {
    const parent = document.getIn(keys.slice(0, length - 1), true);
    const key = keys[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(item => isScalar(item.key) && item.key.value === key);
      if (pair !== undefined && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const found = document.getIn(keys.slice(0, length), true);
    if (found !== null && typeof found === 'object' && 'range' in found && Array.isArray(found.range))
      return found.range[0];
  }
  return 0;
}
