import { subjectOf } from './bench.ts';
import type { BenchOfAll, LoadedBench } from './bench-file.ts';

/**
 * Why the subjects of a bench cannot be under way at the same time; empty: they can. A safe state leaves what another run
 * needs: whatever switches a subject off, or proves that it is off, must be an instrument of its own.
 */
export function againstSharing({ benches, shared }: BenchOfAll): string {
  if (benches.every(({ subject }) => subject === undefined)) return 'it has one subject without a name';
  const [first] = benches;
  for (const one of benches) {
    const role = ownRoleOnShared(one, shared);
    if (role !== undefined)
      return `${role} of ${one.subject} is on ${deviceOf(one, role)}, which all subjects use: it could not go off alone`;
    const moved = movedOnShared(one, shared);
    if (moved !== undefined)
      return `${moved}, which all subjects use, is set by a hold or a suspension of one of them`;
    if (JSON.stringify(one.bench.guard) !== JSON.stringify(first.bench.guard))
      return `guard of ${one.subject} is not that of ${first.subject}: one guard watches for all`;
  }
  return '';
}

/** A role of the subject that is set, or that proves its safe state, on a device of the bench. */
function ownRoleOnShared(
  { bench, descriptions }: LoadedBench,
  shared: readonly string[],
): string | undefined {
  const { kind } = subjectOf(bench);
  const proving = bench.safeState.proof.map(({ role }) => role.replace(/\.(min|mean|max)$/, ''));
  return Object.entries(bench.roles).find(([role, target]) => {
    if (!role.startsWith(`${kind}.`)) return false;
    const dot = target.indexOf('.');
    const device = target.slice(0, dot);
    if (!shared.includes(device)) return false;
    const key = target.slice(dot + 1);
    const isSet = descriptions.get(device)?.settables.some(({ name }) => name === key) === true;
    return isSet || proving.includes(role);
  })?.[0];
}

/** A role of the bench that a hold or a suspension of one run would move under the others. */
function movedOnShared(loaded: LoadedBench, shared: readonly string[]): string | undefined {
  const { hold, interlocks } = loaded.bench;
  const roles = [
    ...Object.keys(hold),
    ...interlocks.flatMap(({ recover }) => Object.keys(recover?.set ?? {})),
  ];
  return roles.find(role => shared.includes(deviceOf(loaded, role)));
}

/** The device behind a role of the bench; empty: none. */
export function deviceOf({ bench }: LoadedBench, role: string): string {
  return (bench.roles[role] ?? '').split('.')[0];
}
