import type { StepEnd } from '../../steps/step.ts';
import type { ActionEnd } from './actions/action.ts';
import type { LeftBy } from './lane-types.ts';
import type { OpenStep } from './open-step.ts';
import type { WatchEnd } from './watch.ts';

/** True of a step that drives the output. */
export function drivesOutput({ kind, sets }: OpenStep['instruction']): boolean {
  if (['cc', 'cv', 'cp', 'cr', 'cccv', 'rest', 'eis', 'voltammetry'].includes(kind)) return true;
  if (kind !== 'ramp' && kind !== 'follow') return false;
  return Object.keys(sets).some(key => !key.includes('.'));
}

/** The end of a step as runs know it. */
export function stepEndOf(open: OpenStep, end: ActionEnd | WatchEnd | LeftBy): StepEnd {
  const to = 'to' in end && (end.to === 'stop' || end.to === 'trip') ? end.to : 'next';
  const { reason } = end;
  switch (end.kind) {
    case 'applied':
    case 'confirmed':
      return { kind: 'applied', reason, leadsTo: 'next', took_s: open.action.took_s };
    case 'reached':
    case 'measured':
      return { kind: 'reached', reason, leadsTo: 'next' };
    case 'data':
      return { kind: 'time', reason, leadsTo: 'next', ...cyclerStepOf(end) };
    case 'time':
      return { kind: 'time', reason, leadsTo: 'next' };
    case 'until':
      return { kind: 'condition', reason, leadsTo: 'next', ...(end.wasMet === true ? { wasMet: true } : {}) };
    case 'ended':
      return { kind: 'condition', reason, leadsTo: 'next', ...cyclerStepOf(end) };
    case 'skipped':
      return { kind: 'skipped', reason, leadsTo: 'next' };
    case 'exit':
    case 'left':
      return { kind: 'condition', reason, leadsTo: to };
    case 'deadline':
      return { kind: 'timeout', reason, leadsTo: to };
    case 'missing':
      return { kind: 'timeout', reason, leadsTo: 'trip' };
    case 'failed':
      return { kind: 'failed', reason, leadsTo: 'stop' };
  }
}

const cyclerStepOf = ({ cyclerStep }: ActionEnd): Pick<StepEnd, 'cyclerStep'> =>
  cyclerStep === undefined ? {} : { cyclerStep };
