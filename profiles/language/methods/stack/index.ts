import type { Evaluation } from '../evaluation.ts';
import { coolDown } from './cool-down.ts';
import { highPressure } from './high-pressure.ts';
import { leakTest } from './leak-test.ts';
import { polarisation } from './polarisation.ts';
import { purge } from './purge.ts';
import { stabilise } from './stabilise.ts';
import { startStack } from './start-stack.ts';
import { stopStack } from './stop-stack.ts';
import { warmUp } from './warm-up.ts';

/** Evaluations of the methods for electrolyser stacks. */
export const STACK_EVALUATIONS: readonly Evaluation[] = [
  startStack,
  stopStack,
  purge,
  leakTest,
  warmUp,
  coolDown,
  stabilise,
  polarisation,
  highPressure,
];
