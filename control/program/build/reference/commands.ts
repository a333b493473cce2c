import * as help from '../../help.ts';

/** Reference of the commands: what `--help` prints. */

/** The page. */
export function commandsPage(): string {
  const parts = Object.values(help).map(text => {
    const [title, ...rest] = text.split('\n');
    return [`## ${title.replace(/:.*/, '')}`, `\`\`\`text\n${[title, ...rest].join('\n')}\n\`\`\``].join(
      '\n\n',
    );
  });
  return ['# Reference: commands', ...parts].join('\n\n');
}
