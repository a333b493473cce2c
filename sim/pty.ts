import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';

/** Two ends of an emulated serial cable. */
export interface PtyPair {
  /** End for the instrument, and end for the bench: names that stay the same when the cable is put back. */
  readonly instrument: string;
  readonly bench: string;
  /** Process id of the socat that is the cable, while it is plugged in. */
  readonly pid: number | undefined;
  /** Pulls the cable: both ends vanish at once, as when a USB adapter is unplugged. */
  unplug(): Promise<void>;
  /** Puts it back under the same names. */
  plug(): Promise<void>;
}

/** Makes a pty pair `<folder>/<name>` (bench) and `<folder>/<name>.instrument` with socat. */
export async function openPtyPair(folder: string, name: string): Promise<PtyPair> {
  const bench = `${folder}/${name}`;
  const instrument = `${folder}/${name}.instrument`;
  let cable: Cable | undefined;

  const removeLinks = (): void => {
    rmSync(bench, { force: true });
    rmSync(instrument, { force: true });
  };

  const plug = async (): Promise<void> => {
    if (cable !== undefined) return;
    removeLinks();
    cable = await startSocat(bench, instrument);
    const plugged = cable;
    void plugged.gone.then(() => {
      if (cable === plugged) cable = undefined;
      removeLinks();
    });
  };

  await plug();
  return {
    instrument,
    bench,
    get pid() {
      return cable?.pid;
    },
    plug,
    async unplug() {
      const plugged = cable;
      cable = undefined;
      if (plugged === undefined) return;
      // SIGKILL, not SIGTERM: no orderly close that a real unplugging would not have either.
      plugged.kill();
      await plugged.gone;
      removeLinks();
    },
  };
}

interface Cable {
  readonly pid: number;
  /** Harmless if it has ended already. */
  readonly kill: () => void;
  readonly gone: Promise<void>;
}

function startSocat(bench: string, instrument: string): Promise<Cable> {
  // -d -d: socat says when it starts to transfer, and only then are both links there.
  const socat = spawn(
    'socat',
    ['-d', '-d', `pty,raw,echo=0,link=${bench}`, `pty,raw,echo=0,link=${instrument}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = new Promise<void>(resolve => socat.once('close', () => resolve()));
  return new Promise((resolve, reject) => {
    let said = '';
    socat.once('error', error => {
      const why =
        'code' in error && error.code === 'ENOENT' ? 'it is not installed (apt-get install socat)' : error;
      reject(new Error(`cannot start socat for ${bench}: ${why}`, { cause: error }));
    });
    socat.once('exit', code => reject(new Error(`socat for ${bench} ended with ${code}: ${said.trim()}`)));
    socat.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-2000);
      if (!said.includes('starting data transfer loop') || socat.pid === undefined) return;
      if (existsSync(bench) && existsSync(instrument)) {
        resolve({ pid: socat.pid, kill: () => socat.kill('SIGKILL'), gone });
      }
    });
  });
}
