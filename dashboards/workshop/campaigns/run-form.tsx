import { useState } from 'preact/hooks';
import type { CarriedCourse } from '../../../control/view.ts';
import { SelectField, TextField, Tick } from '../parts/fields.tsx';
import { missingOf } from '../parts/missing.tsx';
import { SureDialog } from '../parts/sure-dialog.tsx';
import { useWords } from '../words/words.ts';
import type { Change, RunWritten } from './change-dialog.tsx';

interface RunFormProps {
  readonly course: CarriedCourse;
  /** The run in whose place it stands; absent: it is one more. */
  readonly replaced: string | undefined;
  readonly onAnswer: (answer: { readonly change: Change; readonly because: string } | undefined) => void;
}

/** A run that is added to the campaign, or put in the place of one that has not begun. The campaign checks it. */
export function RunForm({ course, replaced, onAnswer }: RunFormProps) {
  const { t } = useWords();
  const old = course.runs.find(({ run }) => run === replaced);
  const [run, setRun] = useState(replaced ?? '');
  const [method, setMethod] = useState('');
  const [subject, setSubject] = useState(old?.subject ?? '');
  const [settings, setSettings] = useState('');
  const [before, setBefore] = useState('');
  const [after, setAfter] = useState<readonly string[]>([]);
  const names = [...new Set(course.runs.map(one => one.run))].filter(name => name !== replaced);
  const waiting = [...new Set(course.runs.filter(one => one.state === 'waiting').map(one => one.run))];
  const subjects = course.runs.flatMap(one => (one.subject === null ? [] : [one.subject]));
  const answer = (because: string): void => {
    const written: RunWritten = {
      run: run.trim(),
      method: method.trim(),
      ...(subject.trim() === '' ? {} : { subject: subject.trim() }),
      ...(after.length === 0 ? {} : { after }),
      ...(settings.trim() === '' ? {} : { with: settingsOf(settings) }),
    };
    const change: Change =
      replaced === undefined
        ? { do: 'add', runs: [written], ...(before === '' ? {} : { before }) }
        : { do: 'replace', run: replaced, with: written };
    onAnswer({ change, because });
  };
  return (
    <SureDialog
      title={replaced === undefined ? t.add : `${t.replace}: ${replaced}`}
      text=""
      yes={replaced === undefined ? t.addIt : t.replaceIt}
      reason={t.reasonIfAny}
      mayBeSilent
      missing={missingOf([
        [t.runName, run.trim() !== ''],
        [t.methodFile, method.trim() !== ''],
      ])}
      onAnswer={said => (said === undefined ? onAnswer(undefined) : answer(said.reason))}
    >
      {replaced === undefined && <TextField label={t.runName} value={run} required onValue={setRun} />}
      <TextField label={t.methodFile} value={method} required onValue={setMethod} />
      <TextField label={t.subject} value={subject} known={[...new Set(subjects)]} onValue={setSubject} />
      <div class="field">
        <label for="run-settings">{t.settings}</label>
        <textarea
          id="run-settings"
          rows={3}
          value={settings}
          onInput={event => setSettings(event.currentTarget.value)}
        />
      </div>
      {names.length > 0 && (
        <fieldset>
          <legend>{t.after}</legend>
          {names.map(name => (
            <Tick
              key={name}
              checked={after.includes(name)}
              onChecked={isIn => setAfter(isIn ? [...after, name] : after.filter(one => one !== name))}
            >
              {name}
            </Tick>
          ))}
        </fieldset>
      )}
      {replaced === undefined && (
        <SelectField
          label={t.moveBefore}
          value={before}
          options={[['', t.toTheEnd], ...waiting.map(name => [name, name] as const)]}
          onValue={setBefore}
        />
      )}
    </SureDialog>
  );
}

/** `name = value` a line; a plain number is one. */
function settingsOf(text: string): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    text
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(line => {
        const at = line.indexOf('=');
        const name = (at < 0 ? line : line.slice(0, at)).trim();
        const value = at < 0 ? '' : line.slice(at + 1).trim();
        return [name, value !== '' && Number.isFinite(Number(value)) ? Number(value) : value];
      }),
  );
}
