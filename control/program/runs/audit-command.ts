import { utcText } from '../../../dashboards/format.ts';
import { openRunSource, type RunSource } from '../../exchange/recorded-run.ts';
import { hasTable } from '../../record/file/has-table.ts';
import { type RecordedEvent, readEvents } from '../../record/recorded-events.ts';
import { verifyRecord } from '../../record/seal/verify.ts';
import { EXIT } from '../result/outcome.ts';
import { runOptions } from './run-options.ts';

/** One thing that somebody did in a run, or that one of its programs did. */
interface Done {
  readonly utc_ms: number;
  readonly who: string;
  readonly text: string;
}

interface SessionRow {
  readonly session: number;
  readonly what: string;
  readonly utc: string;
  readonly pid: number | null;
  readonly host: string | null;
  readonly reason: string | null;
}

/**
 * `cellbench audit RUN`: who did what in a run, out of its sealed record: its operator, the programs that wrote it, commands,
 * words of a person, what was accepted. Returns the exit code: 0, or 1 where the record is not what was sealed.
 */
export async function auditCommand(args: readonly string[]): Promise<number> {
  const { run } = runOptions('audit', args);
  const source = openRunSource(run);
  try {
    const { path, meta, db } = source;
    const done = [...programsOf(source), ...readEvents(db).flatMap(event => doneIn(event, source))];
    console.log(`${path}: operator ${meta.get('operator') ?? 'not named'}`);
    for (const { utc_ms, who, text } of done.toSorted((a, b) => a.utc_ms - b.utc_ms))
      console.log(`${utcText(new Date(utc_ms).toISOString())}  ${who}: ${text}`);
    const review = verifyRecord(path);
    if (review === undefined)
      console.log(`${path}: is of a form without seals: nothing tells whether it was changed`);
    for (const finding of review?.found ?? []) console.log(`${path}: CHANGED: ${finding}`);
    return review !== undefined && review.found.length === 0 ? EXIT.completed : EXIT.notProved;
  } finally {
    source.close();
  }
}

function programsOf({ db }: RunSource): Done[] {
  if (!hasTable(db, 'sessions')) return [];
  const rows = db.prepare('SELECT session, what, utc, pid, host, reason FROM sessions ORDER BY rowid').all();
  return (rows as unknown as SessionRow[]).map(({ session, what, utc, pid, host, reason }) => ({
    utc_ms: Date.parse(utc),
    who: `program ${session}`,
    text:
      what === 'begin'
        ? `begins to write (process ${pid ?? '?'} on ${host ?? '?'})`
        : `ends${reason === null ? '' : `: ${reason}`}`,
  }));
}

/** What somebody did, or accepted; nothing is read out of the text. */
function doneIn(event: RecordedEvent, { utc }: RunSource): Done[] {
  const of = (who: string): Done[] => [{ utc_ms: utc.at(event.t_s), who, text: event.text }];
  const { data } = event;
  if (event.kind === 'accepted') return of('bench file');
  if (event.kind === 'guard') {
    const what = whatOf(data);
    return what === 'acknowledged' ? of('a person') : what === 'acted' ? of('guard') : [];
  }
  if (event.kind === 'resumed') return of('cellbench');
  if (event.kind === 'edit') {
    const { by, from, to, changes } = event.data;
    const sums = `${from.slice(0, 12)} -> ${to.slice(0, 12)}`;
    return [
      { utc_ms: utc.at(event.t_s), who: by, text: [`${event.text}: ${sums}`, ...changes].join('\n    ') },
    ];
  }
  // Commands, and whatever else says who wanted it.
  if (typeof data === 'object' && data !== null && 'by' in data && typeof data.by === 'string')
    return of(data.by);
  return [];
}

function whatOf(data: unknown): unknown {
  return typeof data === 'object' && data !== null && 'what' in data ? data.what : undefined;
}
