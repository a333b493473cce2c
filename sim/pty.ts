import { closeSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import { messageOf } from '../drivers/contract/errors.ts';

/** Two ends of an emulated serial cable. */
export interface PtyPair {
  /** End for the instrument, and end for the bench: names that stay the same when the cable is put back. */
  readonly instrument: string;
  readonly bench: string;
  /** Pulls the cable: both ends vanish at once, as when a USB adapter is unplugged. */
  unplug(): Promise<void>;
  /** Puts it back under the same names. */
  plug(): Promise<void>;
}

/**
 * Makes a serial cable `<folder>/<name>` (bench) and `<folder>/<name>.instrument`: two pseudo-terminals of this process,
 * joined byte by byte. Whatever ends the process, SIGKILL as well, takes the cable with it.
 */
export async function openPtyPair(folder: string, name: string): Promise<PtyPair> {
  const bench = `${folder}/${name}`;
  const instrument = `${folder}/${name}.instrument`;
  let cable: readonly [Terminal, Terminal] | undefined;

  const removeLinks = (): void => {
    rmSync(bench, { force: true });
    rmSync(instrument, { force: true });
  };

  const plug = async (): Promise<void> => {
    if (cable !== undefined) return;
    removeLinks();
    cable = joined(openTerminal(), openTerminal());
    // The instrument's end first: who sees the bench's end may use it at once.
    symlinkSync(cable[1].path, instrument);
    symlinkSync(cable[0].path, bench);
  };

  await plug();
  return {
    instrument,
    bench,
    plug,
    async unplug() {
      const plugged = cable;
      cable = undefined;
      if (plugged === undefined) return;
      await Promise.all(plugged.map(terminal => terminal.close()));
      removeLinks();
    },
  };
}

/** One pseudo-terminal: who opens `path` talks with `wire`. */
interface Terminal {
  readonly path: string;
  readonly wire: ReadStream;
  close(): Promise<void>;
}

/** Opens two ends without a process behind: file descriptors, and the name of the second. */
interface PtyBinding {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

function openTerminal(): Terminal {
  const { master, slave, pty: path } = binding().open(80, 24);
  // Raw from the start: nothing is echoed or translated before the first port has set it up itself. Held, not read:
  // closing it would take the raw mode back, and without anybody on this side reading the other one ends.
  const held = new ReadStream(slave);
  held.setRawMode(true);
  const wire = new ReadStream(master);
  // Pulled under way: what a port on the other side sees is what counts.
  wire.on('error', () => wire.destroy());
  return {
    path,
    wire,
    close() {
      held.destroy();
      closeSync(slave);
      if (wire.closed) return Promise.resolve();
      return new Promise(resolve => {
        wire.once('close', () => resolve());
        wire.destroy();
      });
    },
  };
}

/** More than this waits for nobody, bytes: a real line does not store what is not read. */
const MOST_WAITING = 65_536;

function joined(bench: Terminal, instrument: Terminal): readonly [Terminal, Terminal] {
  const carry = (from: ReadStream, to: ReadStream): void => {
    from.on('data', chunk => {
      // A tty is written as it is read: `ReadStream` is a duplex, whatever its type says.
      const line = to as unknown as NodeJS.WritableStream & { readonly writableLength: number };
      if (!to.destroyed && line.writableLength < MOST_WAITING) line.write(chunk as Buffer);
    });
  };
  carry(bench.wire, instrument.wire);
  carry(instrument.wire, bench.wire);
  return [bench, instrument];
}

/**
 * The compiled part of @lydell/node-pty. Its `open()` wraps both ends in streams that read; here a serial port reads
 * the second, so only the descriptors are asked for.
 */
function binding(): PtyBinding {
  const load = createRequire(import.meta.url);
  try {
    const { requireBinary } = load('@lydell/node-pty/requireBinary.js') as {
      readonly requireBinary: (file: string) => unknown;
    };
    return requireBinary('pty.node') as PtyBinding;
  } catch (error) {
    throw new Error(
      `emulated serial lines need the package @lydell/node-pty for this system: ${messageOf(error)}`,
      { cause: error },
    );
  }
}
