import type { StepKind } from '../file/define-step.ts';
import { ask } from './ask.ts';
import { call } from './call.ts';
import { cc } from './cc.ts';
import { cccv } from './cccv.ts';
import { cp } from './cp.ts';
import { cr } from './cr.ts';
import { cv } from './cv.ts';
import { each } from './each.ts';
import { follow } from './follow.ts';
import { group } from './group.ts';
import { ifStep } from './if.ts';
import { letStep } from './let.ts';
import { eis } from './measured/eis.ts';
import { voltammetry } from './measured/voltammetry.ts';
import { ramp } from './ramp.ts';
import { repeat } from './repeat.ts';
import { rest } from './rest.ts';
import { set } from './set.ts';
import { together } from './together.ts';
import { wait } from './wait.ts';

/** Every kind of step, in the order of the reference. `steps` is the last: beside another kind it belongs to that. */
export const STEP_KINDS: readonly StepKind[] = [
  cc,
  cv,
  cp,
  cr,
  cccv,
  rest,
  wait,
  follow,
  eis,
  voltammetry,
  set,
  ramp,
  ask,
  letStep,
  call,
  repeat,
  each,
  ifStep,
  together,
  group,
];
