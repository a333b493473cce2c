import '../../drivers/contract/code/surest-compiler.ts';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { resolveNearby } from '../../drivers/contract/code/near-imports.ts';
import { PACKAGE_FOLDER } from './package-files.ts';

/** The process of the program: its command line, what is printed, its exit code. */

// Whoever read what we print may have gone (a pipe, a terminal): that is no matter of the bench.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

// What has been compiled once is not compiled again; where this folder cannot be written, it is.
const cache = join(PACKAGE_FOLDER, 'node_modules/.cache/cellbench');
enableCompileCache(cache);
// Threads and processes of our own know of it by this alone.
process.env['NODE_COMPILE_CACHE'] ??= cache;
resolveNearby(PACKAGE_FOLDER);
const { runProgram } = await import('./program.ts');
const code = await runProgram(process.argv.slice(2));
process.exitCode = Math.max(code, Number(process.exitCode ?? 0));
// A pipe takes 64 KiB at a time: what was printed is handed over, or its reader is gone, before the process ends.
const handedOver = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise(resolve => stream.write('', () => resolve()));
await Promise.all([process.stdout, process.stderr].map(handedOver));
// Everything is closed: nothing that was left behind may keep the process, or its exit code, back.
process.exit();
