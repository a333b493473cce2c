import type { ClientSession, NodeId, ReferenceDescription } from 'node-opcua';
import { inBatches, type Limits } from '../limits.ts';
import { climbTypes } from '../supertypes.ts';

/** What hangs below a node: its children with their names, in as few requests as the server takes. */

type Library = typeof import('node-opcua');

/** A child of a node. `name` is its browse name without the namespace. */
export interface Child {
  readonly name: string;
  readonly id: NodeId;
  readonly type: NodeId | undefined;
  readonly isObject: boolean;
  readonly isMethod: boolean;
}

/** References of namespace 0 (OPC UA part 3): all that lead down. */
const HIERARCHICAL = 33;
/** Node classes Object 1, Variable 2, Method 4. */
const CLASSES = 1 | 2 | 4;
/** Node class, browse name and type definition (part 4, 7.5: bits of the resultMask). */
const RESULT = (1 << 2) | (1 << 3) | (1 << 5);
/** No device here has more below one node; a server that goes on for ever is not followed. */
const MOST = 2000;

/** The children of each node, in the order of the nodes. Rejects with what the server says of a node that it does not know. */
export async function childrenOf(
  opcua: Library,
  session: ClientSession,
  nodes: readonly NodeId[],
  limits: Limits,
): Promise<Child[][]> {
  const answers = await inBatches(nodes, limits.browse, some =>
    session.browse(
      some.map(nodeId => ({
        nodeId,
        browseDirection: opcua.BrowseDirection.Forward,
        referenceTypeId: opcua.resolveNodeId(`i=${HIERARCHICAL}`),
        includeSubtypes: true,
        nodeClassMask: CLASSES,
        resultMask: RESULT,
      })),
    ),
  );
  const all: Child[][] = [];
  for (const [i, answer] of answers.entries()) {
    if (!answer.statusCode.isGood()) throw new Error(`browse of ${nodes[i]}: ${answer.statusCode.name}`);
    const references = [...(answer.references ?? [])];
    let more = answer.continuationPoint;
    while (more !== undefined && more !== null && more.length > 0 && references.length < MOST) {
      const next = await session.browseNext(more, false);
      references.push(...(next.references ?? []));
      more = next.continuationPoint;
    }
    all.push(references.map(reference => childOf(opcua, reference)));
  }
  return all;
}

function childOf(opcua: Library, reference: ReferenceDescription): Child {
  const { browseName, nodeId, typeDefinition, nodeClass } = reference;
  return {
    name: browseName.name ?? '',
    id: nodeId,
    type: typeDefinition ?? undefined,
    isObject: nodeClass === opcua.NodeClass.Object,
    isMethod: nodeClass === opcua.NodeClass.Method,
  };
}

/** No tree of types is deeper. */
const DEEPEST = 12;

/**
 * For each type the first of `known` (by its node id as text) that it is or descends from; undefined for one that does not,
 * or that the server does not tell of.
 */
export async function kindsOf(
  opcua: Library,
  session: ClientSession,
  types: readonly (NodeId | undefined)[],
  known: ReadonlyMap<string, string>,
  limits: Limits,
): Promise<(string | undefined)[]> {
  const kinds = new Map<string, string>();
  await climbTypes(opcua, session, {
    types: types.filter(type => type !== undefined),
    limits,
    deepest: DEEPEST,
    isThere(asked, at) {
      const kind = known.get(String(at));
      if (kind !== undefined) kinds.set(asked, kind);
      return kind !== undefined;
    },
  });
  return types.map(type => (type === undefined ? undefined : kinds.get(String(type))));
}
