import { Timeline } from '../../../profiles/data-file/timeline.ts';
import type { OwnData } from '../../../profiles/language/data/method-data.ts';
import { methodData } from '../../../profiles/language/data/method-data.ts';
import type { Procedure } from '../../../profiles/procedure.ts';
import type { ReadEdit } from './read-edit.ts';

/** An edit is read beside the run, in a thread of its own: what comes back as plain data, and what is made of it. */

/** A data file of a method; without `plain` its columns are worked out, which only its own thread can. */
type SentData = Omit<OwnData, 'columns' | 'rows'>;

/** An edited method on its way back. */
export interface SentEdit extends Pick<ReadEdit, 'text' | 'sha256' | 'inputs' | 'changes' | 'accepted'> {
  readonly path: string;
  readonly procedure: Omit<Procedure, 'data'>;
  readonly data: readonly (readonly [name: string, SentData])[];
}

/** What the thread answers. */
export type EditReply = { readonly edit: SentEdit } | { readonly refused: string };

/** As plain data. */
export function sent({ method, text, sha256, inputs, changes, accepted }: ReadEdit): SentEdit {
  const { data, ...procedure } = method.procedure;
  const files = [...(data?.files ?? [])].map(
    ([name, { columns: _, rows: _rows, ...own }]) => [name, own] as const,
  );
  return { path: method.path, procedure, data: files, text, sha256, inputs, changes, accepted };
}

/** The procedure of an edit; data that the run has already stay as they are. A text: what of them cannot be had. */
export function received(
  { procedure, data }: Pick<SentEdit, 'procedure' | 'data'>,
  before: Procedure,
): Procedure | string {
  if (data.length === 0) return procedure;
  const files = new Map<string, OwnData>();
  for (const [name, own] of data) {
    const known = [...(before.data?.files ?? [])].find(
      ([old, { source, done }]) =>
        short(old) === short(name) && source === own.source && done.join() === own.done.join(),
    );
    const made = known?.[1] ?? madeOf(own);
    if (made === undefined)
      return `data: ${short(name)}: is another load than the one of the run (${own.source}), expected the same, or a file whose columns are taken as they stand`;
    files.set(name, made);
  }
  return { ...procedure, data: methodData(files) };
}

function madeOf(own: SentData): OwnData | undefined {
  if (own.plain === undefined) return undefined;
  const columns = [...own.plain].map(([name, rows]) => {
    const timeline = new Timeline(rows);
    return [name, (at_s: number) => timeline.value(at_s)] as const;
  });
  return { ...own, columns: new Map(columns) };
}

const short = (name: string): string => name.slice(name.lastIndexOf('#') + 1);
