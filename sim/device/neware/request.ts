/** What a client of a BTS server says, read by the emulator's own reader: tags with attributes, texts as they stand. */

/** One request: its command, and its tags in order. */
export interface BtsRequest {
  readonly cmd: string;
  readonly tags: readonly {
    readonly name: string;
    readonly own: Readonly<Record<string, string>>;
    readonly text: string;
  }[];
}

/** The request in a message; undefined where it is none. */
export function requestOf(text: string): BtsRequest | undefined {
  if (!text.startsWith('<?xml') || !text.includes('</bts>')) return undefined;
  const tags: { name: string; own: Record<string, string>; text: string }[] = [];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    const close = text.indexOf('>', at);
    const body = text
      .slice(at + 1, close)
      .replace(/\/$/, '')
      .trim();
    if (close < 0 || !/^\w/.test(body)) continue;
    const [name] = body.split(/\s/);
    const own: Record<string, string> = {};
    for (const [, key, value] of body.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)) own[key] = unescaped(value);
    tags.push({ name, own, text: unescaped(text.slice(close + 1, text.indexOf('<', close)).trim()) });
  }
  const cmd = tags.find(tag => tag.name === 'cmd')?.text;
  return cmd === undefined ? undefined : { cmd, tags };
}

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
/** Text inside an attribute. */
export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
