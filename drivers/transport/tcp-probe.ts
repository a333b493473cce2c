import { connect } from 'node:net';
import { plainReason } from '../contract/errors.ts';

/** A listener on a bench network takes a connection within this, ms. */
const PROBE_MS = 1_000;

/**
 * Why a client library could not connect, in plain words, where its own text names sockets and timers and no error code:
 * asks the address once by itself. `endpoint`: a URL with host and port; `expected`: what should listen there, e.g. `an
 * OPC UA server`. Never rejects.
 */
export function whyNoAnswer(endpoint: string, expected: string): Promise<string> {
  const { hostname, port } = new URL(endpoint);
  return new Promise(resolve => {
    const socket = connect({ host: hostname, port: Number(port), timeout: PROBE_MS });
    const say = (text: string): void => {
      socket.destroy();
      resolve(text);
    };
    socket.once('connect', () => say(`something listens there, but does not answer as ${expected}`));
    socket.once('timeout', () => say('no answer'));
    socket.once('error', error => say(plainReason(error)));
  });
}
