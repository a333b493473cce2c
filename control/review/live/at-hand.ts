import type { ReadingsAsked } from '../../contract/shown.ts';
import type { SinkStatus } from '../../contract/sinks.ts';
import type { AlarmPage, AlarmsAsked } from '../../record/alarms/past-alarm.ts';
import type { RunMark, TrendWindow, WindowAsked } from '../../record/window/trend-window.ts';

/** What the program at hand gives the page of a run to show. */

/** What is known of the run at hand beside what the session knows. */
export interface RunShown {
  /** Name of the run's folder. */
  readonly id: string;
  /** How it went; `running` until it is over. */
  readonly verdict: string;
  /** The finished report as HTML; undefined until it exists. */
  readonly report: string | undefined;
  /** Figures that miss what their method asks of them, or may; in words. */
  readonly unmet?: readonly string[];
}

/** What of the record at hand is shown. */
export interface RecordShown {
  readonly windows: {
    ask(asked: WindowAsked): Promise<readonly TrendWindow[]>;
    marks(from_s: number, to_s: number): Promise<readonly RunMark[]>;
    alarms(asked: AlarmsAsked): Promise<AlarmPage>;
  };
  readonly downloads: {
    begin(asked: ReadingsAsked & { run: string; mode: string }): Promise<AsyncIterable<string>>;
  };
  readonly dir: string;
  readonly sinks: readonly SinkStatus[];
  readonly journal: { readonly waiting: { readonly batches: number; readonly bytes: number } };
}
