import type { ClientSession, NodeId } from 'node-opcua';
import { z } from 'zod';
import { inBatches, type Limits, readNodes } from './limits.ts';

/** Property EngineeringUnits of a node (EUInformation, OPC UA part 8): id in the list of that namespace, -1 none; display name. */
export interface EngineeringUnits {
  readonly unitId: number;
  readonly namespaceUri: string;
  readonly text: string;
}

/** EUInformation as the library hands it out; empty strings come as null. */
const euInformation = z.object({
  unitId: z.number(),
  namespaceUri: z.string().nullish(),
  displayName: z.object({ text: z.string().nullish() }).nullish(),
});

/** What each node shows as its engineering units; undefined for one without that property, or where it is no EUInformation. */
export async function readEngineeringUnits(
  opcua: typeof import('node-opcua'),
  session: ClientSession,
  nodes: readonly NodeId[],
  limits: Limits,
): Promise<(EngineeringUnits | undefined)[]> {
  const found: (EngineeringUnits | undefined)[] = nodes.map(() => undefined);
  if (nodes.length === 0) return found;
  const paths = await inBatches(nodes, limits.translate, some =>
    session.translateBrowsePath(some.map(node => opcua.makeBrowsePath(node, '.EngineeringUnits'))),
  );
  const properties = paths.flatMap(({ statusCode, targets }, i) =>
    statusCode.isGood() && targets?.[0] !== undefined ? [{ i, nodeId: targets[0].targetId }] : [],
  );
  if (properties.length === 0) return found;
  const answers = await readNodes(
    session,
    properties.map(({ nodeId }) => ({ nodeId, attributeId: opcua.AttributeIds.Value })),
    limits,
  );
  for (const [k, { i }] of properties.entries()) {
    const { statusCode, value } = answers[k];
    const shown = statusCode.isGood() ? euInformation.safeParse(value?.value).data : undefined;
    if (shown !== undefined)
      found[i] = {
        unitId: shown.unitId,
        namespaceUri: shown.namespaceUri ?? '',
        text: shown.displayName?.text ?? '',
      };
  }
  return found;
}
