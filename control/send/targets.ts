import type { SinkSpec, SinkTarget } from '../contract/sinks.ts';
import { readSecret, type SecretPlace } from './secret.ts';

/** The sinks of a bench file with their secrets, ready to be sent to. */

/**
 * The sinks that a run of this mode is sent to: what is simulated goes to the bucket for rehearsals, or nowhere.
 * @throws FileError naming the line of a secret that is not there, or that others may read
 */
export function targetsFor(
  mode: string,
  sinks: Readonly<Record<string, SinkSpec>>,
  place: SecretPlace,
): SinkTarget[] {
  return Object.entries(sinks).flatMap(([name, { url, org, timeout_s, token, ...sink }]) => {
    const bucket = mode === 'bench' ? sink.bucket : sink.rehearsals;
    if (mode !== 'bench' && bucket === 'none') return [];
    const at = ['sinks', name, 'token'];
    const secret = token === undefined ? undefined : readSecret(token, at, 'the store', place);
    return [{ name, url, org, bucket, token: secret, timeout_s }];
  });
}
