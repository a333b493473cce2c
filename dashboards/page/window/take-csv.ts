import { timeText } from '../../format.ts';
import type { Stretch } from '../chart-plot.ts';
import type { Trend } from '../trends.ts';
import { words } from '../words/language.ts';
import { csvOf, save, shortAt_s, stretchName, type Whose } from './files.ts';
import { MOST_COLUMNS, windowsOf } from './window-store.ts';

/** Has the browser save what is drawn of a stretch. Resolves with what is to be said of it; empty: all of the stretch is in it. */
export async function takeCsv(whose: Whose, trends: readonly Trend[], stretch: Stretch): Promise<string> {
  const say = words().charts;
  try {
    const units = new Map(trends.map(({ role, unit }) => [role, unit]));
    const windows = await windowsOf([...units.keys()], stretch.from_s, stretch.to_s, MOST_COLUMNS);
    const end_s = shortAt_s(windows, stretch.to_s);
    const taken = end_s === undefined ? stretch : { ...stretch, to_s: end_s };
    const text = csvOf(whose, windows, units, stretch);
    save(new Blob([text], { type: 'text/csv' }), stretchName(whose, 'drawn', taken, 'csv'));
    return end_s === undefined ? '' : say.csvEnds(timeText(end_s));
  } catch (error) {
    return say.notFetched(error instanceof Error ? error.message : String(error));
  }
}
