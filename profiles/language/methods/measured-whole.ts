import { pointsText } from '../../../drivers/contract/measure/whole.ts';
import type { RecordedPart } from '../../recorded-run.ts';

/** What measurements by an instrument itself have in common for those who work figures out of them. */
interface Measured {
  readonly name: string;
  readonly start_s: number;
  readonly end_s: number;
  readonly isWhole: boolean;
  readonly asked?: number;
  readonly t_s: Float64Array;
}

/** Those of a part that are whole: of others no figure is worked out. */
export const wholeIn = <M extends Measured>(
  all: readonly M[] | undefined,
  part: RecordedPart,
): readonly M[] => inPart(all, part).filter(({ isWhole }) => isWhole);

/** Why there is no figure: none was measured, or of each how much of it is there. */
export function whyNone(all: readonly Measured[] | undefined, part: RecordedPart, none: string): string {
  const cut = inPart(all, part).filter(({ isWhole }) => !isWhole);
  if (cut.length === 0) return none;
  return cut
    .map(({ name, asked, t_s }) => {
      const points = t_s.length;
      const found =
        asked === undefined || asked < points ? `${points} points` : pointsText({ points, asked });
      return `${name} is not whole: ${found}`;
    })
    .join('; ');
}

function inPart<M extends Measured>(all: readonly M[] | undefined, part: RecordedPart): readonly M[] {
  return (all ?? []).filter(
    ({ start_s, end_s }) => start_s >= part.start_s - 1e-6 && end_s <= part.end_s + 1e-6,
  );
}
