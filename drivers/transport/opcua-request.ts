import type { EngineeringUnits } from './opcua-units.ts';

/** What an OPC UA link is asked and answers. */

/** One question to the server. Nodes are named without namespace index (`s="DB"."tag"`): the link adds today's. */
export type OpcuaRequest =
  | {
      readonly kind: 'read';
      /** All are read in ONE request. */
      readonly nodes: readonly string[];
      /** Node to count up in the same breath: sent before the read without waiting for it. */
      readonly heartbeat?: string;
    }
  /** What the nodes show as their engineering units. */
  | { readonly kind: 'units'; readonly nodes: readonly string[] }
  | { readonly kind: 'write'; readonly node: string; readonly value: number };

/** Status code of OPC UA part 6, by its name (`Good`, `BadNodeIdUnknown`, ...) and severity. */
export interface OpcuaStatus {
  readonly status: string;
  readonly severity: 'good' | 'uncertain' | 'bad';
}

/** One node as read. Booleans are 0 and 1; NaN for anything that is not a number. */
export interface OpcuaReading extends OpcuaStatus {
  readonly value: number;
}

/** Readings or units in the order of the nodes (none after a write). `heartbeat`: what the server said to the count. */
export interface OpcuaAnswer {
  readonly readings: readonly OpcuaReading[];
  readonly heartbeat?: OpcuaStatus;
  readonly units?: readonly (EngineeringUnits | undefined)[];
}
