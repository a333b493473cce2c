import type { EditSaved } from '../../record/kinds/edit-kind.ts';
import { clockText } from '../../words.ts';

/** `edited at 01:20:00 by A. Volta (page): enough of them`. */
export function editedText(edits: readonly EditSaved[]): string {
  const last = edits.at(-1);
  if (last === undefined) return '';
  const often = edits.length === 1 ? 'edited' : `edited ${edits.length} times, last`;
  return `${often} at ${clockText(last.t_s)} h by ${last.by}: ${last.reason}`;
}
