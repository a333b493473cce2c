import type { SinkStatus, SinkTarget } from '../contract/sinks.ts';

/** What goes between a run and the thread that sends its journal. */

/** What the thread is started with. */
export interface SendStart {
  readonly journal: string;
  readonly file: string;
  readonly targets: readonly SinkTarget[];
}

/** To the thread: keep your hands off the journal, or it has got its last row. */
export type SendMessage = { readonly type: 'hold' } | { readonly type: 'ended' } | { readonly type: 'stop' };

/** From the thread. `heap_MB` is the thread's own. */
export type SendReply =
  | { readonly type: 'status'; readonly sinks: readonly SinkStatus[]; readonly heap_MB: number }
  | { readonly type: 'held' }
  | { readonly type: 'finished'; readonly sinks: readonly SinkStatus[] };
