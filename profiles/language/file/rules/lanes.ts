import type { Place } from '../../../../drivers/contract/explain.ts';
import { splitName } from '../../units/names.ts';
import { isRole } from '../keys.ts';
import { allSteps, type LanguageFile, type StepNode, topLists } from '../nodes.ts';

/** What the lists of a together drive. */

/** Set points of what is under test, however they are named: whoever sets one of them drives the output. */
const OF_OUTPUT =
  /^(cell|stack)\.(output|mode|current|voltage|power|resistance|voltageMax|voltageMin)(Set)?$/;

/** What a step sets: its roles, and "the output" of a supply. */
function drivenBy(step: StepNode): readonly (readonly [what: string, key: string])[] {
  const { kind, keys } = step;
  const own = Object.keys(typeof kind.own === 'object' ? (keys[kind.key] ?? {}) : {});
  const roles = kind.key === 'set' || kind.key === 'ramp' || kind.key === 'follow' ? own.filter(isRole) : [];
  const isLoad =
    kind.isElectrical === true ||
    own.some(key => ['current', 'voltage', 'power'].includes(splitName(key)?.stem ?? ''));
  const drivesOutput = isLoad && roles.length === 0;
  return [
    ...roles.map(role => {
      const stem = splitName(role)?.stem ?? role;
      return [OF_OUTPUT.test(stem) ? 'the output' : stem, role] as const;
    }),
    ...(drivesOutput ? [['the output', ''] as const] : []),
  ];
}

/** Finds the file of a procedure that a step calls. */
export type FindCalled = (step: StepNode) => LanguageFile | undefined;

/**
 * No role is driven by two lists of a together; of what a list calls all is looked at, wherever it stands there. `called`:
 * undefined as long as the procedures have not been read. @throws FileError at the second one
 */
export function checkLanes(
  source: LanguageFile['errors'],
  together: StepNode,
  called: FindCalled = () => undefined,
): void {
  const taken = new Map<string, number>();
  together.lanes.forEach((lane, i) => {
    const take = (what: string, at: Place, by: string): void => {
      const other = taken.get(what) ?? i;
      if (other !== i)
        throw source.error(
          at,
          `${by}list ${other + 1} of together drives ${what} already, expected it in one list`,
        );
      taken.set(what, i);
    };
    for (const step of allSteps(lane)) {
      for (const [what, key] of drivenBy(step))
        take(what, [...step.place, step.kind.key, ...(key === '' ? [] : [key])], '');
      const procedure = called(step);
      for (const what of procedure === undefined ? [] : drivenIn(procedure, called))
        take(what, [...step.place, 'call'], `${procedure?.name} drives ${what}, and `);
    }
  });
}

/** All that a procedure drives, and what it calls. */
function drivenIn(file: LanguageFile, called: FindCalled): ReadonlySet<string> {
  const steps = topLists(file).flatMap(list => [...allSteps(list)]);
  return new Set(
    steps.flatMap(step => {
      const procedure = called(step);
      const own = drivenBy(step).map(([what]) => what);
      return procedure === undefined ? own : [...own, ...drivenIn(procedure, called)];
    }),
  );
}
