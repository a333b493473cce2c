import type { BenchRole } from '../../../dashboards/door/lab.ts';
import type { LoadedBench } from '../../bench/bench-file.ts';
import { shownUnit } from '../../contract/shown-unit.ts';
import { compileRoles } from '../../tick/roles.ts';

/** The roles of a bench with one of its subjects: what is measured, then what can be set. */
export function benchRoles({ bench, descriptions, subject = '' }: LoadedBench): BenchRole[] {
  const { measured, settable } = compileRoles(bench, descriptions);
  return [
    ...[...measured.values()].map(({ role, device, first, count, words }) => {
      const [min, max] = descriptions.get(device)?.channels[first]?.range ?? [null, null];
      const own = { min: finite(min), max: finite(max), members: count, isSet: false };
      return { role, subject, unit: shownUnit(role), ...own, words: { ...words } };
    }),
    ...[...settable.values()].map(({ role, min, max }) => {
      const own = { min: finite(min), max: finite(max), members: 1, isSet: true };
      return { role, subject, unit: shownUnit(role), ...own, words: {} };
    }),
  ];
}

const finite = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? value : null;
