import { checkExpression, type Expected } from './check.ts';
import { parseExpression } from './parse.ts';
import { ExpressionError } from './problem.ts';
import { ANY_NAME, type Names } from './typed.ts';

/** Whether a name would be taken in the place of a wrong one: a hint proposes nothing else. */
export type Fits = (wrong: string, other: string) => boolean;

/** Nothing is known of the place. */
export const ANY_FITS: Fits = () => true;

/** For the names of one expression: `names` without hints of their own. What else is wrong in it is no matter of the hint. */
export function fitsIn(text: string, expected: Expected, names: Names): Fits {
  return (wrong, other) => {
    const again = text.replace(
      new RegExp(`(?<![\\w.])${wrong.replaceAll('.', '\\.')}(?![\\w.])`, 'g'),
      other,
    );
    const around: Names = {
      find(name) {
        const found = names.find(name);
        return name !== other && 'wrong' in found ? ANY_NAME.find(name) : found;
      },
    };
    try {
      checkExpression(again, parseExpression(again), expected, { names: around });
      return true;
    } catch (error) {
      if (error instanceof ExpressionError) return false;
      throw error;
    }
  };
}
