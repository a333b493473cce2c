import { DeviceError } from '../contract/errors.ts';
import type { Exchange } from '../device-table.ts';
import type { OpcuaAnswer, OpcuaRequest } from '../transport/opcua/link.ts';

/** No such node; whatever else stands against a value, its node is there (OPC UA part 4, 7.39). */
const NOT_THERE: ReadonlySet<string> = new Set(['BadNodeIdUnknown', 'BadNodeIdInvalid']);

/**
 * Whether the server has every node that is going to be read: a slip in the nodes file is told before anything begins, not by
 * a limit that trips for want of a reading. Rejects with `identity` that names all that are missing.
 */
export async function checkNodes(
  endpoint: string,
  entries: readonly { readonly name: string; readonly node: string }[],
  exchange: Exchange<OpcuaRequest, OpcuaAnswer>,
): Promise<void> {
  const { readings } = await exchange({ kind: 'read', nodes: entries.map(({ node }) => node) });
  const missing = entries.filter((_, i) => NOT_THERE.has(readings[i]?.status ?? ''));
  if (missing.length === 0) return;
  const [{ name, node }, ...others] = missing;
  const more = others.length === 0 ? '' : ` (and ${others.map(one => one.name).join(', ')})`;
  const text = `no node ${node} for ${name}${more}: expected the nodes of this server in the nodes file`;
  throw new DeviceError('identity', endpoint, text);
}
