import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';

/** A built page, as it is served. */

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** What a page may load: what its own server gives, no script and no style inside the page. */
export const PAGE_POLICY =
  "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'none'";

/** One file of it. */
export interface PageFile {
  readonly body: Buffer;
  readonly type: string;
}

/**
 * Its files by the path under which they are asked for. It is small: it is read once and served from memory, so no path of a
 * request reaches the disk. @throws Error where it is not built
 */
export function readPage(
  dir: string = join(import.meta.dirname, 'page', 'dist'),
): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>();
  try {
    for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const type = MEDIA_TYPES[extname(entry.name)] ?? 'application/octet-stream';
      files.set('/' + path.slice(dir.length + 1).replaceAll(sep, '/'), { body: readFileSync(path), type });
    }
  } catch (error) {
    throw new Error(`dashboard: cannot read the page in ${dir}; expected the output of vite build`, {
      cause: error,
    });
  }
  if (!files.has('/index.html')) {
    throw new Error(`dashboard: no index.html in ${dir}; expected the output of vite build`);
  }
  return files;
}
