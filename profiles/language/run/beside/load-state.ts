import type { LanguageEnv } from '../env.ts';
import type { Lane } from '../lane.ts';
import type { MethodEvents } from '../method-events.ts';
import type { OpenStep } from '../open-step.ts';
import { anyRuns } from './any-runs.ts';

/** What the steps under way mean for the output beside what they set: its tags, and that a cell rests between them. */

/** Tags of the steps and blocks under way, and `load` while the device under test carries it; anew only where one changes. */
export class Tags {
  /** As they were told last. */
  told: readonly string[] = [];
  #known: readonly string[] | undefined;
  #isLoaded = false;

  /** A step or block has begun or ended. */
  forget(): void {
    this.#known = undefined;
  }

  /** Tells them where they have changed. */
  show(lane: Lane, env: LanguageEnv, events: Pick<MethodEvents, 'tags'>): void {
    const tags = this.#of(lane, env);
    if (tags.length === this.told.length && tags.every((tag, i) => tag === this.told[i])) return;
    this.told = tags;
    events.tags(tags);
  }

  #of(lane: Lane, env: LanguageEnv): readonly string[] {
    const isLoaded = isUnderLoad(lane, env);
    if (this.#known !== undefined && isLoaded === this.#isLoaded) return this.#known;
    const found = new Set<string>();
    addTags(lane, found);
    for (const { instruction } of lane.frames) for (const tag of instruction.tags) found.add(tag);
    if (isLoaded) found.add('load');
    this.#known = [...found];
    this.#isLoaded = isLoaded;
    return this.#known;
  }
}

function addTags({ step, lanes }: Lane, found: Set<string>): void {
  if (step !== undefined) for (const tag of step.instruction.tags) found.add(tag);
  for (const lane of lanes) addTags(lane, found);
}

/** A run begins from the safe state: nothing flows until the output is on. */
function isUnderLoad(lane: Lane, env: LanguageEnv): boolean {
  if (env.output === undefined || env.applied(env.output.roles.output) !== 1 || !env.isLoaded()) return false;
  // A profile carries load once its least load has been asked for.
  return !anyRuns(lane, carriesNone);
}

const carriesNone = ({ action }: OpenStep): boolean => action.isLoad === false;
const drives = (step: OpenStep): boolean => step.drivesOutput;

/** A cell rests as soon as no electrical step runs: a discharge never goes on through a wait. */
export function restUnlessDriven(lane: Lane, env: LanguageEnv): void {
  const { output } = env;
  if (output === undefined || output.subject !== 'cell') return;
  if (anyRuns(lane, drives)) return;
  const role = output.roles.output;
  if (env.applied(role) === 0 || env.answer(role).asked === 0) return;
  env.ask(role, 0, 'rest');
}
