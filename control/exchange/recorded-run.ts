import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Accuracy } from '../../drivers/contract/device.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import type { Subject } from '../../profiles/recorded-run.ts';
import { onSubject } from '../contract/of-subject.ts';
import { DERIVED_DEVICE, isOwnChannel, METHOD_DEVICE } from '../kinds/derived/kind.ts';
import { openRead } from '../record/damage/find-damage.ts';
import { type DamagedPart, damagedParts, type WhenDamaged } from '../record/damage/marks.ts';
import { recordedEdits, withEdits } from '../record/kinds/edit-kind.ts';
import { devicesOf, FrameReader } from '../record/stretches.ts';
import { type ThinRules, thinRulesOf } from '../record/thin/thin-rules.ts';
import { UtcTable } from '../record/utc.ts';
import { recordedResult } from '../review/recorded-result.ts';
import { type Input, type RunResult, resultSchema } from '../review/result.ts';

/** A run's folder as an export sees it: the record, what made it, and its result. */

/** A recorded run, opened for reading. Close it when done. */
export interface RunSource {
  readonly dir: string;
  /** Name of the folder: what the run is called. */
  readonly name: string;
  /** Path of `run.sqlite`. */
  readonly path: string;
  readonly db: DatabaseSync;
  /** What the record says of itself, by key. */
  readonly meta: ReadonlyMap<string, string>;
  readonly bench: BenchSummary;
  readonly devices: readonly string[];
  /** Second 0 of the record, ms since 1970. */
  readonly started_ms: number;
  /** UTC of its times: the computer's clock may have been set meanwhile. */
  readonly utc: UtcTable;
  /** All files that it was made from, also those that edits of its method brought. */
  readonly inputs: readonly Input[];
  /** What the record concludes; of older ones `result.json`, if there is one and this version understands it. */
  readonly result: RunResult | undefined;
  /** What of the record is damaged and left out; empty unless somebody has asked for the rest. */
  readonly damaged: readonly DamagedPart[];
  reader(device: string): FrameReader;
  close(): void;
}

/** What of a bench file is needed to name what was recorded; another version's file may have more. */
export interface BenchSummary {
  readonly roles: Readonly<Record<string, string>>;
  readonly devices: Readonly<Record<string, { readonly driver: string; readonly stale_after_s: number }>>;
  readonly subject: Subject | undefined;
}

const benchText = z.looseObject({
  roles: z.record(z.string(), z.string()).default({}),
  devices: z
    .record(
      z.string(),
      z.looseObject({ driver: z.string().default(''), stale_after_s: z.number().default(Infinity) }),
    )
    .default({}),
  stack: z.looseObject({}).optional(),
  cell: z.looseObject({}).optional(),
  vessel: z.looseObject({}).optional(),
});
const inputsText = z.array(z.custom<Input>(value => typeof value === 'object' && value !== null));

/** The record of a run that is named by its folder or by the file itself. */
export function recordPath(run: string): string {
  return statSync(run, { throwIfNoEntry: false })?.isDirectory() === true ? join(run, 'run.sqlite') : run;
}

/**
 * Opens a run by its folder or its `run.sqlite`; `mark`: without what of it is damaged. @throws FileError where there is
 * none, or it cannot be read
 */
export function openRunSource(run: string, damaged: WhenDamaged = 'refuse'): RunSource {
  const path = recordPath(run);
  const db = openRead(path, damaged);
  try {
    const rows = db.prepare('SELECT key, value FROM meta').all() as { key: string; value: string }[];
    const meta = new Map(rows.map(({ key, value }) => [key, value]));
    const dir = dirname(resolve(path));
    const started_ms = Date.parse(meta.get('startedUtc') ?? '');
    if (!Number.isFinite(started_ms))
      throw new FileError(path, 0, 'the record does not say when it began, expected startedUtc in its meta');
    const { roles, devices, stack, cell, vessel } = benchText.parse(
      onSubject(parse(meta.get('benchFile') ?? '{}') ?? {}, meta.get('subject')),
    );
    // What was left out by rule is not stale.
    for (const [device, { interval_s }] of Object.entries(thinRulesOf(meta.get('recording'))))
      if (device in devices)
        devices[device].stale_after_s = Math.max(devices[device].stale_after_s, 2 * interval_s);
    return {
      dir,
      name: basename(dir),
      path,
      db,
      meta,
      bench: { roles, devices, subject: subjectOf(stack, cell, vessel) },
      devices: devicesOf(db),
      started_ms,
      utc: new UtcTable(db),
      inputs: withEdits(
        inputsText.safeParse(JSON.parse(meta.get('inputs') ?? '[]')).data ?? [],
        recordedEdits(db),
      ),
      result: recordedResult(db) ?? readResult(join(dir, 'result.json')),
      damaged: damagedParts(db),
      reader: device => new FrameReader(db, device),
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    if (error instanceof FileError) throw error;
    throw new FileError(path, 0, `what it says of its bench cannot be read: ${String(error)}`);
  }
}

function subjectOf(stack?: object, cell?: object, vessel?: object): Subject | undefined {
  if (stack !== undefined) return { kind: 'stack', ...stack } as Subject;
  if (cell !== undefined) return { kind: 'cell', ...cell } as Subject;
  if (vessel !== undefined) return { kind: 'vessel', ...vessel } as Subject;
  return undefined;
}

/** `result.json` as this version understands it; undefined where it is missing or another version's. */
export function readResult(path: string): RunResult | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return resultSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    // Not JSON: it is handed on as it is, and nothing is made of it.
    return undefined;
  }
}

/** By which rules readings of a run were left out, and where it is known of how many; undefined: all were kept. */
export function thinnedOf({ meta, result }: Pick<RunSource, 'meta' | 'result'>): ThinnedRun | undefined {
  const instruments = thinRulesOf(meta.get('recording'));
  if (Object.keys(instruments).length === 0) return undefined;
  const counts = (result?.thinned ?? []).flatMap(({ device, seen, kept }) =>
    seen === null ? [] : [{ device, seen, kept }],
  );
  return { instruments, counts };
}

/** What was left out of a record. */
export interface ThinnedRun {
  readonly instruments: ThinRules;
  /** Readings that were taken, and those of them that were kept; empty where nobody has counted them. */
  readonly counts: readonly { readonly device: string; readonly seen: number; readonly kept: number }[];
}

/** Role of each channel by `device.channel`; of a derived role its channel is the role itself. */
export function rolesByChannel({ bench, devices, reader }: RunSource): Map<string, string> {
  const roles = new Map<string, string>();
  for (const [role, target] of Object.entries(bench.roles)) {
    const [head, tail] = target.split('[]');
    if (tail === undefined) roles.set(target, role);
    else roles.set(`${head}[]${tail}`, role);
  }
  const byChannel = new Map<string, string>();
  for (const device of devices) {
    for (const channel of reader(device).channels) {
      const name = `${device}.${channel}`;
      const role = isOwnChannel(device) ? channel : roles.get(name);
      const member = role ?? roles.get(name.replace(/\[\d+\]/, '[]'));
      if (member !== undefined) byChannel.set(name, member);
    }
  }
  return byChannel;
}

/** Where a role is recorded; undefined where it is not. */
export function placeOfRole(
  { bench, devices, reader }: RunSource,
  role: string,
): { readonly device: string; readonly channel: number } | undefined {
  const own = [DERIVED_DEVICE, METHOD_DEVICE].map(device => `${device}.${role}`);
  for (const target of role in bench.roles ? [bench.roles[role]] : own) {
    const dot = target.indexOf('.');
    const device = target.slice(0, dot);
    const channel = devices.includes(device) ? reader(device).channels.indexOf(target.slice(dot + 1)) : -1;
    if (channel >= 0) return { device, channel };
  }
  return undefined;
}

/** A declared accuracy in JSON, which has no NaN for what is not known. */
export const accuracyText = z
  .object({
    reading_pct: z.number(),
    abs: z.number().nullable(),
    basis: z.enum(['sourced', 'recalled', 'default']),
  })
  .transform((accuracy): Accuracy => ({ ...accuracy, abs: accuracy.abs ?? Number.NaN }));

const rolesText = z.array(z.looseObject({ role: z.string(), accuracy: accuracyText.optional() }));

/** Declared accuracies by role, as the record has them; what JSON cannot say (not known) is NaN. Older records have none. */
export function accuraciesOf({ meta }: Pick<RunSource, 'meta'>): ReadonlyMap<string, Accuracy> {
  const roles = rolesText.safeParse(JSON.parse(meta.get('roles') ?? '[]')).data ?? [];
  return new Map(roles.flatMap(({ role, accuracy }) => (accuracy === undefined ? [] : [[role, accuracy]])));
}
