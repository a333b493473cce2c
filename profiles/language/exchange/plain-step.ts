import type { At } from './ledger.ts';

/**
 * The steps of a method with every value worked out, procedures put in their places and `each` written out: what is left
 * is what other languages are made of. Currents, powers and charges are positive into the cell.
 */

/** A value in A or C, V, W, Ohm, Ah or pct (of the capacity), s, degC. */
export interface Amount {
  readonly value: number;
  readonly unit: string;
}

/** An end on a reading. Current and charge by their size, whatever their sign. */
export interface PlainEnd {
  readonly quantity: 'voltage' | 'current' | 'charge';
  readonly is: 'above' | 'below';
  readonly amount: Amount;
  /** Current or charge was said to flow out (`cell.current_A > -0.1`, `step.chargeOut_Ah > 1`). */
  readonly isOut?: boolean;
  /** It was said to flow in (`cell.current_A < 0.1`, not its size). */
  readonly isIn?: boolean;
}

/** The end by time. A deadline leads to `otherwise`; one that was added when a foreign file was read is `isAdded`. */
export interface PlainBound {
  readonly s: number;
  readonly isDeadline: boolean;
  readonly isAdded: boolean;
  readonly otherwise: string;
  readonly at: At;
}

/** A way out beside the normal ends. */
export interface PlainExit {
  readonly ends: readonly PlainEnd[];
  readonly target: string;
  readonly at: At;
}

/** Which rows are kept; undefined: no such rule. */
export interface PlainRecord {
  readonly every_s?: number;
  readonly voltage_V?: number;
  readonly current_A?: number;
  readonly at: At;
}

/** Limits of the whole method, which end it. */
export interface PlainLimits {
  readonly voltageMax_V?: number;
  readonly voltageMin_V?: number;
  readonly currentMax_A?: number;
  readonly currentMin_A?: number;
  readonly chargeMax_Ah?: number;
  readonly temperatureMax_degC?: number;
  readonly temperatureMin_degC?: number;
  readonly delay_s?: number;
  readonly at: At;
}

/** An impedance spectrum. */
export interface PlainEis {
  readonly amplitude: Amount;
  readonly from_Hz: number;
  readonly to_Hz: number;
  /** 10 unless said. */
  readonly pointsPerDecade?: number;
  /** Periods at a frequency, 1 unless said. */
  readonly cycles?: number;
}

/** A step that drives the cell, or lets it rest. */
export interface PlainStep {
  readonly kind: 'cc' | 'cv' | 'cp' | 'cr' | 'cccv' | 'rest' | 'eis';
  readonly at: At;
  readonly id?: string;
  readonly name?: string;
  readonly current?: Amount;
  readonly voltage_V?: number;
  /** Of the voltage of a cccv: the current that led to it charged (+1) or discharged (-1). */
  readonly way?: number;
  readonly power_W?: number;
  readonly resistance_Ohm?: number;
  readonly eis?: PlainEis;
  readonly ends: readonly PlainEnd[];
  readonly bound?: PlainBound;
  readonly exits: readonly PlainExit[];
  /** Rule of the step itself or of the block around it; undefined: that of the file. */
  readonly record?: PlainRecord;
  /** Set point of the chamber, as far as the file has set one. */
  readonly temperature_degC?: number;
}

/** Steps that belong together (`times` 1), or a loop. */
export interface PlainLoop {
  readonly kind: 'loop';
  readonly at: At;
  readonly name?: string;
  readonly times: number;
  readonly steps: readonly PlainNode[];
}

export type PlainNode = PlainStep | PlainLoop;

/** A whole method. */
export interface PlainMethod {
  readonly name: string;
  readonly doc?: string;
  readonly at: At;
  readonly record?: PlainRecord;
  readonly limits?: PlainLimits;
  readonly steps: readonly PlainNode[];
  /** Nominal capacity, where it is known. */
  readonly capacity_Ah?: number;
}

/** Every step inside, loops gone through once. */
export function* leavesOf(nodes: readonly PlainNode[]): Generator<PlainStep> {
  for (const node of nodes) {
    if (node.kind === 'loop') yield* leavesOf(node.steps);
    else yield node;
  }
}

/** A value without the last digits that turning units leaves behind. */
export function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

/** A current in A. `capacity_Ah`: of the cell, for one in C; undefined result: it is not known. */
export function inAmpere({ value, unit }: Amount, capacity_Ah: number | undefined): number | undefined {
  if (unit === 'A') return value;
  return capacity_Ah === undefined ? undefined : tidy(value * capacity_Ah);
}
