import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** What the bench's safe state may write, read from the bench file. */
export interface SafeValues {
  /** Every value that it may write, by role. */
  readonly allowed: Readonly<Record<string, readonly number[]>>;
  /** How each output stands in the end. */
  readonly final: Readonly<Record<string, number>>;
  /** The set point that the controlled vent ramps down. */
  readonly ventSignal: string;
}

/** Reads them. The supply's own safe list, which stands in its driver, is output off and 0 A. */
export function safeValues(benchFile: string): SafeValues {
  const { safeState } = parse(readFileSync(benchFile, 'utf8')) as {
    safeState: { steps: { set?: string; to?: number; vent?: string }[] };
  };
  const allowed: Record<string, number[]> = { 'stack.outputSet_on': [0], 'stack.currentSet_A': [0] };
  const final: Record<string, number> = { 'stack.outputSet_on': 0 };
  let ventSignal = '';
  for (const { set, to, vent } of safeState.steps) {
    if (vent !== undefined) ventSignal = vent;
    if (set === undefined || to === undefined) continue;
    allowed[set] = [...(allowed[set] ?? []), to];
    final[set] = to;
  }
  return { allowed, final, ventSignal };
}
