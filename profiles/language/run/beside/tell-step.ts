import type { StepEnd } from '../../../steps/step.ts';
import type { Core } from '../core.ts';
import type { Lane } from '../lane.ts';
import type { MethodEvents } from '../method-events.ts';
import type { OpenStep } from '../open-step.ts';

/** Tells that a step is over, at run time `t_s`; its last part becomes a point where it asks for that. */
export function tellStep(
  core: Core,
  events: MethodEvents,
  open: OpenStep,
  pc: number,
  end: StepEnd,
  t_s: number,
  every_s?: number,
): void {
  const { average_s } = open;
  if (average_s > 0 && end.kind !== 'failed' && end.kind !== 'refused') {
    const { current } = core.env.output?.roles ?? {};
    const setpoint = current === undefined ? Number.NaN : core.env.applied(current);
    const from_s = Math.max(open.start_s, t_s - average_s / core.speed);
    const data = { leg: 'single', setpoint, from_s, to_s: t_s } as const;
    core.env.note(t_s, { kind: 'point', data }, `${open.label}: point`);
  }
  const { kind, id } = open.instruction;
  const own = id === undefined ? {} : { id: id.slice(id.indexOf('#') + 1) };
  const rows = every_s === undefined ? {} : { every_s };
  events.stepEnd(pc, { op: kind, label: open.label, ...own, ...rows }, open.start_s, end, t_s);
}

/** The first set point that was asked for and did not arrive ends the step under way: told; undefined: there is none. */
export function tellFailed(
  core: Core,
  events: MethodEvents,
  asked: Set<string>,
  lane: Lane,
  t_s: number,
): { readonly label: string; readonly end: StepEnd } | undefined {
  const end = failedAsk(core, asked);
  if (end === undefined) return undefined;
  const open = askedBy(lane, end.role) ?? lane.innermost();
  if (open !== undefined) tellStep(core, events, open, lane.pc, end, t_s);
  return { label: open?.label ?? '', end };
}

/** The step under way that sets a role; of lists side by side it need not be that of the leading one. */
function askedBy({ step, lanes }: Lane, role: string | undefined): OpenStep | undefined {
  const isIts = Object.values(step?.instruction.sets ?? {}).some(target => target.role === role);
  if (isIts) return step;
  for (const lane of lanes) {
    const found = askedBy(lane, role);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Those that have arrived are let go. */
function failedAsk({ env }: Core, asked: Set<string>): StepEnd | undefined {
  for (const role of asked) {
    const { outcome, reason } = env.answer(role);
    if (outcome === 'applied') asked.delete(role);
    if (outcome === 'refused')
      return { kind: 'refused', role, reason: `${role} refused: ${reason}`, leadsTo: 'stop' };
    if (outcome === 'failed')
      return { kind: 'failed', role, reason: `${role} not applied: ${reason}`, leadsTo: 'trip' };
  }
  return undefined;
}

/** It has not been told yet; from now on it has. */
export function isFirst(told: Set<string>, what: string): boolean {
  return !told.has(what) && told.add(what).has(what);
}
