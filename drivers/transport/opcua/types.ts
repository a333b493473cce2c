import type { ClientSession, NodeId } from 'node-opcua';
import { DeviceError } from '../../contract/errors.ts';
import { type Limits, readNodes } from './limits.ts';
import { climbTypes } from './supertypes.ts';
import { type NumberType, numberType, severityOf, typeName } from './values.ts';

/** What a node to be written is of: an integer, a float, or a subtype of one (WORD, LREAL, an enumeration). */

type Library = typeof import('node-opcua');

/** Ids of namespace 0 (OPC UA part 6, A): the abstract types that have no numbers of their own. */
const ENUMERATION = 29;
const ABSTRACT: ReadonlySet<unknown> = new Set([24, 26, 27, 28]);
/** Bit of AccessLevel and UserAccessLevel (OPC UA part 3, 8.57): the value may be written. */
const CURRENT_WRITE = 2;
/** What is asked of each node. */
const ASKED = ['DataType', 'Value', 'AccessLevel', 'UserAccessLevel'] as const;
/** No tree of types is deeper. */
const DEEPEST = 16;

/**
 * The built-in type of each node: its DataType, or what that is a subtype of, asked for all of them together; for an
 * abstract one (Number, Integer) that of the value it holds. Rejects with `identity` for a node that is not there, is no
 * number, holds an array, or says that it may not be written, by anybody or by this user.
 */
export async function typesOf(
  opcua: Library,
  session: ClientSession,
  of: {
    readonly endpoint: string;
    readonly limits: Limits;
    readonly nodes: readonly { readonly node: string; readonly id: NodeId }[];
  },
): Promise<Map<string, NumberType>> {
  const { endpoint, limits, nodes } = of;
  const { AttributeIds } = opcua;
  const answers = await readNodes(
    session,
    nodes.flatMap(({ id }) => ASKED.map(name => ({ nodeId: id, attributeId: AttributeIds[name] }))),
    limits,
  );
  const refused = (node: string, text: string): DeviceError =>
    new DeviceError('identity', endpoint, `node ${node}: ${text}`);
  const answerOf = (i: number, name: (typeof ASKED)[number]) =>
    answers[ASKED.length * i + ASKED.indexOf(name)];
  /** A server that does not tell is asked by the first write. */
  const isShut = (i: number, name: 'AccessLevel' | 'UserAccessLevel'): boolean => {
    const { statusCode, value } = answerOf(i, name);
    return severityOf(statusCode.value) !== 'bad' && (Number(value?.value) & CURRENT_WRITE) === 0;
  };
  const declared = nodes.map(({ node }, i) => {
    const { statusCode, value } = answerOf(i, 'DataType');
    if (severityOf(statusCode.value) === 'bad') throw refused(node, statusCode.name);
    return value.value as NodeId;
  });
  const roots = await builtInOf(opcua, session, declared, limits);
  return new Map(
    nodes.map(({ node }, i) => {
      const held = answerOf(i, 'Value').value;
      const isHeld = held !== null && held !== undefined && held.dataType !== 0;
      if (isHeld && held.arrayType !== 0) throw refused(node, 'holds an array, expected one value to be set');
      const root = roots.get(String(declared[i]));
      const identifier = root ?? (isHeld ? held.dataType : undefined);
      const type = numberType(identifier);
      const what = identifier === undefined ? `type ${declared[i]}` : typeName(Number(identifier));
      if (type === undefined) throw refused(node, `is ${what}, expected a number`);
      if (isShut(i, 'AccessLevel')) throw refused(node, 'is read only (AccessLevel), expected to be written');
      if (isShut(i, 'UserAccessLevel'))
        throw refused(node, 'is read only for this user (UserAccessLevel), expected to be written');
      return [node, type] as const;
    }),
  );
}

/** Identifier of the built-in type that each type is or descends from; absent where that is abstract or not told. */
async function builtInOf(
  opcua: Library,
  session: ClientSession,
  types: readonly NodeId[],
  limits: Limits,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  await climbTypes(opcua, session, {
    types,
    limits,
    deepest: DEEPEST,
    isThere(asked, { namespace, value }) {
      if (namespace !== 0) return false;
      if (value === ENUMERATION) found.set(asked, opcua.DataType.Int32);
      else if (typeof value === 'number' && value <= 25 && !ABSTRACT.has(value)) found.set(asked, value);
      else return ABSTRACT.has(value);
      return true;
    },
  });
  return found;
}
