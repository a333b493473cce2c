import { useWords } from '../words/words.ts';

/** Why a button does nothing yet: what has to be filled in before. Nothing where all is there. */
export function Missing({
  what,
  wrong = [],
}: {
  readonly what: readonly string[];
  readonly wrong?: readonly string[];
}) {
  const { t } = useWords();
  const texts = [
    ...(what.length === 0 ? [] : [t.missing(what.join(', '))]),
    ...(wrong.length === 0 ? [] : [t.wrongFields(wrong.join(', '))]),
  ];
  if (texts.length === 0) return null;
  return (
    <p class="is-warn" role="status">
      <span aria-hidden="true">▲</span> {texts.join('; ')}
    </p>
  );
}

/** Names of what is missing. */
export function missingOf(all: readonly (readonly [name: string, isThere: boolean])[]): readonly string[] {
  return all.flatMap(([name, isThere]) => (isThere ? [] : [name]));
}
