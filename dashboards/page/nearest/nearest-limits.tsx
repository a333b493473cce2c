import type { NearLimit, RoleValue } from '../../../control/view.ts';
import { words } from '../words/language.ts';
import { roleName } from '../words/roles/role-words.ts';
import { textsOf } from './near-facts.ts';

/** How far each reaction reaches, with a digit and a shape, so that a colour never says it alone. */
export const MARKS = { trip: '◆1', stop: '■2', suspend: '▲3', hold: '▲3', warn: '●4' } as const;

interface NearestProps {
  readonly nearest: readonly NearLimit[];
  readonly roles: readonly RoleValue[];
}

/** The limits that are nearest, those that have fired on top: value, limit, how far, and how soon. */
export function NearestLimits({ nearest, roles }: NearestProps) {
  const say = words().nearest;
  return (
    <section class="panel nearest" aria-label={say.title}>
      <h2>{say.title}</h2>
      {nearest.length === 0 ? (
        <p class="none">{say.none}</p>
      ) : (
        <ol>
          {nearest.map(near => (
            <Row key={near.id} near={near} roles={roles} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Row({ near, roles }: { readonly near: NearLimit; readonly roles: readonly RoleValue[] }) {
  const { id, reaction, is, trips, limit } = near;
  const { value, unit, left, margin } = textsOf(near, roles);
  return (
    <li
      class={is === 'near' ? '' : `is-${is} ${reaction}`}
      title={`${id}: ${words().reactions[reaction]} ${trips} ${limit}`}
    >
      <span class="near-name">
        <b>{MARKS[reaction]}</b> {nameOf(near)}
      </span>
      <span class="near-value">
        {value} <small>{unit}</small>
      </span>
      <span class="near-left">{left}</span>
      <span class="near-margin">{margin}</span>
      <span class="near-bar" aria-hidden="true">
        <i style={{ width: `${100 * Math.min(1, Math.max(0, near.way_frac ?? 0))}%` }} />
      </span>
    </li>
  );
}

/** What is looked at in words, of an array with the number of its member; a whole condition as it stands. */
function nameOf({ role, of, member }: NearLimit): string {
  const number = /\[(\d+)\]$/.exec(member ?? '')?.[1];
  const { compared } = words().nearest;
  const kind = of.kind as keyof typeof compared;
  const first = of.role === '' ? role : roleName(of.role);
  const name = compared[kind]?.(first, of.other === undefined ? '' : roleName(of.other)) ?? first;
  return number === undefined ? name : `${name} #${number}`;
}
