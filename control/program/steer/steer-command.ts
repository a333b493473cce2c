import { parseArgs } from 'node:util';
import type { Command } from '../../view.ts';
import { UsageError } from '../options.ts';
import { EXIT } from '../result/outcome.ts';
import { askRun } from './door.ts';

/** `cellbench skip|limit`: from another terminal what the page and the run's own terminal do. */

const OPTIONS = { by: { type: 'string' }, reason: { type: 'string' } } as const;

/** What stands on the command line: the words, who and why. @throws UsageError */
function read(
  args: readonly string[],
  words: readonly string[],
): { given: string[]; by: string; reason: string } {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { positionals, values } = parsed;
  if (positionals.length !== words.length)
    throw new UsageError(`found ${positionals.length} words, expected ${words.join(' ')}`);
  const { by = '', reason = '' } = values;
  if (!/\S/.test(by)) throw new UsageError('--by: expected the name of who asks');
  if (!/\S/.test(reason)) throw new UsageError('--reason: expected why');
  return { given: positionals, by, reason };
}

async function asked(dir: string, command: Command): Promise<number> {
  const { accepted, text } = await askRun(dir, command);
  if (!accepted) throw new UsageError(`refused: ${text}`);
  console.log(text);
  return EXIT.completed;
}

/** `cellbench skip RUN --by NAME --reason WHY`. */
export async function skipCommand(args: readonly string[]): Promise<number> {
  const { given, ...who } = read(args, ['RUN']);
  return asked(given[0], { command: 'skip', ...who });
}

/** `cellbench limit RUN ID VALUE --by NAME --reason WHY`. */
export async function limitCommand(args: readonly string[]): Promise<number> {
  const { given, ...who } = read(args, ['RUN', 'ID', 'VALUE']);
  const [dir, interlock, text] = given;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new UsageError(`VALUE: found "${text}", expected a number`);
  return asked(dir, { command: 'limit', interlock, value, ...who });
}
