import type { LabFile, LabMethod } from '../../door/lab.ts';
import { pathOf } from '../door/ask.ts';
import { useLab } from '../door/lab-state.tsx';
import { useAsked } from '../door/use-asked.ts';
import { PageHead } from '../parts/page-head.tsx';
import { Refused } from '../parts/said.tsx';
import { useWords } from '../words/words.ts';
import { MethodEditor } from './method-editor.tsx';
import { NewMethod } from './methods-page.tsx';

export interface EditorPageProps {
  readonly name: string;
  /** Of a method that is not there yet: whose text it begins with, `-` for an empty one; else empty. */
  readonly from: string;
}

const EMPTY_METHOD = (name: string): string =>
  `method: ${name.split('/').at(-1)}\nversion: 2\ndoc: ''\nparameters: {}\nsteps:\n- { rest: {}, for_min: 1 }\n`;

/** A method in the editor: its own, a built-in one to read, or one that is to be. */
export function EditorPage({ name, from }: EditorPageProps) {
  const { t } = useWords();
  const lab = useLab();
  const source = from === '' ? name : from;
  const { value, refusal } = useAsked<LabMethod>(from === '-' ? undefined : pathOf('methods', source));
  const all = useAsked<readonly LabFile[]>(pathOf('methods'));
  const isNew = from !== '';
  const text = from === '-' ? EMPTY_METHOD(name) : value?.text;
  // Whoever has to sign in again writes on meanwhile.
  const isSignedOut = lab.me?.role === null;
  const isReadOnly = (!isSignedOut && !lab.may('engineer')) || (!isNew && value?.isBuiltIn === true);
  return (
    <>
      <PageHead title={t.editorOf(name)} />
      <Refused refusal={refusal} />
      {text === undefined && refusal === undefined && <p class="waiting">{t.loading}</p>}
      {!isNew && value?.isBuiltIn === true && (
        <section class="panel">
          <p>{t.readOnly}</p>
          {lab.may('engineer') && <NewMethod from={name} taken={all.value ?? []} />}
        </section>
      )}
      {text !== undefined && (
        <MethodEditor
          key={`${name} ${from}`}
          name={name}
          text={text}
          sha256={isNew ? null : (value?.sha256 ?? null)}
          isReadOnly={isReadOnly}
        />
      )}
    </>
  );
}
