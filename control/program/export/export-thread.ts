import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { pictureFile } from '../../../dashboards/report/picture-file.ts';
import { realClock } from '../../../drivers/contract/clock.ts';
import { messageOf } from '../../../drivers/contract/errors.ts';
import { FileError } from '../../../drivers/contract/file-error.ts';
import { exportRun } from '../../exchange/export-run.ts';
import { signingKey } from '../../exchange/pack/signing-key.ts';
import { openMarkedSource } from '../result/marked-result.ts';
import { systemTrouble } from '../system-error.ts';
import type { ExportReply, ExportTask } from './export-messages.ts';

/** The thread in which an export is made: its memory has a limit of its own, whatever the length of the run. */

const port = parentPort;
if (port === null) throw new Error('export-thread.ts is a worker thread');
const say = (reply: ExportReply): void => port.postMessage(reply);

/** A person has asked to end it. */
class Stopped extends Error {}

let isStopped = false;
port.once('message', () => {
  isStopped = true;
});

function pictureOf(dir: string): string | undefined {
  const path = join(dir, 'report.html');
  return existsSync(path) ? pictureFile(readFileSync(path, 'utf8')) : undefined;
}

const { run, damaged, ...options } = workerData as ExportTask;
try {
  const source = openMarkedSource(run, damaged);
  try {
    const { rows, missing } = await exportRun(source, {
      ...options,
      key: signingKey(),
      now_ms: realClock().utc_ms(),
      picture: options.format === 'rde' && source.damaged.length === 0 ? pictureOf(source.dir) : undefined,
      progress: async (what, done, of) => {
        say({ type: 'progress', what, rows: done, of });
        // The loop of events turns once: a wish to stop is seen here.
        await new Promise<void>(resolve => {
          setImmediate(resolve);
        });
        if (isStopped) throw new Stopped();
      },
    });
    say({ type: 'done', rows, missing, devices: source.devices });
  } finally {
    source.close();
  }
} catch (error) {
  if (error instanceof Stopped) say({ type: 'stopped' });
  else if (error instanceof FileError)
    say({ type: 'failed', file: error.file, line: error.line, text: error.text });
  else {
    const trouble = systemTrouble(error);
    if (trouble === undefined) say({ type: 'failed', file: '', line: 0, text: messageOf(error) });
    else say({ type: 'failed', file: `export to ${options.to}`, line: 0, text: trouble });
  }
}
port.close();
