import { nearest } from '../../drivers/contract/explain.ts';
import { unitOf } from '../../drivers/contract/units.ts';

/** What to write instead of a role that is wrong: the likely ones rather than all of them. Pure. */

/** More names than these are no help. */
const MOST = 8;

const subjectOf = (role: string): string => role.split('.')[0];

/** `(did you mean "room.ventilation_on"?), expected one of ...`: roles of the same subject, else of the same unit. */
export function instead(role: string, known: readonly string[]): string {
  const unit = unitOf(role);
  const near = known.filter(other => subjectOf(other) === subjectOf(role));
  const kin = near.length > 0 ? near : known.filter(other => unit !== undefined && unitOf(other) === unit);
  const shown = (kin.length > 0 ? kin : known).slice(0, MOST);
  const sameUnit = near.filter(other => unit === undefined || unitOf(other) === unit);
  // What measures the same quantity of the same part was meant, however it is spelt.
  const meant = nearest(role, sameUnit, Number.POSITIVE_INFINITY) ?? nearest(role, known);
  const listed = meant === undefined || shown.includes(meant) ? shown : [meant, ...shown];
  const more = known.length > listed.length ? ` (the bench has ${known.length})` : '';
  const hint = meant === undefined ? '' : ` (did you mean "${meant}"?)`;
  return `${hint}, expected one of ${listed.join(', ')}${more}`;
}

/** Every role of a bench with where it comes from: measured, set, derived. */
export function namedRoles(bench: {
  readonly roles: Readonly<Record<string, string>>;
  readonly derived: Readonly<Record<string, unknown>>;
}): Readonly<Record<string, string>> {
  return {
    ...bench.roles,
    ...Object.fromEntries(Object.keys(bench.derived).map(role => [role, `derived.${role}`])),
  };
}

/** Message of a role that the bench file does not map. */
export function unknownRole(role: string, roles: Readonly<Record<string, string>>): string {
  return `the bench maps no role "${role}"${instead(role, Object.keys(roles))}`;
}
