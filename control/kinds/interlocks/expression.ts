import { z } from 'zod';
import { Evaluator, type ExpressionState } from '../../../profiles/language/evaluate/evaluator.ts';
import { asLimit } from '../../../profiles/language/evaluate/limit.ts';
import { ExpressionError } from '../../../profiles/language/expression/problem.ts';
import type { Tree } from '../../../profiles/language/expression/tree.ts';
import type { Json } from '../../../profiles/steps/step.ts';
import { type Condition, conditionOf, lookedAt, marginOf, marginUnit, rolesIn } from './condition.ts';
import { type BenchLook, common, type InterlockKind } from './kind.ts';
import type { Probe } from './probe.ts';
import { RoleReadings } from './role-readings.ts';

/**
 * A condition over roles, in the language of methods, that must not hold. What cannot be told (a reading that is bad, a
 * division by zero) counts as exceeded, in three values: unless the rest alone decides. An instrument that is silent is
 * exceeded in any case; a window that is not yet full is not. `clear`: the cause counts as gone only where that is known
 * to be true.
 */
const { role: _role, ...everyKind } = common;
const text = z.string({ error: 'expected a condition: "o2.h2_vol_pct > 1 and stack.current_A < 20"' }).min(1);
const schema = z.strictObject({
  kind: z
    .literal('expression')
    .meta({ description: 'a condition over roles, in the language of methods, that must not hold' }),
  ...everyKind,
  when: text.meta({
    description: 'fires where it is true or cannot be told: "o2.h2_vol_pct > 1 and stack.current_A < 20"',
  }),
  clear: text.exactOptional().meta({
    description: 'the cause counts as gone only where this is true; without it where `when` is not',
  }),
});

type Spec = z.infer<typeof schema>;

const orNull = z.number().nullable();
const memory = z.strictObject({
  roles: z.json(),
  /** Time of the last look, s; null: there was none. */
  at_s: orNull,
  conditions: z.array(z.strictObject({ held_s: z.array(z.tuple([orNull, orNull])), from: z.array(orNull) })),
});

export const expression: InterlockKind<typeof schema> = {
  schema,
  check(spec, look) {
    checkOne(spec, 'when', look);
    if (spec.clear !== undefined) checkOne(spec, 'clear', look);
  },
  judged: ({ when, clear = when }, names) => [
    ...new Set([when, clear].flatMap(one => rolesIn(conditionOf(one, names)))),
  ],
  probe(spec, parts, from): Probe {
    const when = conditionOf(spec.when, parts.names);
    const clear = spec.clear === undefined ? undefined : conditionOf(spec.clear, parts.names);
    const saved = from === undefined ? undefined : memory.parse(from);
    const readings = new RoleReadings(clear === undefined ? [when] : [when, clear], parts, saved?.roles);
    const evaluatorOf = (tree: Tree, { slots }: Condition): Evaluator =>
      new Evaluator(
        tree,
        slots.map(slot => readings.placeOf(slot)),
      );
    /** True where it is known to be exceeded; `strict`: also where it cannot be told. */
    const known = evaluatorOf(when.tree, when);
    const strict = evaluatorOf(asLimit(when.tree), when);
    const back = clear === undefined ? undefined : evaluatorOf(clear.tree, clear);
    const marginTree = marginOf(when.tree);
    const margin = marginTree === undefined ? undefined : evaluatorOf(marginTree, when);
    const remembering = back === undefined ? [known, strict] : [known, strict, back];
    const at_s = saved?.at_s ?? Number.NaN;
    const now = Float64Array.of(at_s);
    let isJudged = !Number.isNaN(at_s);
    if (isJudged) {
      remembering.forEach((one, i) => {
        const state = saved?.conditions[i];
        if (state !== undefined) one.restore(state, at_s);
      });
      look();
    }

    function look(): void {
      known.run(readings.row, now);
      strict.run(readings.row, now);
      back?.run(readings.row, now);
      margin?.run(readings.row, now);
    }

    return {
      devices: readings.devices,
      take(frame, active) {
        if (!readings.take(frame)) return false;
        isJudged = true;
        now[0] = frame.t_s;
        look();
        return strict.result === 1 || (active && back !== undefined && back.result !== 1);
      },
      isSilent: now_s => readings.isSilent(now_s),
      describe(now_s) {
        const silent = readings.silence(now_s);
        if (silent !== undefined) return silent;
        if (known.result === 1) return `${spec.when}: ${readings.words()}`;
        const unusable = readings.unusable();
        return unusable === '' ? `${spec.when} cannot be worked out: ${readings.words()}` : unusable;
      },
      reading: () => readings.words(),
      figure() {
        if (!isJudged) return -Infinity;
        if (strict.result === 1 && known.result !== 1) return Infinity;
        if (margin === undefined) return known.result === 1 ? 1 : known.result === 0 ? 0 : -Infinity;
        return Number.isNaN(margin.result) ? -Infinity : margin.result;
      },
      state: () => ({
        roles: readings.state(),
        at_s: isJudged ? now[0] : null,
        conditions: isJudged ? remembering.map(one => jsonOf(one.state(now[0]))) : [],
      }),
    };
  },
  rehearsed({ when }) {
    const unit = marginUnit(when);
    return {
      role: when,
      trips: '>',
      limit: unit === undefined ? 0.5 : 0,
      unit: unit ?? 'on',
      isLevel: false,
      isCondition: true,
      nearness(value, mean, role) {
        const at = lookedAt(when, role);
        if (at === undefined) return 0;
        return at === 'lowest' ? -value : at === 'highest' ? value : Math.abs(value - mean);
      },
    };
  },
};

function jsonOf({ held_s, from }: ExpressionState): Json {
  return { held_s: held_s.map(pair => [...pair]), from: [...from] };
}

/** True or false, of roles that are measured. @throws FileError with the character of what is wrong */
function checkOne(spec: Spec, key: 'when' | 'clear', look: BenchLook): void {
  const written = spec[key] ?? '';
  try {
    const found = conditionOf(written, look.names);
    if (rolesIn(found).length === 0)
      throw look.error(key, `"${written}" looks at no role, expected one: stack.current_A > 20`);
  } catch (error) {
    if (error instanceof ExpressionError) throw look.errorInside(key, error.start, error.message);
    throw error;
  }
}
