import type { EndpointDescription, OPCUACertificateManager } from 'node-opcua';
import { type ChannelSecurity, MODES, type OpcuaAccess, securityText } from './access.ts';

/** What a server offers (GetEndpoints, OPC UA part 4, 5.4.4), which it tells over an open channel before any trust. */

type Library = typeof import('node-opcua');
type Security = OpcuaAccess['security'];

/** One way into a server. */
export interface Offer {
  readonly security: Security;
  /** The chain of its certificate, DER; empty for none. */
  readonly certificate: Uint8Array;
  /** Kinds of users that it lets in. */
  readonly users: readonly ('anonymous' | 'name' | 'certificate')[];
  /** A password would go in clear text, but for what the channel does. */
  readonly isPasswordOpen: boolean;
}

/** The offers of a server, in its order; those of unknown policies left out. Rejects with what the library says. */
export async function offersOf(
  opcua: Library,
  certificates: OPCUACertificateManager,
  endpoint: string,
  limit_ms: number,
): Promise<Offer[]> {
  const client = opcua.OPCUAClient.create({
    applicationName: 'cellbench',
    clientCertificateManager: certificates,
    securityMode: opcua.MessageSecurityMode.None,
    securityPolicy: opcua.SecurityPolicy.None,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 100 },
    transportTimeout: limit_ms,
    defaultTransactionTimeout: limit_ms,
  });
  try {
    await client.connect(endpoint);
    return (await client.getEndpoints()).flatMap(entry => offerOf(opcua, entry));
  } finally {
    await client.disconnect();
  }
}

function offerOf(opcua: Library, entry: EndpointDescription): Offer[] {
  const security = securityOf(opcua, entry);
  if (security === undefined) return [];
  const { UserTokenType } = opcua;
  const tokens = entry.userIdentityTokens ?? [];
  const kinds = [
    [UserTokenType.Anonymous, 'anonymous'],
    [UserTokenType.UserName, 'name'],
    [UserTokenType.Certificate, 'certificate'],
  ] as const;
  const named = tokens.filter(token => token.tokenType === UserTokenType.UserName);
  return [
    {
      security,
      certificate: entry.serverCertificate ?? new Uint8Array(),
      users: kinds.flatMap(([type, kind]) => (tokens.some(token => token.tokenType === type) ? [kind] : [])),
      isPasswordOpen: named.some(token => token.securityPolicyUri === opcua.SecurityPolicy.None),
    },
  ];
}

function securityOf(opcua: Library, entry: EndpointDescription): Security | undefined {
  const { MessageSecurityMode } = opcua;
  if (entry.securityMode === MessageSecurityMode.None) return 'none';
  const policy = entry.securityPolicyUri?.split('#')[1];
  const mode = entry.securityMode === MessageSecurityMode.Sign ? MODES[0] : MODES[1];
  // Old ones (Basic128Rsa15, Basic256) are broken: they are as good as not offered.
  const known: Readonly<Record<string, ChannelSecurity['policy']>> = {
    Basic256Sha256: 'Basic256Sha256',
    Aes128_Sha256_RsaOaep: 'Aes128_Sha256_RsaOaep',
    Aes256_Sha256_RsaPss: 'Aes256_Sha256_RsaPss',
  };
  return policy !== undefined && known[policy] !== undefined ? { policy: known[policy], mode } : undefined;
}

/** The offer that is asked for. */
export function offerFor(offers: readonly Offer[], security: Security): Offer | undefined {
  return offers.find(offer => securityText(offer.security) === securityText(security));
}

/** What is offered, for people: `none (anonymous), Basic256Sha256 sign (name)`. */
export function offersText(offers: readonly Offer[]): string {
  if (offers.length === 0) return 'nothing that is known here';
  return offers
    .map(({ security, users }) => `${securityText(security)} (user: ${users.join(' or ')})`)
    .join(', ');
}
