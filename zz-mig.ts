import { readFileSync, writeFileSync } from 'node:fs';
import { migrate } from './profiles/language/migrate/migrate.ts';

const modes = new Map([
  [0, 'rest'],
  [1, 'cc'],
  [2, 'cv'],
  [3, 'cp'],
] as const);
for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.yaml')) {
    const { text: made, warnings } = migrate(path, text, modes);
    writeFileSync(path, made);
    console.log(path, warnings);
    continue;
  }
  const done = text.replace(/`\n?method: [^`]*?version: 1\n[^`]*`/g, found => {
    const inner = found.slice(1, -1);
    if (inner.includes('${')) {
      console.log(path, 'BY HAND');
      return found;
    }
    try {
      const { text: made, warnings } = migrate(path, inner.replace(/^\n/, ''), modes);
      if (warnings.length) console.log(path, warnings);
      const lead = inner.startsWith('\n') ? '\n' : '';
      return `\`${lead}${made}${/\n$/.test(inner) ? '' : ''}\``;
    } catch (error) {
      console.log(path, String(error));
      return found;
    }
  });
  writeFileSync(path, done);
}
