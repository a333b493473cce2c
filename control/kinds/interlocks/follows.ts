import { z } from 'zod';
import { unitOf } from '../../../drivers/contract/units.ts';
import { finite, positive, role } from '../../contract/fields.ts';
import { common, type InterlockKind } from './kind.ts';
import { newWatch, note, ofOneRole } from './one-role.ts';
import { show } from './words.ts';

/**
 * Reading against the set point that was applied last: exceeded when they are farther apart than `within` plus
 * `within_pct` of the set value. Nothing applied yet: nothing to judge. While a ramp moves, the applied value moves
 * with it, so the delay must cover what the instrument needs to settle after one step of the ramp, and one poll.
 */
const schema = z.strictObject({
  kind: z.literal('follows').meta({ description: 'a reading that does not follow its set point' }),
  ...common,
  set: role.meta({ description: 'the set point' }),
  within: positive.meta({ description: 'farther apart than this, in the unit of the role' }),
  within_pct: finite.min(0).max(100).default(0).meta({ description: 'and than this part of the set point' }),
  delay_s: positive.meta({ description: 'for so long, s' }),
});

export const follows: InterlockKind<typeof schema> = {
  schema,
  check(spec, look) {
    const shown = look.shown('role', spec.role, true);
    look.settable('set', spec.set);
    if (unitOf(spec.role) !== unitOf(spec.set))
      throw look.error('set', `${spec.set} and ${spec.role}: expected the same unit`);
    const [low, high] = shown.range;
    look.within('within', spec.within, { ...shown, range: [0, high - low] }, spec.role);
  },
  judged: spec => [spec.role],
  applied: spec => [spec.set],
  probe(spec, parts) {
    const measured = parts.single(spec.role);
    const seen = parts.seenOf(measured.device);
    const watch = newWatch(measured);
    let applied = Number.NaN;
    /** By how much reading and set point differ beyond the part that is allowed of the set value. */
    let beyond = Number.NaN;
    return {
      ...ofOneRole(
        measured,
        seen,
        watch,
        () =>
          `${spec.role} = ${show(watch.value, spec.role)} does not follow ${spec.set} = ${show(applied, spec.role)}, allowed are ${show(spec.within + (spec.within_pct / 100) * Math.abs(applied), spec.role)}`,
      ),
      take(frame) {
        watch.reason = '';
        if (!note(watch, frame, measured.first)) return true;
        watch.value = frame.values[measured.first];
        applied = parts.applied(spec.set);
        beyond = Math.abs(watch.value - applied) - (spec.within_pct / 100) * Math.abs(applied);
        return beyond > spec.within;
      },
      reading: () =>
        Number.isNaN(applied)
          ? `${spec.role} = ${show(watch.value, spec.role)}`
          : `${spec.role} = ${show(watch.value, spec.role)} with ${spec.set} = ${show(applied, spec.role)}`,
      figure: () => (watch.reason !== '' ? Infinity : Number.isNaN(beyond) ? -Infinity : Math.max(0, beyond)),
    };
  },
  rehearsed: spec => ({
    role: `${spec.role} from ${spec.set}`,
    trips: '>',
    limit: spec.within,
    unit: unitOf(spec.role) ?? '',
    isLevel: false,
  }),
  // What the plant needs to follow goes with the plant; the instrument's own settling stays real.
  lapse: (spec, { factor }) => ({ delay_s: Math.max(spec.delay_s / factor, Math.min(spec.delay_s, 1)) }),
};
