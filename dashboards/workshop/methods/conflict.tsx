import { useMemo } from 'preact/hooks';
import { useWords } from '../words/words.ts';
import { type BothLine, bothTexts, shortened } from './both-texts.ts';

interface ConflictProps {
  readonly mine: string;
  readonly theirs: string;
  readonly onTheirs: () => void;
  readonly onMine: () => void;
}

/** Somebody else has saved meanwhile: both texts, lines that only one of them has marked, and a person decides. */
export function Conflict({ mine, theirs, onTheirs, onMine }: ConflictProps) {
  const { t } = useWords();
  return (
    <section
      class="panel conflict"
      role="alertdialog"
      aria-labelledby="conflict-title"
      aria-describedby="conflict-text"
    >
      <h2 id="conflict-title">▲ {t.conflict}</h2>
      <p id="conflict-text">{t.conflictText}</p>
      <Both mine={mine} theirs={theirs} />
      <div class="buttons">
        <button type="button" onClick={onTheirs}>
          {t.takeTheirs}
        </button>
        <button type="button" class="stop" onClick={onMine}>
          {t.keepMine}
        </button>
      </div>
    </section>
  );
}

/** Line beside line; what only one of them has is marked by shape, colour and word, and no line is cut. */
function Both({ mine, theirs }: { readonly mine: string; readonly theirs: string }) {
  const { t } = useWords();
  const parts = useMemo(() => shortened(bothTexts(mine, theirs)), [mine, theirs]);
  return (
    <section class="both" aria-labelledby="conflict-title">
      <table>
        <thead>
          <tr>
            <th scope="col">{t.yours}</th>
            <th scope="col">{t.theirs}</th>
          </tr>
        </thead>
        <tbody>
          {parts.map((part, at) =>
            'left' in part ? (
              <tr key={`left ${at}`}>
                <td class="is-quiet" colSpan={2}>
                  {t.door.sameLines(part.left)}
                </td>
              </tr>
            ) : (
              <tr key={`${part.mine?.line} ${part.theirs?.line}`}>
                <Side of={part.mine} isSame={part.isSame} sign="+" />
                <Side of={part.theirs} isSame={part.isSame} sign="−" />
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}

interface SideProps {
  readonly of: BothLine | undefined;
  readonly isSame: boolean;
  readonly sign: string;
}

function Side({ of, isSame, sign }: SideProps) {
  if (of === undefined) return <td class="none" />;
  return (
    <td class={isSame ? '' : 'own'}>
      <span class="at">{of.line}</span> {isSame ? ' ' : sign} <code>{of.text}</code>
    </td>
  );
}
