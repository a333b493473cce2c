import type { ClientSession, NodeId } from 'node-opcua';
import { type Limits, readNodes } from '../limits.ts';
import type { OpcuaState } from '../request.ts';
import { severityOf } from '../values.ts';
import { childrenOf } from './browse.ts';
import { textOf } from './devices.ts';

/** In which state a state machine is (OPC UA part 16), by the name that the standard gives the state. */

type Library = typeof import('node-opcua');

/** Reads state machines; one for each session: what belongs to a session's ids is remembered. */
export function stateReader(opcua: Library, session: ClientSession, limits: Limits) {
  const { AttributeIds } = opcua;
  /** Node of CurrentState -> node of its property Id. */
  const idOf = new Map<string, NodeId | undefined>();
  /** Node of a state -> its browse name. */
  const names = new Map<string, string>();

  /**
   * The states behind these nodes CurrentState. Their texts may be in the language of the device: the browse name of the
   * state that `Id` names goes before.
   */
  return async function states(nodes: readonly string[]): Promise<OpcuaState[]> {
    const fresh = nodes.filter(node => !idOf.has(node));
    const below = await childrenOf(
      opcua,
      session,
      fresh.map(node => opcua.coerceNodeId(node)),
      limits,
    );
    for (const [i, node] of fresh.entries()) idOf.set(node, below[i].find(({ name }) => name === 'Id')?.id);
    const asked = nodes.flatMap(node => {
      const id = idOf.get(node);
      return [opcua.coerceNodeId(node), ...(id === undefined ? [] : [id])];
    });
    const answers = await readNodes(
      session,
      asked.map(nodeId => ({ nodeId, attributeId: AttributeIds.Value })),
      limits,
    );
    const ids: (NodeId | undefined)[] = [];
    const found: OpcuaState[] = [];
    let next = 0;
    for (const node of nodes) {
      const { statusCode, value } = answers[next++];
      const id = idOf.get(node) === undefined ? undefined : (answers[next++].value?.value as NodeId | null);
      const isId = id !== undefined && id !== null && !(id.namespace === 0 && id.value === 0);
      ids.push(isId ? id : undefined);
      found.push({
        status: statusCode.name,
        severity: severityOf(statusCode.value),
        name: textOf(value?.value),
      });
    }
    const unknown = ids.filter((id): id is NodeId => id !== undefined && !names.has(String(id)));
    const browseNames = await readNodes(
      session,
      unknown.map(nodeId => ({ nodeId, attributeId: AttributeIds.BrowseName })),
      limits,
    );
    for (const [i, id] of unknown.entries()) {
      const { statusCode, value } = browseNames[i];
      names.set(String(id), statusCode.isGood() ? ((value?.value as { name?: string })?.name ?? '') : '');
    }
    return found.map((state, i) => {
      const name = ids[i] === undefined ? '' : (names.get(String(ids[i])) ?? '');
      return name === '' ? state : { ...state, name };
    });
  };
}
