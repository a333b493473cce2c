import { z } from 'zod';
import { readDataFile } from '../contract/data-file.ts';
import { type ChannelSpec, timeChannel } from '../contract/device.ts';
import { isQuantity, type Quantity, timeNameOf } from '../contract/units.ts';

/** The nodes file of a PLC: which OPC UA node is which channel or settable, where its heartbeat and its owner's word are. */

export const finite = z.number().refine(Number.isFinite, 'expected a finite number');
export const quantity = z.custom<Quantity>(name => typeof name === 'string' && isQuantity(name), {
  error: 'expected a name that ends in its unit, e.g. "waterFlow_L_per_min"',
});
const node = z
  .string({ error: `expected a node, e.g. 's="DB"."tag"' or 'i=1001'` })
  .regex(/^(s=.+|i=\d+|g=[0-9a-fA-F-]{36})$/, {
    error: `expected a node without namespace, e.g. 's="DB"."tag"' or 'i=1001'`,
  });
/** What the node shows as its engineering units, where that text alone does not tell the unit of `name`. */
const unit = z.string().min(1).optional();
export const range = z
  .tuple([finite, finite], { error: 'expected [low, high]' })
  .refine(([low, high]) => low < high, 'expected [low, high] with low < high');

export const accuracy = z.strictObject({
  reading_pct: finite.min(0),
  abs: finite.min(0),
  basis: z.enum(['sourced', 'recalled', 'default']),
});

/** So long may a source time stamp stand still before the value is bad, s; 0: as long as it likes. */
const staleAfter_s = finite.min(0).optional();

/** Whether its source time stamp is a channel of its own beside it, and recorded. */
const sourceTime = z.boolean().optional();

const schema = z
  .strictObject({
    /** Indices change between restarts of a server: the URI is looked up at every connect. */
    namespaceUri: z.string().min(1, 'expected the URI of the namespace'),
    /**
     * Node that we count up, node of its time-out (s), node that shows that the PLC tripped on our silence. Absent: the PLC
     * has no such program, and nothing ends what was set when we fall silent.
     */
    heartbeat: z.strictObject({ node, timeoutNode: node, trippedNode: node }).optional(),
    /** Without a heartbeat: what the PLC's outputs do by themselves when we fall silent. */
    onLoss: z.enum(['off', 'hold', 'unknown']).optional(),
    /** For all channels that say nothing else. Off by default: many servers stamp a value only when it changes, or never. */
    staleAfter_s,
    sourceTime,
    /** Whole-number node (Int32, UInt32 or Double) that holds the word of the controller that owns the PLC; 0: nobody. */
    owner: z.strictObject({ node }).optional(),
    channels: z
      .array(
        z.strictObject({
          name: quantity,
          /** Of how many values the node is an array; with `[]` in the name. */
          count: z.number().int().min(1).max(10_000).optional(),
          node,
          unit,
          range,
          staleAfter_s,
          sourceTime,
          accuracy,
        }),
      )
      .min(1, 'expected at least one channel'),
    settables: z.array(
      z.strictObject({
        name: quantity.refine(
          name => !name.includes('['),
          'expected a single quantity, a set point is one value',
        ),
        node,
        unit,
        range,
        tolerance: finite.min(0),
      }),
    ),
    safe: z.array(z.strictObject({ set: quantity, to: finite })),
  })
  .superRefine((file, context) => {
    const names = [...file.channels, ...file.settables].map(entry => entry.name);
    const times = timedChannels(file).map(({ name }) => timeNameOf(name));
    const taken = times.find((time, i) => names.includes(time) || times.indexOf(time) !== i);
    if (taken !== undefined) {
      const message = `expected each name once, ${taken} of a source time stamp (sourceTime) is there twice`;
      context.addIssue({ code: 'custom', path: ['channels'], message });
    }
    const channelCount = file.channels.length;
    file.channels.forEach(({ name, count }, i) => {
      if (name.includes('[]') === (count !== undefined)) return;
      const message = 'expected "count" together with "[]" in the name, or neither';
      context.addIssue({ code: 'custom', path: ['channels', i, 'name'], message });
    });
    const isBeating = file.heartbeat !== undefined;
    if (isBeating === (file.onLoss !== undefined)) {
      const message = isBeating
        ? 'expected no onLoss beside a heartbeat: an unwatched PLC holds, a watched one goes to its own safe state'
        : 'expected a heartbeat, or onLoss: what the outputs do when we fall silent (off, hold, unknown)';
      context.addIssue({ code: 'custom', path: ['onLoss'], message });
    }
    if (!isBeating && file.owner !== undefined) {
      const message = 'expected a heartbeat beside it: by that the owner is known to be alive';
      context.addIssue({ code: 'custom', path: ['owner'], message });
    }
    names.forEach((name, i) => {
      if (names.indexOf(name) === i) return;
      const path = i < channelCount ? ['channels', i, 'name'] : ['settables', i - channelCount, 'name'];
      context.addIssue({
        code: 'custom',
        path,
        message: `expected each name once, "${name}" is there twice`,
      });
    });
    // A set point and its reading may share a node; two readings or two set points may not.
    for (const list of ['channels', 'settables'] as const) {
      const nodes = file[list].map(entry => entry.node);
      nodes.forEach((node, i) => {
        const first = nodes.indexOf(node);
        if (first === i) return;
        const message = `expected a node of its own, ${node} is that of ${file[list][first].name} already`;
        context.addIssue({ code: 'custom', path: [list, i, 'node'], message });
      });
    }
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
  return readDataFile(path, schema);
}

/** The channels in the order of the frame; `cell[].voltage_V` becomes `cell[1].voltage_V` and so on. */
export function plcChannels(nodes: PlcNodes): ChannelSpec[] {
  return nodes.channels.flatMap(({ name, count, range, accuracy }) =>
    Array.from({ length: count ?? 1 }, (_, i) => ({
      name: name.replace('[]', `[${i + 1}]`) as Quantity,
      range,
      accuracy,
    })),
  );
}

/** The channels of the file whose source time stamps are channels, too, in the order of those. */
export function timedChannels(
  nodes: Pick<PlcNodes, 'channels' | 'sourceTime'>,
): (PlcNodes['channels'][number] & { readonly first: number })[] {
  let next = 0;
  return nodes.channels.flatMap(channel => {
    const first = next;
    next += channel.count ?? 1;
    return (channel.sourceTime ?? nodes.sourceTime) === true ? [{ ...channel, first }] : [];
  });
}

/** Channels of the source time stamps; they come last in the frame. */
export function plcTimeChannels(nodes: PlcNodes): ChannelSpec[] {
  return timedChannels(nodes).map(({ name, first, count = 1 }) =>
    timeChannel(timeNameOf(name), { clock: 'utc', of: Array.from({ length: count }, (_, k) => first + k) }),
  );
}
