import { useWords } from '../words/words.ts';

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
      <div class="both">
        <Side title={t.yours} text={mine} other={theirs} sign="+" />
        <Side title={t.theirs} text={theirs} other={mine} sign="−" />
      </div>
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

interface SideProps {
  readonly title: string;
  readonly text: string;
  readonly other: string;
  readonly sign: string;
}

function Side({ title, text, other, sign }: SideProps) {
  const others = new Set(other.split('\n'));
  const marked = text.split('\n').map(line => `${others.has(line) ? ' ' : sign} ${line}`);
  return (
    <label>
      {title}
      <textarea readOnly wrap="off" rows={20} value={marked.join('\n')} />
    </label>
  );
}
