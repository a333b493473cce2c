import { useEffect, useState } from 'preact/hooks';

/** Where a person is on the page: behind the `#`, so that it can be sent to somebody and gone back from. */

export const PAGES = [
  'benches',
  'methods',
  'start',
  'runs',
  'report',
  'compare',
  'campaigns',
  'edit',
  'people',
] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
  readonly page: PageName;
  /** What of it: a run, a campaign, a method; empty: the list. */
  readonly name: string;
  readonly query: URLSearchParams;
}

/** `#/runs/a%2Fb?x=y`. What is not known is the list of benches. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [first = '', name = ''] = path.split('/');
  const page = PAGES.find(one => one === first) ?? 'benches';
  return { page, name: decoded(name), query: new URLSearchParams(query) };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Address of a place on the page. */
export function to(page: PageName, name = '', query: Readonly<Record<string, string>> = {}): string {
  const asked = new URLSearchParams(query).toString();
  const path = name === '' ? `#/${page}` : `#/${page}/${encodeURIComponent(name)}`;
  return asked === '' ? path : `${path}?${asked}`;
}

export function goTo(address: string): void {
  location.hash = address;
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onChange = (): void => setHash(location.hash);
    addEventListener('hashchange', onChange);
    return () => removeEventListener('hashchange', onChange);
  }, []);
  return routeOf(hash);
}
