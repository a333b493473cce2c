import type { OPCUACertificateManager } from 'node-opcua';
import { messageOf } from '../../contract/errors.ts';
import { whyNoAnswer } from '../tcp-probe.ts';
import type { OpcuaAccess } from './access.ts';
import { offerFor, offersOf, offersText } from './endpoints.ts';
import { ABOUT_OURS, ABOUT_USER, statusWords } from './status-words.ts';

/** Asking once more what a server offers may take so long, ms. */
const ASK_MS = 1_000;

/**
 * Says in plain words why a connection or a session did not come about: by the status code where there is one, else by
 * what the server offers, asked once more, else by what the address itself answers. `own`: our certificate, of a secured
 * channel. Never rejects.
 */
export function explainer(
  opcua: typeof import('node-opcua'),
  certificates: OPCUACertificateManager,
  endpoint: string,
  access: OpcuaAccess,
): (error: unknown, own?: string) => Promise<string> {
  const isCode = (name: string): boolean => Object.hasOwn(opcua.StatusCodes, name);
  const { security, user } = access;
  return async (error, own) => {
    const ours = own === undefined ? '' : `; our certificate: ${own}`;
    const said = statusWords(messageOf(error), isCode);
    if (said !== undefined) return `${said.words}${ABOUT_OURS.has(said.code) ? ours : ''}`;
    const offers = await offersOf(opcua, certificates, endpoint, ASK_MS).catch(() => undefined);
    if (offers === undefined) return whyNoAnswer(endpoint, 'an OPC UA server');
    const offer = offerFor(offers, security);
    const offered = `it offers ${offersText(offers)}`;
    if (offer === undefined)
      return security === 'none'
        ? `takes no channel that is not secured, ${offered}: name one of them as "security" in the bench file`
        : `no longer offers what the bench file names, ${offered}`;
    const kind = user === undefined ? 'anonymous' : 'name' in user ? 'name' : 'certificate';
    if (!offer.users.includes(kind)) {
      const who = {
        anonymous: 'nobody without a name',
        name: 'no user by name',
        certificate: 'no user by certificate',
      };
      return `lets ${who[kind]} in, ${offered}: look at "user" in the bench file`;
    }
    return own === undefined
      ? `answers, but no session came about: ${messageOf(error).split('\n')[0]}`
      : `hung up on our secured channel: most likely it does not trust our certificate yet, import it there${ours}`;
  };
}

/** Whether a session did not come about because of the user that asked for it. */
export function refusesUser(opcua: typeof import('node-opcua'), error: unknown): boolean {
  const said = statusWords(messageOf(error), name => Object.hasOwn(opcua.StatusCodes, name));
  return said !== undefined && ABOUT_USER.has(said.code);
}
