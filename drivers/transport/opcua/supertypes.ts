import type { ClientSession, NodeId } from 'node-opcua';
import { inBatches, type Limits } from './limits.ts';

type Library = typeof import('node-opcua');

/** Reference HasSubtype of namespace 0 (OPC UA part 6, A). */
const HAS_SUBTYPE = 45;

/**
 * Leads each type up the tree of types, all of them together, one level a request. `isThere`: whether one has come far enough
 * (`asked`: its node id as text, `at`: where it has come to); `deepest`: no tree is followed further.
 */
export async function climbTypes(
  opcua: Library,
  session: ClientSession,
  of: {
    readonly types: readonly NodeId[];
    readonly limits: Limits;
    readonly deepest: number;
    readonly isThere: (asked: string, at: NodeId) => boolean;
  },
): Promise<void> {
  const { types, limits, deepest, isThere } = of;
  let open = new Map(types.map(type => [String(type), type]));
  for (let depth = 0; depth < deepest && open.size > 0; depth++) {
    const climbing = [...open].filter(([asked, at]) => !isThere(asked, at));
    const parents = await inBatches(climbing, limits.browse, some =>
      session.browse(
        some.map(([, at]) => ({
          nodeId: at,
          browseDirection: opcua.BrowseDirection.Inverse,
          referenceTypeId: opcua.resolveNodeId(`i=${HAS_SUBTYPE}`),
          includeSubtypes: false,
          nodeClassMask: 0,
          resultMask: 0,
        })),
      ),
    );
    open = new Map(
      climbing.flatMap(([asked], i) => {
        const parent = parents[i].references?.[0]?.nodeId;
        return parent === undefined ? [] : [[asked, parent] as const];
      }),
    );
  }
}
