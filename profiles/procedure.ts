/**
 * A procedure: the flat list of instructions that the sequencer runs. Methods (nested steps in a file)
 * compile to it. The whole state of a run is the program counter, the loop counters and the accumulators.
 * Roles only, no device; seconds, volts and bar as the names say.
 */

/** When a wait may end early. All usable values only: a NaN, bad or silent role never satisfies a condition. */
export type Condition =
  | {
      readonly kind: 'compare';
      readonly role: string;
      readonly is: '>' | '<' | '>=' | '<=';
      readonly limit: number;
      /** Must hold this long without a break. */
      readonly for_s: number;
    }
  | {
      /** Stable: max minus min of the role over the last over_s stays within band (criteria of IEC 62282 practice). */
      readonly kind: 'stable';
      readonly role: string;
      readonly band: number;
      readonly over_s: number;
    };

/** What happens when a bounded step runs out of time without its condition. */
export type OnTimeout = 'continue' | 'stop' | 'trip';

/** Following a load profile. Power in kW into the stack; positive consumes. */
export interface FollowSpec {
  /** Name of the profile source handed to the run (the wind series). */
  readonly source: string;
  readonly for_s: number;
  /** Role that is set: the stack current; the pipeline turns power into current with the measured voltage. */
  readonly setRole: string;
  readonly voltageRole: string;
  readonly powerRole: string;
  /** Profile power 1.0 (rated) means this much stack power. */
  readonly scale_kW: number;
  readonly currentNominal_A: number;
  /** Stack voltage at nominal power: where the measured one says nothing (standby), current comes from it. */
  readonly voltageNominal_V: number;
  /** Below minLoad the stack goes to hot standby; it returns above restart (hysteresis), in parts of scale_kW. */
  readonly minLoad_frac: number;
  readonly restart_frac: number;
  readonly maxLoad_frac: number;
  /** Largest change of the set power, in parts of scale_kW per second. */
  readonly ramp_frac_per_s: number;
  /** Set once on entering hot standby and once on leaving (e.g. anode N2 sweep). */
  readonly onStandby: Readonly<Record<string, number>>;
  readonly onRestart: Readonly<Record<string, number>>;
}

/** Pressurising or depressurising with the stack's own gas, with holds and gates. */
export interface PressureSpec {
  readonly setRole: string;
  readonly pressureRole: string;
  readonly to_barg: number;
  readonly rate_bar_per_min: number;
  /** A hold of hold_s each holdEvery_bar on the way; 0 = none. */
  readonly holdEvery_bar: number;
  readonly hold_s: number;
  /** The ramp waits while H2 in O2 is above this, and goes on below it. */
  readonly h2InO2Role: string;
  readonly h2InO2Gate_vol_pct: number;
  /** Pressurise only while the current is at least i_min(p); see `minimumCurrent_A` in methods/high-pressure.ts. */
  readonly currentRole: string;
  readonly minCurrentPerBar_A: number;
  /** The step ends with `onTimeout` when it takes longer than this. */
  readonly timeout_s: number;
  readonly onTimeout: OnTimeout;
}

interface Common {
  /** What the page and the journal call this step. */
  readonly label: string;
  /** Interlocks may be armed only in steps that carry a tag. */
  readonly tags: readonly string[];
}

export type Instruction = Common &
  (
    | {
        readonly op: 'phase';
        readonly name: string;
        readonly method: string;
        readonly planned_s: number;
        /** What the phase's method was called with, so that its evaluation finds volumes, limits and levels again. */
        readonly parameters?: Readonly<Record<string, unknown>>;
      }
    | { readonly op: 'set'; readonly values: Readonly<Record<string, number>> }
    | {
        /** Linear ramp of one role from where it stands to `to`. Rate in the role's unit per second, > 0. */
        readonly op: 'ramp';
        readonly role: string;
        readonly to: number;
        readonly rate_per_s: number;
        readonly timeout_s: number;
      }
    | {
        /** Waits for_s at most; ends early when all conditions hold. No conditions = a plain hold. */
        readonly op: 'wait';
        readonly for_s: number;
        readonly until: readonly Condition[];
        readonly onTimeout: OnTimeout;
      }
    | {
        /** Ends early only while the load is on (a polarisation point): average of the last average_s is a point. */
        readonly op: 'point';
        readonly leg: 'up' | 'down' | 'single';
        readonly setpoint: number;
        readonly dwell_s: number;
        readonly average_s: number;
        /** Ends the sweep leg early when this role goes over the limit (e.g. mean cell voltage). */
        readonly stopAbove: { readonly role: string; readonly limit: number } | null;
        /** Where the run goes on when `stopAbove` ends the leg: the first instruction after the leg. */
        readonly legEnd?: number;
        /** Skip the point while H2 in O2 would be unsafe: needs current >= minCurrentPerBar_A * absolute bar. */
        readonly minCurrentPerBar_A: number;
      }
    | { readonly op: 'follow'; readonly follow: FollowSpec }
    | { readonly op: 'pressure'; readonly pressure: PressureSpec }
    | { readonly op: 'loop'; readonly times: number; readonly end: number }
    | { readonly op: 'endLoop'; readonly start: number }
  );

/** Compiled method, ready to run. */
export interface Procedure {
  readonly method: string;
  readonly version: number;
  readonly instructions: readonly Instruction[];
  /** Estimate of the whole duration, s; waits for conditions may take longer. */
  readonly planned_s: number;
  /** Every role that some step sets, and every role that some step reads. */
  readonly sets: readonly string[];
  readonly reads: readonly string[];
}
