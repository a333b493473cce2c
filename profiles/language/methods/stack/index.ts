import type { Evaluation } from '../evaluation.ts';
import { flexibility } from './dynamic/flexibility.ts';
import { reactivity } from './dynamic/reactivity.ts';
import { startStop } from './dynamic/start-stop.ts';
import { gridService } from './grid/grid-service.ts';
import { loadFollowing } from './grid/load-following.ts';
import { conditioning } from './measure/conditioning.ts';
import { crossover } from './measure/crossover.ts';
import { emf } from './measure/emf.ts';
import { faradaic } from './measure/faradaic.ts';
import { highPressure } from './measure/high-pressure.ts';
import { polarisation } from './measure/polarisation.ts';
import { soecJv } from './measure/soec-jv.ts';
import { coolDown } from './operate/cool-down.ts';
import { leakTest } from './operate/leak-test.ts';
import { purge } from './operate/purge.ts';
import { stabilise } from './operate/stabilise.ts';
import { startStack } from './operate/start-stack.ts';
import { stopStack } from './operate/stop-stack.ts';
import { warmUp } from './operate/warm-up.ts';
import { astWave } from './wear/ast-wave.ts';
import { durability } from './wear/durability.ts';
import { loadCycling } from './wear/load-cycling.ts';
import { onOff } from './wear/on-off.ts';

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
  conditioning,
  crossover,
  faradaic,
  reactivity,
  flexibility,
  startStop,
  durability,
  loadCycling,
  onOff,
  astWave,
  soecJv,
  emf,
  gridService,
  loadFollowing,
];
