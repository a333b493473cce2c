import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { damageLine } from '../damage-note.ts';
import type { RunSource } from '../recorded-run.ts';

/**
 * What NIMS's RDE wants beside the data in its mode "rdeformat" (nims-mdpf/rdetoolkit: RDEFormatFileCopier takes files by
 * the name of their folder, models/metadata.py has the form): meta/metadata.json and main_image/.
 */

interface MetaValue {
  readonly value: string | number;
  readonly unit?: string;
}
type Values = Record<string, MetaValue>;

/** RDE refuses longer texts, bytes of UTF-8. */
const LONGEST_VALUE = 1024;

/** Writes them; what is missing, in words. */
export function writeRde(source: RunSource, dir: string, picture: string | undefined): string[] {
  const constant = constants(source);
  const rows = variables(source);
  mkdirSync(join(dir, 'meta'));
  writeJson(join(dir, 'meta/metadata.json'), { constant, variable: rows });
  writeJson(join(dir, 'meta/metadata-def.json'), definitions([constant, ...rows]));
  if (picture === undefined) return ['main_image (the report has no picture, or there is no report)'];
  mkdirSync(join(dir, 'main_image'));
  writeFileSync(join(dir, 'main_image/run.svg'), picture);
  return [];
}

/** What holds for the whole run: what was run on what, and its figures with their units. */
function constants({ name, meta, bench, started_ms, result, damaged }: RunSource): Values {
  const values: Values = {};
  const put = (key: string, value: string | number | null | undefined, unit = ''): void => {
    if (value === null || value === undefined || value === '') return;
    const isLong = typeof value === 'string' && Buffer.byteLength(value) > LONGEST_VALUE;
    const kept = isLong
      ? `${Buffer.from(value)
          .subarray(0, LONGEST_VALUE - 8)
          .toString()}…`
      : value;
    values[key] = unit === '' ? { value: kept } : { value: kept, unit };
  };
  put('run', name);
  for (const key of ['bench', 'method', 'mode', 'software', 'commit', 'operator', 'subject'])
    put(key, meta.get(key));
  put('started', new Date(started_ms).toISOString());
  for (const [key, value] of Object.entries(bench.subject ?? {}))
    if (typeof value === 'string' || typeof value === 'number') put(`sample.${key}`, value);
  put('record', damageLine({ damaged })['record']);
  put('verdict', result?.verdict);
  put('reason', result?.reason);
  for (const { id, phase, value, u95, unit } of result?.kpis ?? []) {
    const key = phase === undefined ? id : `${id} (${phase})`;
    put(key, value, unit);
    put(`${key} u95`, u95, unit);
  }
  return values;
}

/** What differs from measurement to measurement: cycles, and points of curves. */
function variables({ result }: RunSource): Values[] {
  const cycles = result?.tables.find(({ id }) => id === 'cycles');
  const points = (result?.curves ?? []).flatMap(({ phase, points }) =>
    points.map(point => Object.entries({ phase, ...point })),
  );
  const rows = (cycles?.rows ?? []).map(row =>
    row.map((cell, c) => [cycles?.columns[c] ?? '', cell] as const),
  );
  return [...rows, ...points].map(row => {
    const values: Values = {};
    for (const [key, value] of row) if (value !== null) values[key] = { value };
    return values;
  });
}

/** The keys as RDE's dataset template declares them; nobody has translated their names. */
function definitions(all: readonly Values[]): object {
  const found: Record<string, object> = {};
  for (const values of all) {
    for (const [key, { value, unit }] of Object.entries(values)) {
      found[key] ??= {
        name: { ja: key, en: key },
        schema: { type: typeof value },
        ...(unit === undefined ? {} : { unit }),
      };
    }
  }
  return found;
}

function writeJson(path: string, content: object): void {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}
