import type { Action, ActionParts } from './action.ts';
import { eis } from './eis.ts';
import { electrical } from './electrical.ts';
import { follow } from './follow.ts';
import { gated } from './gated.ts';
import { halfCell, potentialIn } from './half-cell.ts';
import { onCycler } from './on-cycler.ts';
import { ask, set, wait } from './plain.ts';
import { ramp } from './ramp.ts';
import { voltammetry } from './voltammetry.ts';

const UNGATED: Readonly<Record<string, (parts: ActionParts) => Action>> = {
  cc: electrical('cc'),
  cv: parts => (potentialIn(parts.instruction) === undefined ? electrical('cv') : halfCell)(parts),
  cp: electrical('cp'),
  cr: electrical('cr'),
  cccv: parts => (potentialIn(parts.instruction) === undefined ? electrical('cccv') : halfCell)(parts),
  rest: electrical('rest'),
  wait,
  set,
  ramp,
  follow,
  eis,
  voltammetry,
  ask,
  onCycler,
};

/** How each kind of step that takes time is run, by its key. */
export const ACTIONS: Readonly<Record<string, (parts: ActionParts) => Action>> = Object.fromEntries(
  Object.entries(UNGATED).map(([key, make]) => [key, gated(make)]),
);
