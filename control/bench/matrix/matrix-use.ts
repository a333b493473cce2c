import { z } from 'zod';
import { REACTIONS } from '../../../profiles/steps/recovery.ts';
import { finite, role } from '../../contract/fields.ts';
import { recoverSchema } from '../../kinds/interlocks/recover.ts';
import { MATRIX_NAMES } from './matrix-file.ts';

/** What a bench file says of the matrix that it uses: which, and what it changes. */

const because = z.string().regex(/\S/, 'expected the reason as a text, not blanks');

const change = z.union(
  [
    z.literal('on').meta({ description: 'a row that is off by itself is judged' }),
    z.strictObject({ off: because.meta({ description: 'not judged: the reason' }) }),
    z.strictObject({
      role: role.exactOptional().meta({ description: 'looks at this role instead' }),
      limit: finite.exactOptional(),
      rearm: finite.exactOptional(),
      delay_s: finite.min(0).exactOptional(),
      reaction: z.enum(REACTIONS).exactOptional(),
      recover: recoverSchema.exactOptional(),
      armed: z.string().exactOptional(),
      accepted: because.exactOptional().meta({ description: 'why it may be laxer than the matrix' }),
    }),
  ],
  { error: 'expected on, { off: "<reason>" }, or what is other: { limit: 80, accepted: "<reason>" }' },
);
export type MatrixChange = z.infer<typeof change>;

const named = z
  .string()
  .min(1)
  .meta({ description: `${MATRIX_NAMES.join(', ')}, or a file of one's own` });

/** `pem`, or `{ use: pem, change: { <row>: ... } }`. */
export const matrixSchema = z.union([
  named,
  z.strictObject({
    use: named,
    change: z
      .record(z.string(), change)
      .default({})
      .meta({ description: 'what of it is other here, by row' }),
  }),
]);

/** What the interlocks of a matrix begin with; none of the bench's own may. */
export const MATRIX_PREFIX = 'matrix-';

/** How a row of the matrix stands on a bench. */
export interface MatrixUsed {
  readonly id: string;
  /** Judged as it is, judged otherwise, left to an interlock of the bench, or not watched. */
  readonly is: 'watched' | 'changed' | 'own' | 'not watched';
  /** In words: what is other, by what it is covered, why it is not watched. */
  readonly why: string;
  readonly basis: 'sourced' | 'recalled' | 'default';
  readonly source: string;
}

/** A matrix on a bench. */
export interface MatrixOnBench {
  /** `limits/pem`, or the file. */
  readonly path: string;
  /** Where it lies. */
  readonly file: string;
  readonly rows: readonly MatrixUsed[];
}
