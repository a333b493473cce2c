import { PAGE_POLICY } from '../page-files.ts';

/** What a browser is told along with every answer. */

/** A report brings its own style and pictures, and needs no script: so none may run. The lab's page may show it in a frame. */
export const REPORT_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  'x-frame-options': 'SAMEORIGIN',
};

/** A file of an export: it is no page, whatever stands in it. */
export const FILE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
};

const ALWAYS: Readonly<Record<string, string>> = {
  'content-security-policy': PAGE_POLICY.replace(
    "default-src 'self'",
    "default-src 'self'; frame-src 'self'",
  ),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=()',
  'x-permitted-cross-domain-policies': 'none',
  'x-dns-prefetch-control': 'off',
  'cache-control': 'no-store',
};
/** Half a year: from then on the browser asks by TLS only. */
const OVER_TLS: Readonly<Record<string, string>> = { 'strict-transport-security': 'max-age=15552000' };

/** Headers of every answer. */
export function securityHeaders(scheme: 'http' | 'https'): Readonly<Record<string, string>> {
  return scheme === 'https' ? { ...ALWAYS, ...OVER_TLS } : ALWAYS;
}
