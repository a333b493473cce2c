#!/usr/bin/env node
// The command `cellbench` for whatever Node the machine has: hands everything to the Node that the project brings.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const node = join(dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin/node');
const main = new URL('main.ts', import.meta.url).pathname;
const args = ['--disable-warning=ExperimentalWarning', main, ...process.argv.slice(2)];
const child = spawn(node, args, { stdio: 'inherit' });
// Ctrl-C reaches the child by itself; a signal to this process alone must lead the bench to its safe end too.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill('SIGTERM'));
child.on('error', error => {
  console.error(`cellbench: ${node} cannot be started: ${error.message}; run npm ci`);
  process.exitCode = 5;
});
child.on('exit', code => {
  process.exitCode = code ?? 5;
});
