import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { PACKAGE_FOLDER } from './package-files.ts';

/**
 * The program: hands the command line to the command that its first word names; no word means a run. A command is loaded
 * when it is called, and with it only what it uses.
 */

interface Command {
  /** Name of its text in `help.ts`. */
  readonly help: keyof typeof import('./help.ts');
  load(): Promise<(args: readonly string[]) => Promise<number>>;
}

const RUN: Command = { help: 'HELP', load: async () => (await import('./commands/run.ts')).runCommand };
const COMMANDS: Readonly<Record<string, Command>> = {
  rehearse: {
    help: 'REHEARSE_HELP',
    load: async () => (await import('./commands/rehearse.ts')).rehearseCommand,
  },
  explain: {
    help: 'EXPLAIN_HELP',
    load: async () => (await import('./commands/language/explain.ts')).explainCommand,
  },
  export: { help: 'EXPORT_HELP', load: async () => (await import('./commands/export.ts')).exportCommand },
  import: { help: 'IMPORT_HELP', load: async () => (await import('./commands/import.ts')).importCommand },
  runs: { help: 'RUNS_HELP', load: async () => (await import('./commands/runs.ts')).runsCommand },
  compare: { help: 'COMPARE_HELP', load: async () => (await import('./commands/compare.ts')).compareCommand },
  conclude: {
    help: 'CONCLUDE_HELP',
    load: async () => (await import('./commands/conclude.ts')).concludeCommand,
  },
  report: { help: 'REPORT_HELP', load: async () => (await import('./commands/report.ts')).reportCommand },
  prune: { help: 'PRUNE_HELP', load: async () => (await import('./commands/prune.ts')).pruneCommand },
  rows: { help: 'ROWS_HELP', load: async () => (await import('./commands/rows.ts')).rowsCommand },
  verify: { help: 'VERIFY_HELP', load: async () => (await import('./commands/verify.ts')).verifyCommand },
  send: { help: 'SEND_HELP', load: async () => (await import('./commands/send.ts')).sendCommand },
  cell: { help: 'CELL_HELP', load: async () => (await import('./commands/cell.ts')).cellCommand },
  convert: {
    help: 'CONVERT_HELP',
    load: async () => (await import('./commands/language/convert.ts')).convertCommand,
  },
  methods: {
    help: 'METHODS_HELP',
    load: async () => (await import('./commands/language/methods.ts')).methodsCommand,
  },
  migrate: {
    help: 'MIGRATE_HELP',
    load: async () => (await import('./commands/language/migrate.ts')).migrateCommand,
  },
  devices: {
    help: 'DEVICES_HELP',
    load: async () => (await import('./commands/devices/list.ts')).devicesCommand,
  },
  emulate: {
    help: 'EMULATE_HELP',
    load: async () => (await import('./commands/devices/emulate.ts')).emulateCommand,
  },
  probe: { help: 'PROBE_HELP', load: async () => (await import('./commands/devices/probe.ts')).probeCommand },
  watch: { help: 'WATCH_HELP', load: async () => (await import('./commands/devices/watch.ts')).watchCommand },
  check: { help: 'CHECK_HELP', load: async () => (await import('./commands/devices/check.ts')).checkCommand },
  fit: { help: 'FIT_HELP', load: async () => (await import('./commands/fit.ts')).fitCommand },
};

/** Runs the command line; returns the exit code. */
async function program(given: readonly string[]): Promise<number> {
  const [word, ...rest] = given;
  const named = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  const [command, args] = named === undefined ? [RUN, given] : [named, rest];
  if (args.includes('--help')) {
    console.log((await import('./help.ts'))[command.help]);
    return 0;
  }
  const run = await command.load();
  return run(args);
}

// Whoever read what we print may have gone (a pipe, a terminal): that is no matter of the bench.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

// What has been compiled once is not compiled again; where this folder cannot be written, it is.
enableCompileCache(join(PACKAGE_FOLDER, 'node_modules/.cache/cellbench'));
try {
  const code = await program(process.argv.slice(2));
  process.exitCode = Math.max(code, Number(process.exitCode ?? 0));
} catch (error) {
  const [{ messageOf }, { isBadInput }, { systemTrouble }] = await Promise.all([
    import('../../drivers/contract/errors.ts'),
    import('./run-files.ts'),
    import('./system-error.ts'),
  ]);
  const words = isBadInput(error) ? messageOf(error) : systemTrouble(error);
  console.error(words === undefined ? error : `cellbench: ${words}`);
  process.exitCode = words === undefined ? 5 : 2;
}
// A pipe takes 64 KiB at a time: what was printed is handed over, or its reader is gone, before the process ends.
const handedOver = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise(resolve => stream.write('', () => resolve()));
await Promise.all([process.stdout, process.stderr].map(handedOver));
// Everything is closed: nothing that was left behind may keep the process, or its exit code, back.
process.exit();
