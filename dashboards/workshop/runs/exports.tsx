import { useState } from 'preact/hooks';
import { ask, pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { useDoing } from '../door/use-asked.ts';
import { Refused } from '../parts/said.tsx';
import { useWords } from '../words/words.ts';

/** As `cellbench export --to` has them. */
const FORMATS = ['csv', 'parquet', 'bdf', 'esdf', 'hdf5', 'rocrate', 'rde'] as const;

/** The record in open formats: made when asked for, then its files one by one. */
export function Exports({ id }: { readonly id: string }) {
  const { t } = useWords();
  const { may, connected } = useLab();
  const { busy, refusal, run, forget } = useDoing();
  const [made, setMade] = useState<{ readonly format: string; readonly files: readonly string[] }>();
  if (!may('operator')) return null;
  const make = (format: string): Promise<void> =>
    run(async () => {
      const { files } = await ask<{ files: readonly string[] }>('POST', pathOf('runs', id, 'exports'), {
        format,
      });
      setMade({ format, files });
    });
  return (
    <section class="panel" aria-labelledby="run-exports">
      <h2 id="run-exports">{t.downloads}</h2>
      <div class="buttons">
        {FORMATS.map(format => (
          <button
            key={format}
            type="button"
            disabled={busy || !connected}
            aria-label={t.makeExport(format)}
            onClick={() => void make(format)}
          >
            {format}
          </button>
        ))}
      </div>
      {busy && <p role="status">{t.exporting}</p>}
      <Refused refusal={refusal} onDismiss={forget} />
      {made !== undefined && (
        <ul class="files" role="status">
          {made.files.map(file => (
            <li key={file}>
              <a href={pathOf('runs', id, 'exports', made.format, file)} download={file.split('/').at(-1)}>
                {file}
              </a>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
