import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { z } from 'zod';
import type { ValuesAsked } from '../../../dashboards/door/lab/values-asked.ts';
import { LabRefusal } from '../../../dashboards/door/lab.ts';
import { ofRun } from '../../../dashboards/of-run.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../exchange/layout.ts';
import { makeExport } from '../export/make-export.ts';
import { refusalOf, troubleOf } from './findings.ts';
import type { LabPlace } from './place.ts';

/** What is taken from a run for others: values of one under way, exports of one that is over. */

const exportName = z.enum(EXPORT_FORMATS);
/** A page takes so many roles and columns at a time. */
const PAGE_ROLES = 64;
const PAGE_COLUMNS = { least: 10, most: 4000 };
const ANSWER_MS = 20_000;
const MOST_EXPORTS = 2;
const MOST_FILES = 10_000;
const answerSchema = z.array(z.looseObject({ role: z.string() }));
const timeSchema = z.looseObject({ run: z.looseObject({ time_s: z.number() }) });
const errorSchema = z.looseObject({ error: z.string() });

/** Values of a run under way, from its own page: what is not sealed yet only it knows. Rejects with LabRefusal. */
export async function liveValues(page: string, asked: ValuesAsked): Promise<Record<string, unknown>> {
  const { roles, from_s = 0, most } = asked;
  const to_s = asked.to_s ?? timeSchema.parse(await fromPage(page, new URL('api/snapshot', page))).run.time_s;
  if (to_s <= from_s) return { from_s, to_s, values: [] };
  const columns = Math.max(PAGE_COLUMNS.least, Math.min(most, PAGE_COLUMNS.most));
  const values: unknown[] = [];
  for (let at = 0; at < roles.length; at += PAGE_ROLES) {
    const some = roles.slice(at, at + PAGE_ROLES).join(',');
    const url = new URL('api/window', page);
    for (const [key, value] of Object.entries({ roles: some, from_s, to_s, columns }))
      url.searchParams.set(key, String(value));
    values.push(...answerSchema.parse(await fromPage(page, url)));
  }
  return { from_s, to_s, values };
}

async function fromPage(page: string, url: URL): Promise<unknown> {
  let reply: Response;
  let answer: unknown;
  try {
    reply = await fetch(url, { headers: ofRun(page), signal: AbortSignal.timeout(ANSWER_MS) });
    answer = await reply.json();
  } catch {
    throw new LabRefusal('clash', 'the run does not answer, expected one under way, or over');
  }
  if (reply.ok) return answer;
  const text = errorSchema.safeParse(answer).data?.error ?? `status ${reply.status}`;
  throw new LabRefusal(reply.status === 503 ? 'busy' : 'bad', text);
}

/** Makes exports of runs that are over, each once, beside their records. */
export class Exports {
  readonly #place: LabPlace;
  readonly #making = new Map<string, Promise<unknown>>();

  constructor(place: LabPlace) {
    this.#place = place;
  }

  /** The files of one; it is made where there is none yet. */
  async of(id: string, dir: string, format: string): Promise<{ readonly files: readonly string[] }> {
    const known = formatOf(format);
    const to = this.#place.runDir(id, `export-${known}`);
    if (!isWhole(to)) await this.#make(dir, to, known);
    return { files: filesIn(to) };
  }

  /** A file of one, on this machine. @throws LabRefusal where there is none */
  file(id: string, format: string, file: string): string {
    const to = this.#place.runDir(id, `export-${formatOf(format)}`);
    if (!isWhole(to) || !filesIn(to).includes(file))
      throw new LabRefusal('missing', `${id}: no such file in its export (${format})`);
    const path = join(to, ...file.split('/'));
    if (this.#place.has(path)) return path;
    throw new LabRefusal('missing', `${id}: no such file in its export (${format})`);
  }

  async #make(dir: string, to: string, format: ExportFormat): Promise<void> {
    const under = this.#making.get(to);
    if (under === undefined && this.#making.size >= MOST_EXPORTS)
      throw new LabRefusal('busy', `${MOST_EXPORTS} exports are being made, expected another try later`);
    const making =
      under ??
      makeExport({
        ...{ run: dir, damaged: 'refuse', format, unverified: false, to },
        ...{ decimal: 'point', institution: 'cellbench', licence: '' },
      }).finally(() => this.#making.delete(to));
    this.#making.set(to, making);
    try {
      await making;
    } catch (error) {
      throw refusalOf(troubleOf(error));
    }
  }
}

function formatOf(format: string): ExportFormat {
  const known = exportName.safeParse(format).data;
  if (known !== undefined) return known;
  throw new LabRefusal('missing', `no such form of an export, expected one of ${EXPORT_FORMATS.join(', ')}`);
}

const isWhole = (dir: string): boolean => existsSync(join(dir, 'SHA256SUMS'));

function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter(name => statSync(join(dir, name), { throwIfNoEntry: false })?.isFile() === true)
    .map(name => name.split(sep).join('/'))
    .sort()
    .slice(0, MOST_FILES);
}
