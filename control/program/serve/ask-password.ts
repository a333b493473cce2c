import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { passwordSchema } from '../../../dashboards/door/people/password.ts';
import { UsageError } from '../options.ts';

/** Asks a person for a new password: twice at a terminal, where it is not shown; else the first line of stdin. @throws UsageError */
export async function askPassword(): Promise<string> {
  const isTerminal = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, output: nowhere(), terminal: isTerminal });
  const leaving = new AbortController();
  lines.once('SIGINT', () => leaving.abort());
  lines.once('close', () => leaving.abort());
  try {
    const ask = async (what: string): Promise<string> => {
      process.stderr.write(what);
      const answer = await lines.question('', { signal: leaving.signal }).catch(() => undefined);
      process.stderr.write('\n');
      if (answer === undefined) throw new UsageError('no password was given; nothing was changed');
      return answer;
    };
    const password = isTerminal ? await ask('Password: ') : await firstLine(lines);
    const misfit = passwordSchema.safeParse(password).error?.issues[0].message;
    if (misfit !== undefined) throw new UsageError(`the password: ${misfit}`);
    if (isTerminal && (await ask('Once more: ')) !== password)
      throw new UsageError('the passwords differ, expected the same one twice; nothing was changed');
    return password;
  } finally {
    lines.close();
  }
}

async function firstLine(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) return line;
  return '';
}

/** What is typed is not shown. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
