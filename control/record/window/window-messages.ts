import type { TrendRole } from './trend-role.ts';
import type { TrendWindow } from './trend-window.ts';

/** What goes between a page's server and the thread that reads a record for it. */

/** To the thread. `letGo`: close the file until the next question. */
export type WindowQuestion =
  | {
      readonly type: 'window';
      readonly id: number;
      readonly path: string;
      readonly roles: readonly TrendRole[];
      readonly from_s: number;
      readonly to_s: number;
      readonly columns: number;
    }
  | { readonly type: 'letGo'; readonly id: number };

/** From it, one for each question. */
export interface WindowAnswer {
  readonly id: number;
  readonly windows: readonly TrendWindow[];
  /** Why there are none, a sentence. Absent: all is well. */
  readonly error?: string;
}
