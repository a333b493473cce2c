import type { ExportOptions } from '../../exchange/export-run.ts';
import type { WhenDamaged } from '../../record/damage/marks.ts';

/** What goes between the command and the thread that makes an export. */

/** A run by its folder or file, and what is wanted of it. */
export interface ExportTask
  extends Pick<ExportOptions, 'format' | 'unverified' | 'to' | 'decimal' | 'institution' | 'licence'> {
  readonly run: string;
  readonly damaged: WhenDamaged;
}

/** What the thread says. `failed`: `file` is empty where it is our own failure. */
export type ExportReply =
  | { readonly type: 'progress'; readonly what: string; readonly rows: number; readonly of: number }
  | {
      readonly type: 'done';
      readonly rows: number;
      readonly missing: readonly string[];
      readonly devices: readonly string[];
    }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly file: string; readonly line: number; readonly text: string };
