import { parse } from 'yaml';
import { z } from 'zod';
import type { Quantity } from '../../../drivers/contract/units.ts';
import { interlockSchema } from '../../bench/bench.ts';
import { onSubject } from '../../contract/of-subject.ts';
import type { MeasuredRole, RoleTable, SettableRole } from '../../contract/role-table.ts';
import { accuracyText, type RunSource } from '../../exchange/recorded-run.ts';
import { UNKNOWN } from '../../kinds/derived/kind.ts';
import type { ReportBench } from './report-data.ts';

/** The bench that a record was made on, out of the record alone. */

const entries = z.array(
  z.union([
    z.looseObject({
      role: z.string(),
      table: z.string(),
      column: z.string().optional(),
      count: z.number().int(),
      accuracy: accuracyText.optional(),
    }),
    z.looseObject({ role: z.string(), device: z.string(), settable: z.string(), tolerance: z.number() }),
  ]),
);
const file = z.looseObject({ interlocks: z.array(z.unknown()).default([]) });

/** Roles, limits and instruments as the record names them; limits of another version of the bench file are left out. */
export function recordedBench(source: RunSource): ReportBench {
  const text = file.safeParse(
    onSubject(parse(source.meta.get('benchFile') ?? '{}'), source.meta.get('subject')),
  );
  const interlocks = (text.data?.interlocks ?? []).flatMap(one => interlockSchema.safeParse(one).data ?? []);
  const devices = new Map(
    source.devices.map(device => [device, { channels: source.reader(device).channels }] as const),
  );
  return { interlocks, roles: rolesOf(source, devices), devices };
}

function rolesOf(
  { meta, bench }: RunSource,
  devices: ReadonlyMap<string, { readonly channels: readonly string[] }>,
): RoleTable {
  const measured = new Map<string, MeasuredRole>();
  const settable = new Map<string, SettableRole>();
  for (const entry of entries.safeParse(JSON.parse(meta.get('roles') ?? '[]')).data ?? []) {
    const { role } = entry;
    if ('settable' in entry) {
      const { device, tolerance } = entry as { device: string; tolerance: number };
      const range = { min: Number.NEGATIVE_INFINITY, max: Infinity, ramp_per_s: undefined };
      settable.set(role, { role, device, key: entry.settable as Quantity, tolerance, ...range });
      continue;
    }
    const { table, count, accuracy = UNKNOWN } = entry as Extract<typeof entry, { table: string }>;
    const device = table.slice('frames_'.length);
    // A derived role is its own channel.
    const column = (entry.column as string | undefined) ?? role;
    const first = devices.get(device)?.channels.indexOf(column) ?? -1;
    if (first < 0) continue;
    const stale_after_s = bench.devices[device]?.stale_after_s ?? Infinity;
    measured.set(role, {
      role,
      device,
      channel: `${device}.${column}`,
      first,
      count,
      accuracy,
      stale_after_s,
    });
  }
  return { measured, settable };
}
