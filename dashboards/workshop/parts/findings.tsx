import { useWords } from '../words/words.ts';
import { Mark } from './mark.tsx';

/** What is wrong or noteworthy: of a file with its place, of a rehearsal without one. */
export interface ShownFinding {
  readonly severity: string;
  readonly text: string;
  readonly line?: number;
  readonly column?: number;
  readonly hint?: string | null;
}

interface FindingsProps {
  readonly findings: readonly ShownFinding[];
  /** Said where there are none. */
  readonly none?: string;
  /** Goes to a place in the text. */
  readonly onPlace?: (line: number, column: number) => void;
}

export function Findings({ findings, none, onPlace }: FindingsProps) {
  const { t } = useWords();
  if (findings.length === 0) return none === undefined ? null : <p class="is-quiet">{none}</p>;
  return (
    <ul class="findings">
      {findings.map(({ severity, text, line = 0, column = 0, hint }, i) => (
        <li key={i}>
          <Mark of={severity} words={t.severities} /> {text}
          {hint !== undefined && hint !== null && <small> ({t.hint(hint)})</small>}{' '}
          {line > 0 &&
            (onPlace === undefined ? (
              <small>{t.line(line, column)}</small>
            ) : (
              <button type="button" class="place" onClick={() => onPlace(line, column)}>
                {t.line(line, column)}
              </button>
            ))}
        </li>
      ))}
    </ul>
  );
}
