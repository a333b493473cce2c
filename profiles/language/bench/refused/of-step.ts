import type { StepNode } from '../../file/nodes.ts';
import { refuseBareOutput, refuseCharge, refuseWrongWay } from '../borders.ts';
import type { Looking } from '../looking.ts';
import { refuseBounds, refuseLongMean, refuseLongWindow, refuseTooLong } from '../times.ts';
import { refuseUndefined } from '../undefined-values.ts';
import { refuseAmplitude } from './amplitude.ts';
import { refuseHalfCount } from './half-count.ts';
import { refuseLateEnd } from './late-end.ts';
import { refuseLoop } from './loop.ts';
import { refuseNegativeTimes } from './negative-times.ts';

const RULES = [
  refuseBounds,
  refuseNegativeTimes,
  refuseTooLong,
  refuseCharge,
  refuseWrongWay,
  refuseBareOutput,
  refuseAmplitude,
  refuseLoop,
  refuseHalfCount,
  refuseLongMean,
  refuseLongWindow,
  refuseLateEnd,
];

/**
 * What a step itself says that cannot be, as far as it is known at this place. `isLeft`: a step before may have led past it.
 * @throws LanguageError with the key
 */
export function refuseStep(step: StepNode, looking: Looking, isLeft: boolean): void {
  for (const refuse of RULES) refuse(step, looking);
  refuseUndefined(step, { ...looking, isSkipped: looking.isSkipped === true || isLeft });
}
