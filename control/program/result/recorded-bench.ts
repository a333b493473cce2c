import { parse } from 'yaml';
import { z } from 'zod';
import type { Quantity } from '../../../drivers/contract/units.ts';
import { benchFileSchema, interlockSchema } from '../../bench/bench.ts';
import { benchFigures } from '../../bench/bench-names.ts';
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
const interlocks = z.array(z.unknown());
const file = z.looseObject({ interlocks: interlocks.default([]) });
/** What stands on the bench, for its figures. */
const subjects = benchFileSchema.pick({ stack: true, cell: true, vessel: true, figures: true }).strip();

/**
 * The bench file of a record as it is with its subject. Its interlocks are those that were in force, rows of a matrix with
 * them, where the record has them: those of earlier versions have not.
 */
export function recordedFile(meta: RunSource['meta']): unknown {
  const read = onSubject(parse(meta.get('benchFile') ?? '{}'), meta.get('subject'));
  const inForce = interlocksInForce(meta);
  return inForce === undefined || typeof read !== 'object' ? read : { ...read, interlocks: inForce };
}

/** Interlocks as they were judged, with the times of a shortened run; undefined: an older record. */
export function interlocksInForce(meta: RunSource['meta']): readonly unknown[] | undefined {
  const text = meta.get('interlocks');
  return text === undefined ? undefined : interlocks.parse(JSON.parse(text));
}

/** Roles, limits and instruments as the record names them; limits of another version of the bench file are left out. */
export function recordedBench(source: RunSource): ReportBench {
  const read = recordedFile(source.meta);
  const known = file.safeParse(read).data?.interlocks ?? [];
  const devices = new Map(
    source.devices.map(device => [device, { channels: source.reader(device).channels }] as const),
  );
  const figures = subjects.safeParse(read).data;
  return {
    interlocks: known.flatMap(one => interlockSchema.safeParse(one).data ?? []),
    roles: {
      ...rolesOf(source, devices),
      ...(figures === undefined ? {} : { figures: benchFigures(figures) }),
    },
    devices,
  };
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
