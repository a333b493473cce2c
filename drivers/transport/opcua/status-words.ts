/** What a server's status codes mean for whoever stands at the bench, and what to do. Codes: OPC UA part 4, 7.39. */

const LOOK_AT_TRUST =
  'the server does not trust our certificate yet: import it there among its trusted clients (TIA: certificate manager; TwinCAT and CODESYS: move it from rejected or quarantined to trusted)';

const WORDS: Readonly<Record<string, string>> = {
  BadSecurityChecksFailed: LOOK_AT_TRUST,
  BadCertificateUntrusted: LOOK_AT_TRUST,
  BadCertificateUriInvalid:
    'the application URI of our certificate is not the one we say: delete the folder "own" of our certificate, it is made again',
  BadCertificateTimeInvalid:
    'a certificate is out of its dates: look at the clock of the PLC and of this computer',
  BadCertificateHostNameInvalid: 'the server finds its host name missing in a certificate',
  BadCertificateUseNotAllowed: 'the server does not take our certificate for this use',
  BadCertificateInvalid: 'the server finds our certificate invalid',
  BadIdentityTokenInvalid: 'the server does not take this kind of user: look at "user" of the bench file',
  BadIdentityTokenRejected:
    'the server does not know this user or the password is wrong: look at "user" of the bench file',
  BadUserAccessDenied: 'this user may not do that at the server: name or password wrong, or no right to it',
  BadUserSignatureInvalid: "the key does not belong to the user's certificate",
  BadTooManySessions:
    'the server has all its sessions in use: close another client, or wait until it forgets one',
  BadSecurityPolicyRejected: 'the server does not take this security policy',
  BadSecurityModeRejected: 'the server does not take this security mode',
  BadTooManyOperations: 'the server takes fewer nodes in one request',
};

/** These are about our certificate: the person needs to know which. */
export const ABOUT_OURS: ReadonlySet<string> = new Set([
  'BadSecurityChecksFailed',
  'BadCertificateUntrusted',
  'BadCertificateUriInvalid',
  'BadCertificateUseNotAllowed',
  'BadCertificateInvalid',
]);

/** The name, the password or the key of a user was wrong: to try it again and again may lock an account. */
export const ABOUT_USER: ReadonlySet<string> = new Set([
  'BadIdentityTokenRejected',
  'BadUserAccessDenied',
  'BadUserSignatureInvalid',
]);

/**
 * The status code that the library's error names (it hands codes out within its texts only), with its meaning;
 * undefined where it names none. `isCode`: whether a name is one.
 */
export function statusWords(
  text: string,
  isCode: (name: string) => boolean,
): { readonly code: string; readonly words: string } | undefined {
  const code = text.match(/\bBad[A-Z]\w+/g)?.find(isCode);
  if (code === undefined) return undefined;
  const words = WORDS[code];
  return { code, words: words === undefined ? `the server answers ${code}` : `${words} (${code})` };
}
