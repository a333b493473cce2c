import { z } from 'zod';
import { realClock } from '../../../../drivers/contract/clock.ts';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import { offersOf, offersText } from '../../../../drivers/transport/opcua/endpoints.ts';
import { ownCertificate } from '../../../../drivers/transport/opcua/own-certificate.ts';
import { prepareOpcuaLibrary } from '../../../../drivers/transport/opcua/session.ts';
import {
  certificateFacts,
  datesOf,
  distrust,
  factsText,
  isTrusted,
  opcuaFolder,
  ownOfChain,
  trust,
} from '../../../../drivers/transport/opcua/trust.ts';
import { whyNoAnswer } from '../../../../drivers/transport/tcp-probe.ts';
import { readOptions, UsageError } from '../../options.ts';

const thumbprint = z
  .string()
  .transform(text => text.replace(/[\s:]/g, '').toUpperCase())
  .refine(text => /^[0-9A-F]{64}$/.test(text), 'expected the SHA-256 of a certificate, 64 hex digits')
  .optional();
const schema = z.strictObject({
  endpoint: z.string().regex(/^opc\.tcp:\/\/[^\s:/]+:\d+(\/\S*)?$/, 'expected opc.tcp://host:port'),
  thumbprint,
  forget: thumbprint,
  help: z.boolean().default(false),
});

/** A server answers within this, ms. */
const ANSWER_MS = 5_000;

/** `cellbench trust ENDPOINT`: shows the certificates of an OPC UA server, and trusts the one that was compared. */
export async function trustCommand(args: readonly string[]): Promise<number> {
  const { endpoint, thumbprint, forget } = readOptions(args, {
    schema,
    flags: ['help'],
    words: ['endpoint'],
    help: 'npx cellbench trust --help',
  });
  const folder = opcuaFolder();
  if (forget !== undefined) {
    if (!distrust(folder, forget)) throw new UsageError(`--forget ${forget}: no such certificate is trusted`);
    console.log(`not trusted any more: ${forget}`);
    return 0;
  }
  const { opcua, certificates } = await prepareOpcuaLibrary();
  const own = await ownCertificate(opcua, folder);
  const offers = await offersOf(opcua, certificates, endpoint, ANSWER_MS).catch(async (error: unknown) => {
    const why = await whyNoAnswer(endpoint, 'an OPC UA server');
    throw new UsageError(`${endpoint}: ${why === '' ? messageOf(error) : why}`);
  });
  const shown = new Map(
    offers
      .filter(({ certificate }) => certificate.length > 0)
      .map(({ certificate }) => ownOfChain(certificate))
      .map(der => [certificateFacts(der).sha256, der] as const),
  );
  console.log(`${endpoint} offers ${offersText(offers)}`);
  console.log(`our own certificate, to be imported there: ${own.certificateFile}\n  ${factsText(own.facts)}`);
  if (shown.size === 0)
    throw new UsageError(`${endpoint} shows no certificate: it cannot be reached secured`);
  if (thumbprint !== undefined) {
    const der = shown.get(thumbprint);
    if (der === undefined)
      throw new UsageError(
        `${endpoint} shows no certificate with SHA-256 ${thumbprint}, it shows ${[...shown.keys()].join(', ')}`,
      );
    trust(folder, der);
  }
  const now_ms = realClock().utc_ms();
  for (const [sha256, der] of shown) {
    const facts = certificateFacts(der);
    const { wrong, ends } = datesOf(facts, now_ms);
    const dates = wrong ?? ends;
    console.log(`${isTrusted(folder, der) ? 'trusted' : 'NOT trusted'}: ${factsText(facts)}`);
    if (dates !== undefined) console.log(`  it ${dates}`);
    if (!isTrusted(folder, der))
      console.log(
        `  compare it with what the server itself shows, then: npx cellbench trust ${endpoint} --thumbprint ${sha256}`,
      );
  }
  return [...shown.values()].every(der => isTrusted(folder, der)) ? 0 : 1;
}
