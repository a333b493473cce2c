import type { NearLimit } from '../../../control/view.ts';
import { shownUnit } from '../chart-groups.ts';
import { words } from '../words/language.ts';
import { differenceUnit, localDigits, localUnit, localValue } from '../words/number.ts';
import { roleName } from '../words/role-words.ts';

/** How far each reaction reaches, with a digit and a shape, so that a colour never says it alone. */
export const MARKS = { trip: '◆1', stop: '■2', suspend: '▲3', hold: '▲3', warn: '●4' } as const;

/** The limits that are nearest, those that have fired on top: value, limit, how far, and how soon. */
export function NearestLimits({ nearest }: { readonly nearest: readonly NearLimit[] }) {
  const say = words().nearest;
  return (
    <section class="panel nearest" aria-label={say.title}>
      <h2>{say.title}</h2>
      {nearest.length === 0 ? (
        <p class="none">{say.none}</p>
      ) : (
        <ol>
          {nearest.map(near => (
            <Row key={near.id} near={near} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Row({ near }: { readonly near: NearLimit }) {
  const { id, reaction, role, unit, trips, limit, is, value, margin } = near;
  const { unit: shown, factor } = shownUnit({ role, unit });
  const text = (v: number | null): string => (v === null ? '–' : localValue(v * factor, shown));
  return (
    <li class={is === 'near' ? '' : `is-${is} ${reaction}`} title={`${id}: ${words().reactions[reaction]}`}>
      <span class="near-name">
        <b>{MARKS[reaction]}</b> {nameOf(near)}
      </span>
      <span class="near-value">
        {text(value)} {trips} {limitText(limit * factor)}{' '}
        <small>{OF_DIFFERENCE.has(near.of.kind) ? differenceUnit(shown) : localUnit(shown)}</small>
      </span>
      <span class="near-left">{leftOf(near)}</span>
      <span class="near-margin">{margin === null ? '' : `${words().nearest.margin} ${text(margin)}`}</span>
      <span class="near-bar" aria-hidden="true">
        <i style={{ width: `${100 * Math.min(1, Math.max(0, near.way_frac ?? 0))}%` }} />
      </span>
    </li>
  );
}

/** As the bench file has it, with the signs of the language. */
function limitText(limit: number): string {
  return localDigits(String(Number(limit.toPrecision(6)))).replace('-', '\u2212');
}

/** What these compare with their limit is no value but how far two are apart. */
const OF_DIFFERENCE: ReadonlySet<string> = new Set([
  'difference',
  'rate',
  'spread',
  'follows',
  'curve',
  'residual',
]);

/** What is looked at in words, of an array with the number of its member; a whole condition as it stands. */
function nameOf({ role, of, member }: NearLimit): string {
  const number = /\[(\d+)\]$/.exec(member ?? '')?.[1];
  const { compared } = words().nearest;
  const kind = of.kind as keyof typeof compared;
  const first = of.role === '' ? role : roleName(of.role);
  const name = compared[kind]?.(first, of.other === undefined ? '' : roleName(of.other)) ?? first;
  return number === undefined ? name : `${name} #${number}`;
}

function leftOf({ is, toLimit_s, way_frac }: NearLimit): string {
  const say = words().nearest;
  if (is === 'fired') return say.fired;
  if (is === 'unusable') return say.unusable;
  if (toLimit_s !== null)
    return say.in(`${Math.floor(toLimit_s / 60)}:${String(Math.floor(toLimit_s % 60)).padStart(2, '0')}`);
  return way_frac === null ? '' : say.way(Math.max(0, Math.round(100 * way_frac)));
}
