import type { OPCUACertificateManager, OPCUAClientOptions, UserIdentityInfo } from 'node-opcua';
import { DeviceError } from '../../contract/errors.ts';
import { type OpcuaAccess, securityText } from './access.ts';
import { offerFor, offersOf, offersText } from './endpoints.ts';
import { ownCertificate } from './own-certificate.ts';
import { certificateFacts, datesOf, factsText, isTrusted, ownOfChain, trustedLike } from './trust.ts';

/** How a client opens its channel, and what a person should hear of it. */
export interface Channel {
  readonly options: OPCUAClientOptions;
  readonly notices: readonly string[];
  /** Our own certificate, where the channel is secured: what a server must be given that does not know us. */
  readonly own?: string;
}

/** What a channel without security is told with; a server on this very machine is on no network. */
export function noticesOfNone(endpoint: string): readonly string[] {
  if (/^opc\.tcp:\/\/(127\.|localhost[:/])/i.test(endpoint)) return [];
  return [
    `${endpoint}: NOT SECURED (security: none): whoever is on this network can read and set everything, expected a network of its own`,
  ];
}

/**
 * The channel that the bench file asks for, and no other: what a server offers beside it is never taken in its place. A
 * server whose certificate the user has not trusted gets nothing of us. Rejects with `identity` and what to do.
 */
export async function channelFor(
  opcua: typeof import('node-opcua'),
  certificates: OPCUACertificateManager,
  of: {
    readonly endpoint: string;
    readonly access: OpcuaAccess;
    readonly utc_ms: number;
    readonly limit_ms: number;
  },
): Promise<Channel> {
  const { MessageSecurityMode, SecurityPolicy } = opcua;
  const { endpoint, access, utc_ms, limit_ms } = of;
  const { security, folder } = access;
  if (security === 'none') {
    return {
      options: { securityMode: MessageSecurityMode.None, securityPolicy: SecurityPolicy.None },
      notices: noticesOfNone(endpoint),
    };
  }
  const refused = (text: string): DeviceError => new DeviceError('identity', endpoint, text);
  const own = await ownCertificate(opcua, folder);
  const offers = await offersOf(opcua, certificates, endpoint, limit_ms);
  const offer = offerFor(offers, security);
  if (offer === undefined)
    throw refused(`does not offer ${securityText(security)}, it offers ${offersText(offers)}`);
  if (offer.certificate.length === 0) throw refused('offers a secured channel without a certificate');
  const certificate = ownOfChain(offer.certificate);
  const facts = certificateFacts(certificate);
  if (!isTrusted(folder, certificate)) {
    const before = trustedLike(folder, facts);
    const what =
      before === undefined
        ? `its certificate is not trusted yet: ${factsText(facts)}`
        : `shows another certificate than the one that is trusted for it, ${factsText(before)}: it was renewed, or somebody else answers there. It shows ${factsText(facts)}`;
    throw refused(
      `${what}. Compare it with what the server itself shows, then: npx cellbench trust ${endpoint} --thumbprint ${facts.sha256}`,
    );
  }
  const notices: string[] = [];
  for (const { at, whose, dates, remedy } of [
    {
      at: endpoint,
      whose: 'the certificate of the server',
      dates: datesOf(facts, utc_ms),
      remedy: 'let it make a new one there, then trust it (npx cellbench trust)',
    },
    {
      at: 'OPC UA',
      whose: `our own certificate ${own.certificateFile}`,
      dates: datesOf(own.facts, utc_ms),
      remedy: 'delete its folder "own", it is made again, and import it at the servers',
    },
  ]) {
    if (dates.wrong !== undefined) throw refused(`${whose} ${dates.wrong}; ${remedy}`);
    if (dates.ends !== undefined) notices.push(`${at}: ${whose} ${dates.ends}`);
  }
  const { user } = access;
  if (user !== undefined && 'password' in user && security.mode === 'sign' && offer.isPasswordOpen)
    throw refused(
      'would get the password in clear text over a channel that is only signed, expected signAndEncrypt',
    );
  return {
    options: {
      securityMode: security.mode === 'sign' ? MessageSecurityMode.Sign : MessageSecurityMode.SignAndEncrypt,
      securityPolicy: SecurityPolicy[security.policy],
      // Pinned: what was compared above is what the channel is opened with.
      serverCertificate: Buffer.from(offer.certificate),
      certificateFile: own.certificateFile,
      privateKeyFile: own.privateKeyFile,
      applicationUri: own.applicationUri,
    },
    notices,
    own: `${own.certificateFile}, SHA-1 ${own.facts.sha1}`,
  };
}

/** Who we say we are, as the library wants it. */
export function identityOf(opcua: typeof import('node-opcua'), { user }: OpcuaAccess): UserIdentityInfo {
  const { UserTokenType } = opcua;
  if (user === undefined) return { type: UserTokenType.Anonymous };
  if ('name' in user) return { type: UserTokenType.UserName, userName: user.name, password: user.password };
  return {
    type: UserTokenType.Certificate,
    certificateData: Buffer.from(user.certificate),
    privateKey: user.key,
  };
}
