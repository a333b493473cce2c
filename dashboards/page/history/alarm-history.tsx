import { useEffect, useState } from 'preact/hooks';
import type { AlarmPage, PastAlarm, WhichAlarms } from '../../../control/view.ts';
import { fileName } from '../../format.ts';
import { save } from '../window/files.ts';
import { alarmsCsv } from './history-csv.ts';
import { HistoryTable, type Telling } from './history-table.tsx';

/** The history of the alarms of a run out of its record: a page at a time, by what a person looks for, and as a file. */

const SHOWN = 50;
/** As many as are given at once. */
const FETCHED = 500;
const AGAIN_MS = 3000;
const WHICH = ['all', 'standing', 'open'] as const;

/** A page of it, and which other runs of the session there are. */
export type HistoryPage = AlarmPage & { readonly run?: string; readonly runs?: readonly string[] };

interface AlarmHistoryProps extends Telling {
  /** Fetches a page. Rejects where it cannot be had. */
  readonly fetched: (query: URLSearchParams) => Promise<HistoryPage>;
  /** Name of the run, for the file. */
  readonly name: string;
  /** Whether there may be more of it soon. */
  readonly isLive: boolean;
  /** Shows the time of an alarm in the charts; absent: there are none. */
  readonly onShow?: (alarm: PastAlarm) => void;
}

export function AlarmHistory({ fetched, name, isLive, onShow, ...telling }: AlarmHistoryProps) {
  const [which, setWhich] = useState<WhichAlarms>('all');
  const [run, setRun] = useState<string>();
  /** Where the pages before this one begin: the last is this one's. */
  const [begins, setBegins] = useState<readonly (number | undefined)[]>([undefined]);
  const [page, setPage] = useState<HistoryPage>();
  const [refusal, setRefusal] = useState('');
  const before = begins.at(-1);
  const query = (from: number | undefined, most: number): URLSearchParams =>
    new URLSearchParams({
      which,
      most: String(most),
      ...(from === undefined ? {} : { before: String(from) }),
      ...(run === undefined ? {} : { run }),
    });
  useEffect(() => {
    let isWanted = true;
    const load = async (): Promise<void> => {
      try {
        const next = await fetched(query(before, SHOWN));
        if (!isWanted) return;
        setPage(next);
        setRefusal('');
      } catch (error) {
        if (isWanted) setRefusal(error instanceof Error ? error.message : String(error));
      }
    };
    void load();
    const timer = isLive ? setInterval(() => void load(), AGAIN_MS) : undefined;
    return () => {
      isWanted = false;
      clearInterval(timer);
    };
  }, [which, run, before, isLive]);
  const { say } = telling;
  const onCsv = async (): Promise<void> => {
    try {
      const all: PastAlarm[] = [];
      for (let from: number | null | undefined; from !== null; ) {
        const next: HistoryPage = await fetched(query(from, FETCHED));
        all.push(...next.alarms);
        from = next.next;
      }
      save(new Blob([alarmsCsv(all)], { type: 'text/csv' }), fileName([page?.run ?? name, 'alarms'], 'csv'));
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
  };
  const { alarms = [], runs = [], next = null, left = 0 } = page ?? {};
  const isThisRun = page?.run === undefined || page.run === runs[0];
  const first = (begins.length - 1) * SHOWN + 1;
  return (
    <div class="history">
      <div class="history-bar">
        <fieldset>
          <legend class="spoken">{say.which}</legend>
          {WHICH.map(one => (
            <label key={one}>
              <input
                type="radio"
                name="which-alarms"
                checked={which === one}
                onChange={() => {
                  setWhich(one);
                  setBegins([undefined]);
                }}
              />
              {say.filters[one](page?.[one] ?? 0)}
            </label>
          ))}
        </fieldset>
        {runs.length > 1 && (
          <label>
            {say.run}{' '}
            <select
              value={page?.run}
              onChange={event => {
                setRun(event.currentTarget.value);
                setBegins([undefined]);
              }}
            >
              {runs.map(one => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
        )}
        <button type="button" title={say.csvHint} disabled={alarms.length === 0} onClick={() => void onCsv()}>
          CSV
        </button>
      </div>
      {refusal !== '' && <p role="status">{say.notFetched(refusal)}</p>}
      {page !== undefined && alarms.length === 0 && <p class="history-none">{say.nothing}</p>}
      {alarms.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is to be reached by keys
        <section class="history-scroll" aria-label={say.title} tabIndex={0}>
          <HistoryTable alarms={alarms} onShow={isThisRun ? onShow : undefined} {...telling} />
        </section>
      )}
      {(begins.length > 1 || next !== null) && (
        <div class="history-bar">
          <button type="button" disabled={begins.length === 1} onClick={() => setBegins(begins.slice(0, -1))}>
            {say.newer}
          </button>
          <span>{say.range(first, first + alarms.length - 1)}</span>
          <button
            type="button"
            disabled={next === null}
            onClick={() => setBegins([...begins, next ?? undefined])}
          >
            {say.older}
          </button>
        </div>
      )}
      {left > 0 && next === null && <p>{say.left(left)}</p>}
    </div>
  );
}
