import { words } from '../words/language.ts';

/** Why the button of a dialog does nothing yet: what has to be filled in before. */
export function Missing({ all }: { readonly all: readonly (readonly [name: string, isThere: boolean])[] }) {
  const names = all.flatMap(([name, isThere]) => (isThere ? [] : [name]));
  if (names.length === 0) return null;
  return (
    <p class="is-warn" role="status">
      <span aria-hidden="true">▲</span> {words().controls.missing(names.join(', '))}
    </p>
  );
}
