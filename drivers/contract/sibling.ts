/**
 * Where the module `name` beside the file `own` (its `import.meta.url`) lies: `./name.ts` in a checkout, which runs the
 * TypeScript as it stands, and `./name.js` in the installed package. For threads and processes, whose file no import
 * names.
 */
export function siblingUrl(own: string, name: string): URL {
  return new URL(`${name}${own.slice(own.lastIndexOf('.'))}`, own);
}
