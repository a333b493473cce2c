import { messageOf } from '../../drivers/contract/errors.ts';
import { fitCommand } from './commands/fit.ts';
import { rehearseCommand } from './commands/rehearse.ts';
import { runCommand } from './commands/run.ts';
import { isBadInput } from './run-files.ts';

/** The program: hands the command line to the command that its first word names; no word means a run. */

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {
  rehearse: rehearseCommand,
  fit: fitCommand,
};

try {
  const [word, ...rest] = process.argv.slice(2);
  const command = word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
  const code = await (command === undefined ? runCommand(process.argv.slice(2)) : command(rest));
  process.exitCode = Math.max(code, Number(process.exitCode ?? 0));
} catch (error) {
  console.error(isBadInput(error) ? `cellbench: ${messageOf(error)}` : error);
  process.exitCode = isBadInput(error) ? 2 : 5;
}
