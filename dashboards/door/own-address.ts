import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { LOOPBACK } from '../own-hosts.ts';

/** Where the door listens, and under which names a browser may know it. */

/** Key and certificate (with those between it and its root), PEM. */
export interface Tls {
  readonly key: string;
  readonly cert: string;
}

/** Why the door is not opened: bad input, or what would not be safe. */
export class DoorRefusal extends Error {}

const LOCAL_HOSTS = new Set([LOOPBACK, 'localhost', '::1']);

/** Whether only this machine reaches it. */
export function isLocalHost(host: string): boolean {
  return LOCAL_HOSTS.has(host);
}

/** Other machines reach the door only through TLS, and only those who say who they are. @throws DoorRefusal */
export function mustBeSafe(host: string, tls: Tls | undefined, hasAccounts: boolean): void {
  if (isLocalHost(host)) return;
  const missing = [
    ...(tls === undefined ? ['TLS (--tls-cert, --tls-key)'] : []),
    ...(hasAccounts ? [] : ['accounts (--add-admin NAME)']),
  ];
  if (missing.length > 0)
    throw new DoorRefusal(
      `--host ${host}: other machines reach it, expected ${missing.join(' and ')}; or ${LOOPBACK}`,
    );
}

/** What a browser may call the door, and how it writes its address. */
export class OwnAddress {
  readonly scheme: 'http' | 'https';
  /** SHA-256 of the certificate, for whoever compares it; empty: no TLS. */
  readonly fingerprint: string;
  /** A name to call it by. */
  readonly name: string;
  readonly #certificate: X509Certificate | undefined;

  /** @throws DoorRefusal where the certificate is none, is over, or the key is not its own */
  constructor(host: string, tls: Tls | undefined, now_ms: number) {
    this.scheme = tls === undefined ? 'http' : 'https';
    this.#certificate = tls === undefined ? undefined : certificateOf(tls, now_ms);
    this.fingerprint = this.#certificate?.fingerprint256 ?? '';
    const name = isAnyAddress(host) ? (this.#nameInCertificate() ?? host) : host;
    this.name = isIP(name) === 6 ? `[${name}]` : name;
  }

  #nameInCertificate(): string | undefined {
    return /(?:DNS|IP Address):([^,\s*]+)/.exec(this.#certificate?.subjectAltName ?? '')?.[1];
  }

  /** How it writes the address of the door by the header `host`. */
  originOf(host: string): string {
    return `${this.scheme}://${host}`;
  }

  /**
   * Why a request does not come from a page of the door itself, or calls it by a name that is not its own; undefined: it does.
   * `Host` defeats DNS rebinding, `Origin` and `Sec-Fetch-Site` requests out of pages of others (RFC 6454, Fetch Metadata).
   */
  foreignReason(
    method: string,
    headers: {
      readonly host?: string | undefined;
      readonly origin?: string | undefined;
      readonly 'sec-fetch-site'?: string | string[] | undefined;
    },
  ): string | undefined {
    const { host = '', origin, 'sec-fetch-site': site } = headers;
    if (!this.#isOwn(host)) return `refused: host "${host}" is not this door; expected ${this.#expected()}`;
    if (origin !== undefined && origin !== this.originOf(host))
      return `refused: a page from "${origin}" may not talk to this door; expected ${this.originOf(host)}`;
    const isChange = method !== 'GET' && method !== 'HEAD';
    if (isChange && site !== undefined && site !== 'same-origin' && site !== 'none')
      return `refused: asked out of a page of another site; expected a page of ${this.originOf(host)}`;
    return undefined;
  }

  #isOwn(host: string): boolean {
    if (!URL.canParse(`http://${host}`)) return false;
    const { hostname, pathname, username } = new URL(`http://${host}`);
    if (pathname !== '/' || username !== '' || host.includes('/')) return false;
    const name = hostname.replace(/^\[|\]$/g, '');
    if (isLocalHost(name)) return true;
    if (this.#certificate === undefined) return false;
    const found = isIP(name) === 0 ? this.#certificate.checkHost(name) : this.#certificate.checkIP(name);
    return found !== undefined;
  }

  #expected(): string {
    const others = this.#certificate === undefined ? '' : ' or a name in its certificate';
    return `${LOOPBACK}, localhost${others}`;
  }
}

function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

function certificateOf({ key, cert }: Tls, now_ms: number): X509Certificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    throw new DoorRefusal('--tls-cert: is no certificate, expected PEM');
  }
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw new DoorRefusal('--tls-key: is no private key, expected PEM without a password');
  }
  if (!certificate.checkPrivateKey(privateKey))
    throw new DoorRefusal('--tls-key: is not the key of the certificate');
  if (certificate.validToDate.getTime() <= now_ms)
    throw new DoorRefusal(`--tls-cert: was valid until ${certificate.validTo}, expected one in force`);
  return certificate;
}
