import type { At, Ledger } from '../ledger.ts';
import {
  inAmpere,
  type PlainEnd,
  type PlainMethod,
  type PlainNode,
  type PlainStep,
  tidy,
} from '../plain-step.ts';
import { TITLES } from '../table.ts';

/** What several writers need: a cccv as two steps, currents in A, directions. */

/** What a writer is given beside the method. */
export interface Writing {
  readonly ledger: Ledger;
  /** The file that is written in another language, as it stands on disk. */
  readonly source: { readonly path: string; readonly text: string };
  /** Data files that the method names. */
  readonly dataFiles: readonly string[];
  /** Seconds since 1970. */
  readonly utc_s: number;
}

/** The current until the voltage is there, then that voltage, each with the whole time as its bound. */
export function splitCccv(step: PlainStep): readonly [PlainStep, PlainStep] {
  const { current, voltage_V = 0, id, name, ...common } = step;
  const is = (current?.value ?? 0) > 0 ? 'above' : 'below';
  const reached: PlainEnd = { quantity: 'voltage', is, amount: { value: voltage_V, unit: 'V' } };
  return [
    {
      ...common,
      ...(id === undefined ? {} : { id }),
      ...(name === undefined ? {} : { name }),
      ...(current === undefined ? {} : { current }),
      kind: 'cc',
      ends: [reached],
    },
    { ...common, kind: 'cv', voltage_V, way: directionOf(step) },
  ];
}

/** All nodes with each cccv as two steps. */
export function withoutCccv(nodes: readonly PlainNode[]): readonly PlainNode[] {
  return nodes.flatMap((node): readonly PlainNode[] => {
    if (node.kind === 'loop') return [{ ...node, steps: withoutCccv(node.steps) }];
    return node.kind === 'cccv' ? splitCccv(node) : [node];
  });
}

/** +1 charges, -1 discharges, 0 neither. */
export function directionOf({ current, power_W, resistance_Ohm }: PlainStep): number {
  if (resistance_Ohm !== undefined) return -1;
  return Math.sign(current?.value ?? power_W ?? 0);
}

/**
 * Which way the current of a step flows, where a cycler must be told it: by what it drives, by the sign of the current that
 * ends it, else as in the step before (`way`). Nobody says it of a voltage without these: written as a charge, a difference.
 */
export function flowOf(step: PlainStep, way: number, ledger: Ledger): number {
  const said = step.ends.map(({ isIn, isOut }) => Number(isIn === true) - Number(isOut === true));
  const found = directionOf(step) || said.find(one => one !== 0) || way;
  if (found !== 0 || step.kind !== 'cv') return found || 1;
  ledger.differ(step.at, 'is written as a charge: nothing before it says which way its current flows');
  return 1;
}

/** A voltage end that goes the way of the current: such a one needs no direction. */
export function isTheWayOf(end: PlainEnd, step: PlainStep): boolean {
  const way = directionOf(step);
  return way !== 0 && (end.is === 'above') === way > 0;
}

/**
 * An end by a current or charge of one direction alone, where the step itself does not say which way its current flows:
 * elsewhere it comes by the size. One that has become large comes there with a current that flows the other way, too; one that
 * has become small comes here at once with such a current. A difference.
 */
export function ofEitherSign(end: PlainEnd, step: PlainStep, at: At, ledger: Ledger): void {
  const { quantity, is, isIn = false, isOut = false } = end;
  if (!(isIn || isOut) || (step.way ?? directionOf(step)) !== 0) return;
  const [flows, other] = isIn ? ['in', 'out'] : ['out', 'in'];
  const title = TITLES[ledger.format];
  if (is === 'above')
    ledger.differ(
      at,
      `ends by a ${quantity} that flows ${flows}: ${title} looks at its size, so that one that flows ${other} ends it too`,
    );
  else if (quantity === 'current')
    ledger.differ(
      at,
      `ends here at once by any current that flows ${other}: ${title} looks at its size alone, as abs(cell.current_A) does`,
    );
}

/** Where a step says how it ends. */
export function untilAt({ at: { file, place } }: PlainStep): At {
  return { file, place: [...place.slice(0, -1), 'until'] };
}

/** Error that a step cannot end so in the other language. */
export function noSuchEnd(ledger: Ledger, step: PlainStep, what: string): Error {
  return ledger.refused(untilAt(step), `${TITLES[ledger.format]} ends this step only by ${what}`);
}

/** A current in A. @throws LanguageError where it needs a capacity that nobody has said */
export function ampere(
  step: PlainStep,
  amount: { readonly value: number; readonly unit: string },
  method: PlainMethod,
): number {
  const found = inAmpere(amount, method.capacity_Ah);
  if (found !== undefined) return found;
  const what = 'C needs the capacity here, expected --capacity AH or --bench BENCH';
  throw step.at.file.errors.error(step.at.place, what);
}

/** The time of a step that has one, s; a bound that was only added when a foreign file was read counts as none. */
export function timeOf(step: PlainStep): number | undefined {
  const { bound, ends, kind } = step;
  const endsWithout = ends.length > 0 || kind === 'eis';
  return bound === undefined || (bound.isAdded && endsWithout) ? undefined : bound.s;
}

/**
 * A number with so many digits behind the point, as a fixed format has them. What is rounded away is a difference where
 * it is more than one part in a thousand.
 */
export function fixed(value: number, digits: number, step: PlainStep, ledger: Ledger): string {
  const text = value.toFixed(digits);
  if (Math.abs(Number(text) - value) > 1e-3 * Math.abs(value))
    ledger.differ(step.at, `${tidy(value)} stands there as ${text}`);
  return text;
}

/** Text inside XML. */
export function xmlText(text: string): string {
  return text
    .replaceAll(/\p{Cc}/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** Rules of recording that a format needs, else a difference: every second. */
export function every_s(method: PlainMethod, ledger: Ledger): number {
  const found = method.record?.every_s;
  if (found !== undefined) return found;
  ledger.differ(
    method.record?.at ?? method.at,
    `no record.every_s, which ${TITLES[ledger.format]} needs: a row each second is written`,
  );
  return 1;
}
