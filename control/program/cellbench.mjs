#!/usr/bin/env node
// The command `cellbench` for whatever Node the machine has: hands everything to a Node that can run it. A checkout runs
// its TypeScript as it stands; the installed package runs the JavaScript built from it, for Node strips no types below
// node_modules.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** First Node with everything that the program needs. This file itself must be read by Node 20: it names nothing newer. */
const LEAST_NODE = 24;

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'main.ts');
const built = join(here, '../../dist/control/program/main.js');
const isPackage = here.split(/[\\/]/).includes('node_modules') || !existsSync(source);
const main = isPackage ? built : source;

/** The Node that came with the package, else the one that runs this. */
function findNode() {
  try {
    const brought = join(
      dirname(nodeModule.createRequire(import.meta.url).resolve('node/package.json')),
      'bin/node',
    );
    if (existsSync(brought)) return brought;
  } catch {
    // Installed without it, or without install scripts, which put it in its place.
  }
  return Number(process.versions.node.split('.')[0]) >= LEAST_NODE ? process.execPath : undefined;
}

/** Kept from the first file on: taking the types off main.ts alone takes as long as a short command. */
const cache = process.env.NODE_COMPILE_CACHE ?? join(here, '../../node_modules/.cache/cellbench');
/** Only print what stands in a file: not worth a second Node where this one can run it. */
const isShort = process.argv[2] === 'devices' && Number(process.versions.node.split('.')[0]) >= LEAST_NODE;

const node = isShort ? process.execPath : findNode();
if (isShort) {
  nodeModule.enableCompileCache(cache);
  await import(pathToFileURL(main).href);
} else if (node === undefined) {
  console.error(
    `cellbench: needs Node ${LEAST_NODE} or newer, found ${process.version}, and the one of its own is not in place: ` +
      'let npm run the install script of the package "node" (npm approve-scripts node && npm rebuild node), or install a newer Node',
  );
  process.exitCode = 5;
} else {
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--enable-source-maps',
    main,
    ...process.argv.slice(2),
  ];
  if (!isPackage) args.splice(1, 1);
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, NODE_COMPILE_CACHE: cache } });
  // Each signal goes on as what it is: the bench must be led to its safe end, and the record says by whom. Ctrl-C on a
  // terminal reaches the child by itself, and must not arrive twice.
  const isOnTerminal = [process.stdin, process.stdout, process.stderr].some(stream => stream.isTTY);
  process.on('SIGINT', () => {
    if (!isOnTerminal) child.kill('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => child.kill(signal));
  child.on('error', error => {
    console.error(`cellbench: ${node} cannot be started: ${error.message}`);
    process.exitCode = 5;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
  });
}
