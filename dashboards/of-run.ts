/**
 * Which run is meant. An address on this machine is had by one program after the other: what is asked of the page of a run
 * carries the key of that run, and a page of another one refuses it.
 */

/** Header with the key of the run that is meant. */
export const OF_RUN = 'x-of-run';

/** Address of the page of a run with its key behind `#`: whoever asks there by `ofRun` asks that run and no other. */
export function pageOfRun(url: string, key: string): string {
  const page = new URL(url);
  page.hash = key;
  return page.href;
}

/** The header of what is asked of such a page; none where its address has no key. */
export function ofRun(page: string): Readonly<Record<string, string>> {
  const key = new URL(page).hash.slice(1);
  return key === '' ? {} : { [OF_RUN]: key };
}

/** Why something is not for the run of this key; undefined: it is, or says nothing of whom it is for, as the page's own. */
export function strangerReason(
  header: string | readonly string[] | undefined,
  key: string | undefined,
): string | undefined {
  return header === undefined || header === key
    ? undefined
    : 'this is the page of another run, expected the run that was asked for: nothing was done';
}

/** Status of such a refusal (of HTTP: misdirected request). */
export const OF_ANOTHER_RUN = 421;
