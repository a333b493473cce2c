import { useEffect, useState } from 'preact/hooks';
import type { LabBench, LabMethod, LabText } from '../../door/lab.ts';
import { ask, pathOf, Refusal } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { useAsked, useDoing } from '../door/use-asked.ts';
import { SelectField } from '../parts/fields.tsx';
import { Findings } from '../parts/findings.tsx';
import { Missing, missingOf } from '../parts/missing.tsx';
import { Answered, Refused } from '../parts/said.tsx';
import { RehearsalView } from '../start/rehearsal-view.tsx';
import { useRehearsal } from '../start/use-rehearsal.ts';
import { useWords } from '../words/words.ts';
import { CodeEditor } from './code/code-editor.tsx';
import type { JsonSchema } from './code/schema-words.ts';
import { Conflict } from './conflict.tsx';
import { useChecked } from './use-checked.ts';

interface MethodEditorProps {
  readonly name: string;
  /** As it was read, and the hash of that state; null: it is not there yet. */
  readonly text: string;
  readonly sha256: string | null;
  readonly isReadOnly: boolean;
}

/** Text, messages, saving, and a rehearsal of what was saved beside it. */
export function MethodEditor({ name, text: first, sha256, isReadOnly }: MethodEditorProps) {
  const { t } = useWords();
  const lab = useLab();
  const [text, setText] = useState(first);
  /** As it stands in the laboratory, as far as is known here. */
  const [stored, setStored] = useState({ text: first, sha256 });
  const [version, setVersion] = useState(0);
  const [theirs, setTheirs] = useState<LabText>();
  const [answer, setAnswer] = useState('');
  const [bench, setBench] = useState('');
  const [subject, setSubject] = useState('');
  const [place, setPlace] = useState<{ line: number; column: number }>();
  const benches = useAsked<readonly LabBench[]>(pathOf('benches'));
  const schema = useAsked<JsonSchema>(pathOf('schemas', 'method'));
  const { findings, isChecking, refusal: checkRefusal } = useChecked(name, text, bench);
  const rehearsing = useRehearsal();
  const { busy, refusal, run, forget } = useDoing();
  const isUnsaved = text !== stored.text || stored.sha256 === null;
  const maySave = !isReadOnly && isUnsaved && !busy && lab.mayAsk('engineer');
  useAskedBeforeLeaving(isUnsaved && !isReadOnly && text !== first, t.leaveUnsaved);

  const save = (over: string | null): Promise<void> =>
    run(async () => {
      setAnswer('');
      try {
        const saved = await ask<LabText>('PUT', pathOf('methods', name), { text, sha256: over });
        setStored({ text, sha256: saved.sha256 });
        setTheirs(undefined);
        setAnswer(t.saved);
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 409) throw error;
        const now = await ask<LabMethod>('GET', pathOf('methods', name)).catch(() => undefined);
        // A clash of something else than the text.
        if (now === undefined || now.sha256 === over) throw error;
        setTheirs(now);
      }
    });
  const subjects = benches.value?.find(one => one.name === bench)?.subjects ?? [];
  return (
    <div class="beside editor">
      <div>
        {theirs !== undefined && (
          <Conflict
            mine={text}
            theirs={theirs.text}
            onTheirs={() => {
              setText(theirs.text);
              setStored({ text: theirs.text, sha256: theirs.sha256 });
              setVersion(version + 1);
              setTheirs(undefined);
            }}
            onMine={() => void save(theirs.sha256)}
          />
        )}
        <CodeEditor
          text={text}
          version={version}
          label={t.text}
          isReadOnly={isReadOnly}
          findings={findings}
          schema={schema.value}
          place={place}
          onText={setText}
          onSave={() => maySave && void save(stored.sha256)}
        />
      </div>
      <div>
        <section class="panel" aria-labelledby="editor-messages">
          <h2 id="editor-messages">{t.messages}</h2>
          <SelectField
            label={t.checkOn}
            value={bench}
            options={[['', t.noBench], ...(benches.value ?? []).map(one => [one.name, one.name] as const)]}
            onValue={next => {
              setBench(next);
              setSubject('');
            }}
          />
          <div aria-live="polite" aria-busy={isChecking}>
            <Findings
              findings={findings}
              none={isChecking ? t.checking : t.noMessages}
              onPlace={(line, column) => setPlace({ line, column })}
            />
          </div>
          <Refused refusal={checkRefusal} />
        </section>
        {!isReadOnly && (
          <section class="panel" aria-label={t.save}>
            {isUnsaved && <p class="is-warn">▲ {t.unsaved}</p>}
            <div class="buttons">
              <button type="button" class="main" disabled={!maySave} onClick={() => void save(stored.sha256)}>
                {t.save}
              </button>
            </div>
            <Answered text={isUnsaved ? '' : answer} />
            <Refused refusal={refusal} onDismiss={forget} />
          </section>
        )}
        <section class="panel" aria-label={t.rehearse}>
          {subjects.length > 0 && (
            <SelectField
              label={t.subject}
              value={subject}
              options={[['', t.choose], ...subjects.map(one => [one, one] as const)]}
              onValue={setSubject}
            />
          )}
          <Missing
            what={missingOf([
              [t.bench, bench !== ''],
              [t.subject, subjects.length === 0 || subject !== ''],
            ])}
          />
          <div class="buttons">
            <button
              type="button"
              disabled={
                bench === '' ||
                (subjects.length > 0 && subject === '') ||
                stored.sha256 === null ||
                rehearsing.isUnderWay ||
                !lab.mayAsk('operator')
              }
              onClick={() =>
                rehearsing.begin({ bench, method: name, set: {}, ...(subject === '' ? {} : { subject }) })
              }
            >
              {t.rehearse}
            </button>
          </div>
          <p>
            <small>{t.rehearseSaved}</small>
          </p>
        </section>
        {(rehearsing.isUnderWay ||
          rehearsing.rehearsal !== undefined ||
          rehearsing.refusal !== undefined) && <RehearsalView rehearsing={rehearsing} />}
      </div>
    </div>
  );
}

/** The browser asks before the page is left; the page itself asks before it goes to another place. */
function useAskedBeforeLeaving(isUnsaved: boolean, question: string): void {
  useEffect(() => {
    if (!isUnsaved) return;
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    const onClick = (event: MouseEvent): void => {
      const link = (event.target as Element | null)?.closest?.('a[href^="#"]');
      if (link === null || link === undefined || confirm(question)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, true);
    return () => {
      removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, true);
    };
  }, [isUnsaved, question]);
}
