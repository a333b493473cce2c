import * as help from '../../help.ts';

/** Reference of the commands: what `--help` prints. */

/** The page. */
export function commandsPage(): string {
  const own = (name: string): string => (name === 'HELP' ? '' : name);
  const texts = Object.entries(help).sort(([a], [b]) => (own(a) < own(b) ? -1 : 1));
  const parts = texts.map(([, text]) => {
    const [title, ...rest] = text.split('\n');
    return [`## ${title.replace(/:.*/, '')}`, `\`\`\`text\n${[title, ...rest].join('\n')}\n\`\`\``].join(
      '\n\n',
    );
  });
  return ['# Reference: commands', ...parts].join('\n\n');
}
