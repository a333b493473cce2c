import type { LadsDevice } from './lads/devices.ts';
import type { SubscriptionAsk } from './subscription.ts';
import type { EngineeringUnits } from './units.ts';

/** What an OPC UA link is asked and answers. */

/**
 * One question to the server. Nodes are named without namespace index (`s="DB"."tag"`): the link adds today's. Those that
 * were found by browsing have theirs (`ns=4;i=1`).
 */
export type OpcuaRequest =
  | {
      readonly kind: 'read';
      /** Read in ONE request, or in as many as the server's limit asks for, one after the other. */
      readonly nodes: readonly string[];
      /** Node to count up in the same breath: sent before the read without waiting for it. */
      readonly heartbeat?: string;
      /** What a subscription to these nodes has brought last, instead of a question to the server. */
      readonly subscription?: SubscriptionAsk;
    }
  /** What a node holds of what was set: a 32-bit float that holds the value written last, rounded, answers with that. */
  | { readonly kind: 'readBack'; readonly node: string }
  /** What a person should hear of the channel: not secured, a certificate that ends soon; and who the server is. */
  | { readonly kind: 'notices' }
  /** What the nodes show as their engineering units. */
  | { readonly kind: 'units'; readonly nodes: readonly string[] }
  /** What there is by OPC 30500-1 (LADS). */
  | { readonly kind: 'lads' }
  /** Nodes that are going to be written, where they were not known when the link was made. */
  | { readonly kind: 'writable'; readonly nodes: readonly string[] }
  /** The states behind these nodes CurrentState. */
  | { readonly kind: 'states'; readonly nodes: readonly string[] }
  /** A method without arguments. That the state does not allow it is no error here: what counts is the state read back. */
  | { readonly kind: 'call'; readonly object: string; readonly method: string }
  | { readonly kind: 'write'; readonly node: string; readonly value: number };

/** Status code of OPC UA part 6, by its name (`Good`, `BadNodeIdUnknown`, ...) and severity. */
export interface OpcuaStatus {
  readonly status: string;
  readonly severity: 'good' | 'uncertain' | 'bad';
  /** It says more than Good (`GoodLocalOverride`), which a person should hear. Absent: it does not. */
  readonly isQualified?: boolean;
}

/** One node as read. Booleans are 0 and 1; NaN for anything that is not a number. */
export interface OpcuaReading extends OpcuaStatus {
  readonly value: number;
  /** Its members, where the node is an array; `value` is NaN then. */
  readonly values?: Float64Array;
  /** What came before it and is gone: lost in the server's queue, or bad. Only of a subscription. */
  readonly missed?: string;
  /** Why there is no number, where there is none. */
  readonly why?: string;
  /** When the source had the value, and the server gave it: ms since 1970 UTC by their clocks. Absent: not said. */
  readonly sourceTime_ms?: number;
  readonly serverTime_ms?: number;
}

/** A state machine as read; `name`: that of the state, by the standard. */
export interface OpcuaState extends OpcuaStatus {
  readonly name: string;
}

/** Readings or units in the order of the nodes (none after a write). `heartbeat`: what the server said to the count. */
export interface OpcuaAnswer {
  readonly readings: readonly OpcuaReading[];
  readonly heartbeat?: OpcuaStatus;
  readonly units?: readonly (EngineeringUnits | undefined)[];
  readonly notices?: readonly string[];
  /** With the notices: the ApplicationUri of the server. */
  readonly server?: string;
  readonly lads?: readonly LadsDevice[];
  readonly states?: readonly OpcuaState[];
  /** What a method was answered with: good, or that the state does not allow it. */
  readonly called?: OpcuaStatus;
}
