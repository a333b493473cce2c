import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Which servers this user trusts: the certificates themselves, one file each, named by their SHA-256. A certificate is
 * compared as a whole: those of PLCs often name another host or an old address.
 */

/** The folder of the user for OPC UA: own certificate and key, and `trusted/`. */
export function opcuaFolder(env: NodeJS.ProcessEnv = process.env): string {
  const config = env['XDG_CONFIG_HOME'] || env['APPDATA'] || join(env['HOME'] || homedir(), '.config');
  return join(config, 'cellbench', 'opcua');
}

/** What a person compares of a certificate. */
export interface CertificateFacts {
  /** SHA-256 and SHA-1 of the certificate, hex in capitals; tools of PLCs show the SHA-1. */
  readonly sha256: string;
  readonly sha1: string;
  /** Common name and the names in it (host, address, application URI). */
  readonly name: string;
  readonly altNames: string;
  /** ms since 1970 UTC. */
  readonly from_ms: number;
  readonly to_ms: number;
}

const sum = (kind: 'sha1' | 'sha256', der: Uint8Array): string =>
  createHash(kind).update(der).digest('hex').toUpperCase();

/** The first certificate of a chain (DER, one after the other): the server's own. */
export function ownOfChain(chain: Uint8Array): Uint8Array {
  return new X509Certificate(chain).raw;
}

/** Reads a certificate, DER or PEM. Throws if it is none. */
export function certificateFacts(certificate: Uint8Array | string): CertificateFacts {
  const x509 = new X509Certificate(certificate);
  return {
    sha256: sum('sha256', x509.raw),
    sha1: sum('sha1', x509.raw),
    name: /^CN=(.*)$/m.exec(x509.subject)?.[1] ?? x509.subject.replaceAll('\n', ', '),
    altNames: x509.subjectAltName ?? 'none',
    from_ms: Date.parse(x509.validFrom),
    to_ms: Date.parse(x509.validTo),
  };
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A certificate for people, in one line. */
export function factsText({ name, altNames, sha256, sha1, from_ms, to_ms }: CertificateFacts): string {
  return `"${name}" (${altNames}), valid ${day(from_ms)} to ${day(to_ms)}, SHA-256 ${sha256}, SHA-1 ${sha1}`;
}

/** An end this near is told, days. */
const TELL_D = 30;
const DAY_MS = 86_400_000;

/** What stands against the dates of a certificate now; `ends` while it holds, but not for long. */
export function datesOf(
  { from_ms, to_ms }: Pick<CertificateFacts, 'from_ms' | 'to_ms'>,
  utc_ms: number,
): { readonly wrong?: string; readonly ends?: string } {
  if (utc_ms < from_ms)
    return {
      wrong: `is valid from ${day(from_ms)} on only, today is ${day(utc_ms)}: look at the clocks of both`,
    };
  if (utc_ms > to_ms) return { wrong: `has ended on ${day(to_ms)}, today is ${day(utc_ms)}` };
  const left_d = (to_ms - utc_ms) / DAY_MS;
  return left_d <= TELL_D ? { ends: `ends on ${day(to_ms)}, in ${Math.floor(left_d)} days` } : {};
}

const fileOf = (folder: string, sha256: string): string => join(folder, 'trusted', `${sha256}.der`);

/** Whether this user trusts the certificate (DER). */
export function isTrusted(folder: string, certificate: Uint8Array): boolean {
  const path = fileOf(folder, sum('sha256', certificate));
  return existsSync(path) && readFileSync(path).equals(certificate);
}

const uriOf = ({ altNames }: CertificateFacts): string | undefined =>
  /URI:([^,]+)/.exec(altNames)?.[1].trim();

/**
 * The certificate that this user trusts of the same server: one with the same application URI, the newest. Undefined: none. Two
 * machines of one image may have one URI: it is told, never trusted by it.
 */
export function trustedLike(folder: string, facts: CertificateFacts): CertificateFacts | undefined {
  const uri = uriOf(facts);
  const inside = join(folder, 'trusted');
  if (uri === undefined || !existsSync(inside)) return undefined;
  return readdirSync(inside)
    .filter(name => name.endsWith('.der'))
    .flatMap(name => {
      try {
        return [certificateFacts(readFileSync(join(inside, name)))];
      } catch {
        return []; // No certificate: it is trusted by nobody.
      }
    })
    .filter(other => uriOf(other) === uri && other.sha256 !== facts.sha256)
    .sort((a, b) => b.from_ms - a.from_ms)[0];
}

/** Trusts a certificate (DER) from now on; harmless the second time. */
export function trust(folder: string, certificate: Uint8Array): void {
  const path = fileOf(folder, sum('sha256', certificate));
  mkdirSync(join(folder, 'trusted'), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, certificate, { mode: 0o600 });
  renameSync(draft, path);
}

/** Trusts it no longer; false where it was not trusted. */
export function distrust(folder: string, sha256: string): boolean {
  const path = fileOf(folder, sha256);
  const wasTrusted = existsSync(path);
  rmSync(path, { force: true });
  return wasTrusted;
}
