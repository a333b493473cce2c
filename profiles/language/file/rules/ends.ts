import { stemOf } from '../keys.ts';
import { namesIn } from '../names-of-file.ts';
import { type FileExpression, type StepNode, topLists } from '../nodes.ts';
import type { Source } from '../source.ts';

/** Every step ends: by itself, by a time, or by a deadline. */

interface Ending {
  readonly source: Source;
  readonly expressions: ReadonlyMap<string, FileExpression>;
  /** Data files that begin anew at their end. */
  readonly endless: readonly string[];
  readonly data: readonly string[];
}

/** @throws LanguageError with the first step that may never end, or whose keys for an end contradict each other */
export function checkEnds(file: Parameters<typeof topLists>[0], ending: Ending): void {
  for (const list of topLists(file)) checkList(list, ending, false);
}

/** `isLeft`: something around the list may end it. */
function checkList(list: readonly StepNode[], ending: Ending, isLeft: boolean): void {
  for (const step of list) {
    checkStep(step, ending, isLeft);
    const isInside = isLeft || mayEnd(step);
    for (const block of step.blocks.values()) checkList(block, ending, isInside);
    // The first of lists side by side leads: the others are left when it ends.
    for (const [i, lane] of step.lanes.entries()) checkList(lane, ending, isInside || i > 0);
  }
}

/** It may end before its deadline, or go on behind it. */
function mayEnd({ keys }: StepNode): boolean {
  const goesOn = 'otherwise' in keys && !STOPS.includes(String(keys['otherwise']));
  return goesOn || 'until' in keys || 'exits' in keys || Object.keys(keys).some(key => stemOf(key) === 'for');
}

const STOPS: readonly string[] = ['stop', 'trip'];

function checkStep(step: StepNode, ending: Ending, isLeft: boolean): void {
  const { kind, keys, place } = step;
  const { source } = ending;
  const find = (stem: string): string | undefined => Object.keys(keys).find(key => stemOf(key) === stem);
  const [forKey, withinKey] = [find('for'), find('within')];
  const hasGate = 'gate' in keys;
  if (forKey !== undefined && withinKey !== undefined && !hasGate) {
    throw source.error(
      [...place, withinKey],
      `beside ${forKey}: one is a normal end, the other a deadline; both only with gate`,
    );
  }
  if (hasGate && withinKey === undefined) {
    throw source.error(
      [...place, 'gate'],
      'may stay closed for ever, expected within_min or the like beside it',
    );
  }
  if ('otherwise' in keys && withinKey === undefined) {
    throw source.error(
      [...place, 'otherwise'],
      'is for a deadline that passes, expected within_min or the like',
    );
  }
  if (find('exact') !== undefined && forKey === undefined) {
    const at = [...place, find('exact') ?? ''];
    throw source.error(at, 'is the allowed error of a duration, expected for_s or the like beside it');
  }
  const at = [...place, kind.key];
  if (kind.ends === 'deadline' && withinKey === undefined) {
    throw source.error(at, `has no deadline, expected within_min or the like (${kind.example})`);
  }
  const isBound = kind.ends === 'bound' || (kind.ends === 'data' && !endsWithData(step, ending));
  if (isBound && forKey === undefined && withinKey === undefined) {
    const alone = 'until' in keys ? 'until alone may never come' : 'this step has no end';
    throw source.error(
      at,
      `${alone}, expected for_s (a normal end) or within_s (a deadline), or in min, h, d`,
    );
  }
  if (isBound && !isLeft && !mayEnd(step)) {
    throw source.error(
      at,
      `no end: ${withinKey} can only stop the run, expected for_s (a normal end) or until (a condition), or otherwise: next`,
    );
  }
  if (kind.key === 'ramp') checkRamp(step, source);
  if (kind.key === 'each') checkLists(step, source);
}

/** `follow` ends by itself where it follows data that end. */
function endsWithData({ place, kind }: StepNode, { expressions, endless, data }: Ending): boolean {
  for (const [, { place: at, syntax }] of expressions) {
    const isInside = place.every((part, i) => at[i] === part) && at[place.length] === kind.key;
    if (!isInside) continue;
    for (const name of namesIn(syntax)) {
      const first = name.split('.')[0];
      if (data.includes(first) && !endless.includes(first)) return true;
    }
  }
  return false;
}

function checkRamp({ keys, place }: StepNode, source: Source): void {
  const own = Object.keys(keys['ramp'] ?? {});
  const ways = own.filter(key => ['per', 'in'].includes(stemOf(key) ?? ''));
  const at = [...place, 'ramp'];
  if (ways.length === 0)
    throw source.error(at, 'no rate and no time, expected per_min or in_min or the like');
  if (ways.length > 1) throw source.error([...at, ways[1]], `beside ${ways[0]}, expected one of them`);
  const pause = own.find(key => stemOf(key) === 'pause');
  if (own.includes('pause_every') !== (pause !== undefined)) {
    const found = pause ?? 'pause_every';
    throw source.error([...at, found], 'expected pause_every and pause_min (or the like) together');
  }
}

function checkLists({ keys, place }: StepNode, source: Source): void {
  const lists = Object.entries(keys['each'] ?? {}).filter(([, list]) => Array.isArray(list));
  const [first, ...rest] = lists;
  for (const [name, list] of rest) {
    const [found, expected] = [list, first[1]].map(l => (Array.isArray(l) ? l.length : 0));
    if (found !== expected) {
      throw source.error(
        [...place, 'each', name],
        `${found} values, but ${first[0]} has ${expected}: lists go in step`,
      );
    }
  }
}
