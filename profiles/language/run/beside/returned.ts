import type { Value } from '../../layout/instruction.ts';
import type { Core } from '../core.ts';
import { UnknownValue } from '../core.ts';
import type { Frame } from '../frame.ts';
import type { Count } from '../live-expression.ts';
import type { MethodEvents } from '../method-events.ts';

/** Tells what the method itself returns, as it is known when the run ends; nothing where it returns nothing. */
export function returnedBy(core: Core, count: Count, events: MethodEvents): void {
  const entries = Object.entries(core.program.returns);
  if (entries.length === 0) return;
  const figures = entries.map(([name, value]) => [name, knownOr(core, value, count)] as const);
  events.returned(Object.fromEntries(figures));
}

/** A call is through: its figures are kept under its id, and told; without an id nobody waits for one that is not known. */
export function callReturned(
  core: Core,
  events: Pick<MethodEvents, 'callReturned'>,
  { instruction, start_s }: Frame,
  returns: Readonly<Record<string, Value>>,
  count: Count,
): void {
  const entries = Object.entries(returns);
  if (entries.length === 0) return;
  const { id } = instruction;
  const figures = entries.map(([name, value]) => {
    if (id === undefined) return [name, knownOr(core, value, count)] as const;
    const figure = core.figureOf(value, count);
    core.keep(id, name, figure);
    return [name, figure] as const;
  });
  const procedure = (instruction.op === 'enter' ? instruction.called : undefined) ?? '';
  const call = id === undefined ? (instruction.name ?? procedure) : id.slice(id.indexOf('#') + 1);
  events.callReturned({ call, procedure, start_s, figures: Object.fromEntries(figures) });
}

/** NaN: known of no step that was come to. */
function knownOr(core: Core, value: Value, count: Count): number {
  try {
    return core.figureOf(value, count);
  } catch (error) {
    if (error instanceof UnknownValue) return Number.NaN;
    throw error;
  }
}
