import type { Place } from '../../../drivers/contract/explain.ts';
import { stemOf } from '../file/keys.ts';
import type { LanguageFile } from '../file/nodes.ts';
import { constantAt } from './constants.ts';
import type { Plan, PlannedStep } from './plan.ts';
import { secondsOf } from './times.ts';

/** A step whose duration may be wrong by so much only, s. */
export interface ExactStep {
  readonly file: LanguageFile;
  /** Of its `exact_`. */
  readonly place: Place;
  readonly exact_s: number;
  /** How long it lasts. */
  readonly for_s: number;
  readonly isElectrical: boolean;
}

/** Every step with `exact_`, each time that it is gone through; what is known only in the run is left out. */
export function exactSteps({ phases, finally: last }: Plan): readonly ExactStep[] {
  const found: ExactStep[] = [];
  const take = ({ step, file, on, visits, inside }: PlannedStep): void => {
    const { keys, place, kind } = step;
    const key = (stem: string): string | undefined => Object.keys(keys).find(k => stemOf(k) === stem);
    const [exact, lasts] = [key('exact'), key('for')];
    if (exact !== undefined && lasts !== undefined) {
      for (const { known } of visits) {
        const [exact_s, for_s] = [exact, lasts].map(
          name => constantAt([...place, name], keys[name], on, known) * secondsOf(name),
        );
        const at = [...place, exact];
        if (Number.isFinite(exact_s) && Number.isFinite(for_s))
          found.push({ file, place: at, exact_s, for_s, isElectrical: kind.isElectrical === true });
      }
    }
    for (const { steps } of inside) steps.forEach(take);
  };
  for (const { steps, reentry } of phases) [...steps, ...reentry].forEach(take);
  last.forEach(take);
  return found;
}
