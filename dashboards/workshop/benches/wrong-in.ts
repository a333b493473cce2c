import type { Finding, LabBench } from '../../door/lab.ts';

/** The first error in the file of a bench: nothing can be started on it; undefined: there is none. */
export function wrongIn({ findings }: Pick<LabBench, 'findings'>): Finding | undefined {
  return findings.find(({ severity }) => severity === 'error');
}
