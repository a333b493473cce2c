/**
 * What the files are that a run is made from: bench file, method, procedures that it calls, load profiles, faults of a
 * simulated run, and the data that the bench file names.
 */
export const INPUT_KINDS = ['bench', 'method', 'procedure', 'load', 'faults', 'data'] as const;
export type InputKind = (typeof INPUT_KINDS)[number];

/** Those that come with a method: an edit of it brings its own. */
export function isOfMethod(what: InputKind): boolean {
  return what === 'method' || what === 'procedure' || what === 'load';
}
