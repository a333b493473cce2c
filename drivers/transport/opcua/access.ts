/** How a server is approached: over which kind of channel, and as whom. Secrets in it live in memory only. */

/** Security policies that are offered here (OPC UA part 7): what signs and encrypts. */
export const POLICIES = ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const;

/** Whether messages are only signed, or encrypted too. */
export const MODES = ['sign', 'signAndEncrypt'] as const;

/** A secured channel. */
export interface ChannelSecurity {
  readonly policy: (typeof POLICIES)[number];
  readonly mode: (typeof MODES)[number];
}

/** Who the user is: by a password, or by a certificate (DER) and its key (PEM). */
export type OpcuaUser =
  | { readonly name: string; readonly password: string }
  | { readonly certificate: Uint8Array; readonly key: string };

/** `folder`: where the user's own certificate and the trusted ones lie. */
export interface OpcuaAccess {
  readonly security: 'none' | ChannelSecurity;
  readonly user?: OpcuaUser;
  readonly folder: string;
}

/** A channel for people: `Basic256Sha256 signAndEncrypt`, `none`. */
export function securityText(security: OpcuaAccess['security']): string {
  return security === 'none' ? 'none' : `${security.policy} ${security.mode}`;
}
