import { type Draft, round } from './mend.ts';
import { stepsOf } from './resample.ts';

/**
 * Stamps at the end of the time that their value stands for (grid operators' "hour ending", averages of loggers): such a
 * value holds before its stamp, not after it.
 */

/** The series with each time put to the beginning of its value, by what the entry says or else the file. */
export function atBegin(draft: Draft): Draft {
  const { series, entry, done } = draft;
  const why =
    entry.stamps === undefined ? series.endSign : entry.stamps === 'end' ? 'as declared' : undefined;
  if (why === undefined) return draft;
  if (entry.between === 'linear') {
    done.push(
      `each stamp is the end of its time (${why}): the straight lines go through the values at their stamps`,
    );
    return draft;
  }
  const { usual_s } = stepsOf(series.time_s);
  const other = entry.stamps === undefined ? '; stamps: begin under data: if they are beginnings' : '';
  done.push(
    `each stamp is the end of its time (${why}${other}): its value counts from ${round(usual_s)} s before on`,
  );
  return { ...draft, series: { ...series, time_s: series.time_s.map(time_s => time_s - usual_s) } };
}
