import type { ClientSession, DataValue, NodeId, ReadValueIdOptions } from 'node-opcua';

/**
 * How many nodes one request may name: a request above a server's limit fails as a whole. Also where it says none (0, or
 * no such node) at most a hundred, one request at a time: an S7-1500 seems to count what is outstanding, not what it has
 * said (epics-modules/opcua#177, #201).
 */
export interface Limits {
  readonly read: number;
  readonly translate: number;
  readonly browse: number;
}

const AT_MOST = 100;

/** OperationLimits of the server object (OPC UA part 5, 6.3.11): node ids in namespace 0; 11705 sourced, the others recalled. */
const NODES: Readonly<Record<keyof Limits, number>> = { read: 11_705, browse: 11_710, translate: 11_712 };

/** Asks the server for its limits. */
export async function readLimits(
  opcua: typeof import('node-opcua'),
  session: ClientSession,
): Promise<Limits> {
  const ask = async (node: number): Promise<number> => {
    // One by one: even three could be more than is allowed.
    const { statusCode, value } = await session.read({ nodeId: opcua.resolveNodeId(`i=${node}`) });
    const said: unknown = statusCode.isGood() ? value?.value : undefined;
    return typeof said === 'number' && said > 0 ? Math.min(said, AT_MOST) : AT_MOST;
  };
  return {
    read: await ask(NODES.read),
    browse: await ask(NODES.browse),
    translate: await ask(NODES.translate),
  };
}

/** Does the work in pieces of at most `most`, one after the other. */
export async function inBatches<T, R>(
  items: readonly T[],
  most: number,
  work: (some: T[]) => Promise<R[]>,
): Promise<R[]> {
  const all: R[] = [];
  for (let from = 0; from < items.length; from += most) {
    const some = items.slice(from, from + most);
    const answers = await work(some);
    if (answers.length !== some.length)
      throw new Error(`${answers.length} answers to ${some.length} questions`);
    all.push(...answers);
  }
  return all;
}

/** Reads attributes, none of them from a cache of the server. */
export function readNodes(
  session: ClientSession,
  asked: readonly (ReadValueIdOptions & { readonly nodeId: NodeId })[],
  limits: Limits,
): Promise<DataValue[]> {
  return inBatches(asked, limits.read, some => session.read(some, 0));
}
