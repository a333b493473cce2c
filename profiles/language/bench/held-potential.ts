import { stemOf } from '../file/keys.ts';
import { findSettable, type Wrong } from './find-name.ts';
import type { SetTarget } from './on-bench.ts';
import type { BenchNames } from './reference.ts';

/**
 * A potential of one electrode where a voltage belongs. By the instrument, where one is told it; else by software and the
 * current, where the bench file says so.
 */

/** Undefined: its electrical names are those of any output (`cell.voltage_V`). */
export function heldPotential(name: string, bench: BenchNames): SetTarget | Wrong | undefined {
  const stem = stemOf(name);
  const isOfOutput = ['current', 'voltage', 'power', 'resistance'].some(
    what => stem === `${bench.subjectKind}.${what}`,
  );
  if (isOfOutput) return undefined;
  const found = findSettable(name, { ...bench, settable: bench.controlled ?? [] });
  if (!('wrong' in found)) {
    const each_s = bench.controlledEach_s?.[found.role];
    const heldBy = `${bench.subjectKind}.currentSet_A`;
    return { ...found, heldBy, ...(each_s === undefined ? {} : { each_s }) };
  }
  if (!('wrong' in findSettable(name, bench))) return undefined;
  return {
    wrong: `nothing on this bench holds "${name}", expected softwareControl: { ${name}: ... } in the bench file`,
  };
}

/**
 * The current that a channel may give while a method has it hold a voltage and says no current beside it, in the unit of the
 * set point: the smaller of what the bench allows to charge and to discharge with, since nobody can tell which way it will
 * flow. Undefined: the bench allows none or does not say.
 */
export function currentBeside({
  min,
  max,
}: {
  readonly min: number;
  readonly max: number;
}): number | undefined {
  const ways = [max, min].filter((value, i) => Number.isFinite(value) && (i === 0 ? value > 0 : value < 0));
  return ways.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0];
}
