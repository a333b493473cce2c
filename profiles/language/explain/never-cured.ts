import { dotted, type Place } from '../../../drivers/contract/explain.ts';
import { valueIn } from '../bench/constants.ts';
import type { ResolvedExpression } from '../bench/on-bench.ts';
import type { Context, Plan, PlannedStep, Visit } from '../bench/plan.ts';
import { Evaluator } from '../evaluate/evaluator.ts';
import { bareOf } from '../evaluate/limit.ts';
import { converted } from '../units/unit.ts';
import { valuesSetBy } from './set-values.ts';

/**
 * Limits that suspend where a step itself asks for a load beyond them: the load comes back to what the step asks for, so
 * that no recovery ever cures them.
 */

/** Limits of a file, a phase, a block or a step. */
interface Around {
  readonly context: Context;
  readonly limits: unknown;
  readonly place: Place;
}

const LOAD = /^(stack|cell)\.(current|voltage|voltageMax|voltageMin|power)Set_/;
const SET = /(Max|Min)?Set_/;
const NOW = Float64Array.of(0);

/** One line for each such limit and step; only what is known before the run. */
export function neverCured(plan: Plan): readonly string[] {
  const { head } = plan;
  const own = limitsOf(head, head.file.head['limits'], ['limits']);
  const lines = plan.phases.flatMap(({ steps, reentry }, i) => {
    const phase = head.file.phases[i];
    return linesIn(
      [...steps, ...reentry],
      [...own, ...limitsOf(head, phase?.limits, [...(phase?.place ?? []), 'limits'])],
    );
  });
  return [...new Set([...lines, ...linesIn(plan.finally, own)])];
}

function limitsOf(context: Context, limits: unknown, place: Place): readonly Around[] {
  return Array.isArray(limits) ? [{ context, limits, place }] : [];
}

function linesIn(steps: readonly PlannedStep[], around: readonly Around[]): readonly string[] {
  return steps.flatMap(planned => {
    const { step, inside } = planned;
    const all = [...around, ...limitsOf(planned, step.keys['limits'], [...step.place, 'limits'])];
    return [...linesOf(planned, all), ...inside.flatMap(list => linesIn(list.steps, all))];
  });
}

function linesOf(planned: PlannedStep, around: readonly Around[]): readonly string[] {
  const asked = valuesSetBy(planned).filter(({ role, place }) => {
    const target = planned.on.sets.get(dotted(place));
    // What stands beside it is the most that may flow, not what is asked for.
    return LOAD.test(role) && target?.beside?.role !== role;
  });
  if (asked.length === 0) return [];
  return around.flatMap(({ context, limits, place }) =>
    (limits as readonly Readonly<Record<string, unknown>>[]).flatMap((limit, i) => {
      const at = [...place, i, 'when'];
      const when = context.on.expressions.get(dotted(at));
      if (limit['then'] !== 'suspend' || when === undefined) return [];
      const found = asked.find(({ role, values }) =>
        values.some((value, k) =>
          isBeyond(when, role.replace(SET, '_'), value, context.visits[k] ?? context.visits[0]),
        ),
      );
      if (found === undefined) return [];
      const { file } = context;
      return [
        `${file.path}:${file.errors.lineOf(at)}: suspends where ${when.text}, but the step at line ${planned.file.errors.lineOf(planned.step.place)} itself asks for that: whenever it goes on it comes back to it, until the run trips`,
      ];
    }),
  );
}

/** True where the condition holds with what is asked of this role, whatever everything else reads. */
function isBeyond(when: ResolvedExpression, role: string, value: number, visit: Visit | undefined): boolean {
  if (visit === undefined || !when.slots.some(slot => slot.from === 'role' && slot.role === role))
    return false;
  const values = when.slots.map(slot =>
    slot.from === 'role' && slot.role === role ? converted(value, slot.to) : valueIn(slot, visit.known),
  );
  const evaluator = new Evaluator(
    bareOf(when.tree),
    values.map((_, first) => ({ first, count: 1 })),
  );
  evaluator.run(Float64Array.from(values), NOW);
  return evaluator.result === 1;
}
