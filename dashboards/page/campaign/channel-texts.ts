/** How a channel is called and where its page is. */

/** 03: two digits, as it stands in the matrix. */
export function numberText(number: number): string {
  return String(number).padStart(2, '0');
}

/** Address of a run's live page below the page of its campaign. */
export function pageOf(run: string): string {
  return `run/${encodeURIComponent(run)}/`;
}
