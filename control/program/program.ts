/**
 * What the program does: hands the command line to the command that its first word names; no word means a run. A command is
 * loaded when it is called, and with it only what it uses.
 */

interface Command {
  /** Name of its text in `help.ts`. */
  readonly help: keyof typeof import('./help.ts');
  /** Checks nothing against a schema: what it prints stands in the program. */
  readonly isPlain?: true;
  load(): Promise<(args: readonly string[]) => Promise<number>>;
}

const RUN: Command = { help: 'HELP', load: async () => (await import('./commands/run.ts')).runCommand };
const COMMANDS: Readonly<Record<string, Command>> = {
  rehearse: {
    help: 'REHEARSE_HELP',
    load: async () => (await import('./commands/rehearse.ts')).rehearseCommand,
  },
  resume: {
    help: 'RESUME_HELP',
    load: async () => (await import('./resume/resume-command.ts')).resumeCommand,
  },
  skip: { help: 'STEER_HELP', load: async () => (await import('./steer/steer-command.ts')).skipCommand },
  limit: { help: 'STEER_HELP', load: async () => (await import('./steer/steer-command.ts')).limitCommand },
  edit: { help: 'EDIT_HELP', load: async () => (await import('./edit/edit-command.ts')).editCommand },
  campaign: {
    help: 'CAMPAIGN_HELP',
    load: async () => (await import('./campaign/campaign-command.ts')).campaignCommand,
  },
  alarms: {
    help: 'ALARMS_HELP',
    load: async () => (await import('./alarms/alarms-command.ts')).alarmsCommand,
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
  audit: { help: 'AUDIT_HELP', load: async () => (await import('./runs/audit-command.ts')).auditCommand },
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
    isPlain: true,
    load: async () => (await import('./commands/devices/list.ts')).devicesCommand,
  },
  emulate: {
    help: 'EMULATE_HELP',
    load: async () => (await import('./commands/devices/emulate.ts')).emulateCommand,
  },
  probe: { help: 'PROBE_HELP', load: async () => (await import('./commands/devices/probe.ts')).probeCommand },
  watch: { help: 'WATCH_HELP', load: async () => (await import('./commands/devices/watch.ts')).watchCommand },
  check: { help: 'CHECK_HELP', load: async () => (await import('./commands/devices/check.ts')).checkCommand },
  trust: { help: 'TRUST_HELP', load: async () => (await import('./commands/opcua/trust.ts')).trustCommand },
  serve: { help: 'SERVE_HELP', load: async () => (await import('./serve/serve-command.ts')).serveCommand },
  fit: { help: 'FIT_HELP', load: async () => (await import('./commands/fit.ts')).fitCommand },
};

/** Runs the command that is named; returns its exit code. */
async function called(given: readonly string[]): Promise<number> {
  const [word, ...rest] = given;
  const named = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  const [command, args] = named === undefined ? [RUN, given] : [named, rest];
  if (args.includes('--help')) {
    console.log((await import('./help.ts'))[command.help]);
    return 0;
  }
  // Most schemas check a handful of values: to compile each takes longer than to use it.
  if (command.isPlain !== true) (await import('zod')).z.config({ jitless: true });
  const run = await command.load();
  return run(args);
}

/** Runs a command line and says on stderr what ended it; returns the exit code, 2 for bad input and 5 for a fault of our own. */
export async function runProgram(given: readonly string[]): Promise<number> {
  try {
    return await called(given);
  } catch (error) {
    const [{ messageOf }, { isBadInput }, { systemTrouble }] = await Promise.all([
      import('../../drivers/contract/errors.ts'),
      import('./run-files.ts'),
      import('./system-error.ts'),
    ]);
    const words = isBadInput(error) ? messageOf(error) : systemTrouble(error);
    console.error(words === undefined ? error : `cellbench: ${words}`);
    return words === undefined ? 5 : 2;
  }
}
