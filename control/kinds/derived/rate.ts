import { z } from 'zod';
import { QUALITY } from '../../../drivers/contract/frame.ts';
import { UNITS } from '../../../drivers/contract/units.ts';
import { positive, role } from '../../contract/fields.ts';
import { SlopeRing } from '../slope-ring.ts';
import { ANY, type DerivedKind, differenceUnit, isRead, newOutput, say, UNKNOWN } from './kind.ts';

/** Change of a role over the last over_s seconds, per minute. */
const schema = z.strictObject({
  kind: z.literal('rate').meta({ description: 'slope of a role' }),
  of: role.meta({ description: 'the role that it is worked out of' }),
  over_s: positive.meta({ description: 'over so long, s' }),
});

export const rate: DerivedKind<typeof schema> = {
  schema,
  takes: 'single',
  sources: ({ of }) => ({ of }),
  unit: of => UNITS.find(unit => unit === `${differenceUnit(of)}_per_min`),
  range: () => ANY,
  accuracy: () => UNKNOWN,
  settles_s: spec => spec.over_s / 2,
  open(spec, [of], from) {
    const out = newOutput();
    const ring = new SlopeRing(spec.over_s, from);
    return {
      out,
      take(frame) {
        if (!isRead(out, of, frame, of.first)) return;
        const slope = ring.take(frame.t_s, frame.values[of.first]);
        if (!Number.isNaN(slope)) {
          say(out, slope, frame.quality[of.first]);
          return;
        }
        out.value = Number.NaN;
        out.quality = QUALITY.bad;
        out.reason = `${of.role} has not been read for half of ${spec.over_s} s yet`;
      },
      state: () => ring.state(),
    };
  },
  lapse: (spec, { factor, poll_s }) => ({ over_s: Math.max(spec.over_s / factor, 10 * poll_s) }),
};
