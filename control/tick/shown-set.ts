import type { Bench } from '../bench/bench.ts';
import { type RoleTable, settableOf } from '../contract/role-table.ts';
import type { SetValue } from '../contract/shown.ts';

/** What of a session knows what is set. */
interface Sets {
  readonly gate: { applied(role: string): number };
  readonly image: { value(name: string): number };
  readonly parts: { readonly roles: RoleTable; readonly bench: Pick<Bench, 'output'> };
}

/** What the output of a cell or a stack can drive, and the mode of a channel that drives it. */
const DRIVEN = /^(cell|stack)\.(current|voltage|power|resistance)_/;
const MODE_OF = { current: 'cc', voltage: 'cv', power: 'cp', resistance: 'cr' } as const;

/**
 * What is set of a role, as it was read back, how far it may be set, and whether it is in force: behind an output that is off,
 * or that drives another quantity, it is not.
 */
export function setValueOf(role: string, sets: Sets): SetValue | undefined {
  const { gate, parts } = sets;
  const settable = settableOf(role, parts.roles);
  if (settable === undefined) return undefined;
  const { min, max } = settable;
  const applied = gate.applied(settable.role);
  const set = { value: Number.isFinite(applied) ? applied : null, min, max };
  const driven = DRIVEN.exec(role);
  if (driven === null) return set;
  const [, subject, quantity] = driven;
  if (isOff(subject, sets)) return { ...set, is: 'off' };
  const modes = parts.bench.output?.modes;
  const mode = gate.applied(`${subject}.modeSet_count`);
  if (modes === undefined || Number.isNaN(mode)) return set;
  if (mode === modes.rest) return { ...set, is: 'off' };
  if (mode === modes[MODE_OF[quantity as keyof typeof MODE_OF]]) return set;
  // A held voltage keeps the current between the set one and nothing.
  if (quantity === 'current' && mode === modes.cv && applied !== 0 && set.value !== null)
    return { ...set, is: applied > 0 ? 'ceiling' : 'floor' };
  const bound = quantity === 'voltage' ? boundOf(subject, sets) : undefined;
  return bound === undefined ? { ...set, is: 'other' } : { ...set, ...bound };
}

/** As it is read, where it is; else as it was set. An output of which nothing is known is not said to be off. */
function isOff(subject: string, { gate, image, parts }: Sets): boolean {
  const read = parts.roles.measured.has(`${subject}.output_on`)
    ? image.value(`${subject}.output_on`)
    : Number.NaN;
  const on = Number.isNaN(read) ? gate.applied(`${subject}.outputSet_on`) : read;
  return on < 0.5;
}

/** Where a channel that drives a current or a power keeps the voltage: below what it charges to, above what it discharges to. */
function boundOf(subject: string, { gate }: Sets): Pick<SetValue, 'value' | 'is'> | undefined {
  const drives = ['currentSet_A', 'powerSet_W'].map(name => gate.applied(`${subject}.${name}`));
  const flow = drives.find(value => Number.isFinite(value) && value !== 0) ?? Number.NaN;
  if (Number.isNaN(flow)) return undefined;
  const bound = gate.applied(`${subject}.${flow > 0 ? 'voltageMaxSet_V' : 'voltageMinSet_V'}`);
  return Number.isFinite(bound) ? { value: bound, is: flow > 0 ? 'ceiling' : 'floor' } : undefined;
}
