import type { ExplainedMethod } from '../../../profiles/language/explain/method.ts';
import type { ExplainedStep, ExplainedWay } from '../../../profiles/language/explain/step.ts';

/** What differs between two methods, in the plain words of `explain`. */

interface Line {
  /** As in a table of contents; empty of what is no step. */
  readonly number: string;
  readonly text: string;
}

/** The lines that are not the same, each with `- ` as it was or `+ ` as it is; what stayed is left out. */
export function changedLines(then: ExplainedMethod, now: ExplainedMethod): readonly string[] {
  const [old, other] = [linesOf(then), linesOf(now)];
  const first = old.findIndex((line, i) => line.text !== other[i]?.text);
  const begin = first < 0 ? Math.min(old.length, other.length) : first;
  return inOrder(old.slice(begin), other.slice(begin));
}

function linesOf({ limits, phases, finally: last }: ExplainedMethod): readonly Line[] {
  const limit = (of: string, { when, leads }: ExplainedWay): Line => ({
    number: '',
    text: `limit of the ${of}: ${leads} where ${when}`,
  });
  return [
    ...limits.map(way => limit('method', way)),
    ...phases.flatMap(({ name, limits: own, steps, reentry }) => [
      ...(name === '' ? [] : [{ number: '', text: `phase ${name}` }]),
      ...own.map(way => limit(`phase ${name}`, way)),
      ...steps.flatMap(stepLines),
      ...reentry.flatMap(stepLines).map(line => ({ ...line, text: `after a cut: ${line.text}` })),
    ]),
    ...last.flatMap(stepLines).map(line => ({ ...line, text: `finally: ${line.text}` })),
  ];
}

/** Without number and planned time: these move with what stands before. */
function stepLines({ number, text, times, inside }: ExplainedStep): readonly Line[] {
  const behind = [times === undefined ? '' : `. ${times.text}`, '. Never gone through'].find(
    one => one !== '' && text.endsWith(one),
  );
  const own = text.slice(number.length + 1, text.length - (behind ?? '').length);
  return [{ number, text: own }, ...inside.flatMap(({ steps }) => steps.flatMap(stepLines))];
}

/** By the longest row of lines that both have. */
function inOrder(then: readonly Line[], now: readonly Line[]): readonly string[] {
  const same: Uint32Array[] = Array.from({ length: then.length + 1 }, () => new Uint32Array(now.length + 1));
  for (let i = then.length - 1; i >= 0; i--)
    for (let j = now.length - 1; j >= 0; j--)
      same[i][j] =
        then[i].text === now[j].text ? same[i + 1][j + 1] + 1 : Math.max(same[i + 1][j], same[i][j + 1]);
  const found: string[] = [];
  const said = (sign: '-' | '+', { number, text }: Line): string =>
    `${sign} ${number === '' ? '' : `${number} `}${text}`;
  let [i, j] = [0, 0];
  while (i < then.length || j < now.length) {
    if (i < then.length && j < now.length && then[i].text === now[j].text) {
      i++;
      j++;
    } else if (j >= now.length || (i < then.length && same[i + 1][j] >= same[i][j + 1]))
      found.push(said('-', then[i++]));
    else found.push(said('+', now[j++]));
  }
  return found;
}
