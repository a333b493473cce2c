import { dirname, join } from 'node:path';
import { dotted, type Place } from '../../drivers/contract/explain.ts';
import { FileError } from '../../drivers/contract/file-error.ts';
import type { LoadedBench } from '../bench/bench-file.ts';
import type { SinkStatus, SinkTarget } from '../contract/sinks.ts';
import { SENDING_FILE } from '../send/sending-file.ts';
import { targetsFor } from '../send/targets.ts';

/** After a run the program waits so long for its sinks, s; what is left then is sent by `cellbench send`. */
export const DRAIN_S = 30;

/** The sinks of a bench for a run of this mode, with their secrets. @throws FileError before anything is started */
export function targetsOf(
  { bench, baseDir, path, lineOf }: Pick<LoadedBench, 'bench' | 'baseDir' | 'path' | 'lineOf'>,
  mode: string,
): SinkTarget[] {
  return targetsFor(mode, bench.sinks, {
    baseDir,
    env: process.env,
    error: (place: Place, text: string) => new FileError(path, lineOf(place), `${dotted(place)}: ${text}`),
  });
}

/** The file with cursors and dead letters beside a journal. */
export function sendingFileOf(journal: string): string {
  return join(dirname(journal), SENDING_FILE);
}

/** One line for each sink that has not got everything, or refused something; for people. */
export function sendingLines(sinks: readonly SinkStatus[], dir: string): string[] {
  return sinks.flatMap(({ name, lag_rows, dead, reason, state }) => {
    const lines: string[] = [];
    if (state !== 'done') {
      const rows = Number.isFinite(lag_rows) ? `${lag_rows} rows` : 'Rows';
      const why = reason === '' ? '' : ` (${reason})`;
      lines.push(`${rows} are not yet in sink ${name}${why}: npx cellbench send ${dir}`);
    }
    if (dead > 0)
      lines.push(`Sink ${name} has refused ${dead} rows: why stands in ${join(dir, SENDING_FILE)}`);
    return lines;
  });
}
