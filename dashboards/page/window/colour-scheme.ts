import { useEffect, useMemo, useState } from 'preact/hooks';

/** 'dark' or 'light', as the system asks; charts are drawn afresh when it changes. */
export function useColourScheme(): string {
  const query = useMemo(() => matchMedia('(prefers-color-scheme: dark)'), []);
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const listen = (event: MediaQueryListEvent): void => setDark(event.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, [query]);
  return dark ? 'dark' : 'light';
}
