import { type InterlockSpec, interlockSchema } from '../../control/bench/bench.ts';
import type { MeasuredRole, RoleTable } from '../../control/contract/role-table.ts';
import { Interlocks, type Raised } from '../../control/watch/interlocks.ts';
import { QUALITY } from '../../drivers/contract/frame.ts';

/** Interlocks on two hand-made devices: `one` with a value and three cells, `two` with a pressure. */

const role = (name: string, device: string, first: number, count = 1): MeasuredRole => ({
  role: name,
  device,
  channel: `${device}.x`,
  first,
  count,
  accuracy: { reading_pct: 0, abs: 0, basis: 'default' },
  stale_after_s: 3,
});
export const ROLES: RoleTable = {
  measured: new Map(
    [
      role('a.value_V', 'one', 0),
      role('cell.voltage_V[]', 'one', 1, 3),
      role('b.pressure_barg', 'two', 0),
    ].map(r => [r.role, r]),
  ),
  settable: new Map(),
};
export const spec = (fields: object): InterlockSpec =>
  interlockSchema.parse({ id: 'x', basis: 'default', reaction: 'trip', ...fields });

export function bench(...specs: InterlockSpec[]) {
  const raised: Raised[] = [];
  const cleared: string[] = [];
  /** What the gate has applied: to be set by the test. */
  const applied = new Map<string, number>();
  const locks = new Interlocks(specs, ROLES, {
    raised: r => raised.push(r),
    cleared: (id, text) => cleared.push(`${id}: ${text}`),
    failed: error => {
      throw error;
    },
    applied: role => applied.get(role) ?? Number.NaN,
  });
  locks.begin(0);
  const one = (t_s: number, a: number, cells = [1, 1, 1], quality: number = QUALITY.good): void => {
    locks.check({
      device: 'one',
      t_s,
      values: Float64Array.of(a, ...cells),
      quality: new Uint8Array(4).fill(quality),
    });
  };
  const two = (t_s: number, b: number): void => {
    locks.check({ device: 'two', t_s, values: Float64Array.of(b), quality: Uint8Array.of(QUALITY.good) });
  };
  return { applied, locks, raised, cleared, one, two };
}
