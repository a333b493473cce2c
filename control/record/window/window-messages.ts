import type { AlarmPage, AlarmsAsked } from '../alarms/past-alarm.ts';
import type { TrendRole } from './trend-role.ts';
import type { RunMark, TrendWindow } from './trend-window.ts';

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
  | {
      readonly type: 'marks';
      readonly id: number;
      readonly path: string;
      readonly from_s: number;
      readonly to_s: number;
    }
  | {
      readonly type: 'alarms';
      readonly id: number;
      readonly path: string;
      readonly asked: AlarmsAsked;
    }
  | { readonly type: 'letGo'; readonly id: number };

/** From it, one for each question. */
export interface WindowAnswer {
  readonly id: number;
  /** Empty where something else was asked, or it could not be had. */
  readonly windows: readonly TrendWindow[];
  readonly marks: readonly RunMark[];
  readonly alarms: AlarmPage | undefined;
  /** Why it could not, a sentence. Absent: all is well. */
  readonly error?: string;
}
