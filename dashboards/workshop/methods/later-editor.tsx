import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useWords } from '../words/words.ts';
import type { EditorPageProps } from './editor-page.tsx';

/** The editor is as large as the rest of the page: it is loaded when somebody comes to it. */
export function LaterEditor(props: EditorPageProps) {
  const { t } = useWords();
  const [Editor, setEditor] = useState<FunctionComponent<EditorPageProps>>();
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    import('./editor-page.tsx').then(
      ({ EditorPage }) => setEditor(() => EditorPage),
      () => setLost(true),
    );
  }, []);
  if (isLost) return <p role="alert">{t.unreachable}</p>;
  return Editor === undefined ? <p class="waiting">{t.loading}</p> : <Editor {...props} />;
}
