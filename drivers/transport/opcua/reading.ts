import type { DataValue } from 'node-opcua';
import type { OpcuaReading, OpcuaStatus } from './request.ts';
import { hasSubCode, numbersOf, severityOf } from './values.ts';

/** A value as a server gives it, in our words; asked for or brought by a subscription. */

/** A status code by name and severity. */
export function statusOf(code: { readonly name: string; readonly value: number }): OpcuaStatus {
  return {
    status: code.name,
    severity: severityOf(code.value),
    ...(hasSubCode(code.value) ? { isQualified: true } : {}),
  };
}

/** Number or numbers of a value, with its status and its time stamps. */
export function readingOf({ statusCode, value, sourceTimestamp, serverTimestamp }: DataValue): OpcuaReading {
  return {
    ...statusOf(statusCode),
    ...numbersOf(value),
    ...(sourceTimestamp ? { sourceTime_ms: sourceTimestamp.getTime() } : {}),
    ...(serverTimestamp ? { serverTime_ms: serverTimestamp.getTime() } : {}),
  };
}

type Library = typeof import('node-opcua');

/** What the library gives the bytes of an answer in. */
interface Bytes {
  /** So many have been read. */
  readonly length: number;
  readonly buffer: Uint8Array;
}

const prepared = new WeakSet<object>();

/**
 * Over an open channel an answer has no checksum. One that lost bytes on its way (a gateway, a NAT) is made whole with the
 * first bytes of the next one, and what stands behind the loss is read from the wrong place: its content ends before its
 * bytes do, or behind them. From now on such an answer is one that the server failed: the library does not look, and what
 * cannot be read at all it drops without a word to whoever asked.
 */
export function refuseTornAnswers(opcua: Library): void {
  for (const Answer of [opcua.ReadResponse, opcua.WriteResponse, opcua.PublishResponse]) {
    const made = Answer.prototype;
    if (prepared.has(made)) continue;
    prepared.add(made);
    const { decode } = made;
    made.decode = function (this: InstanceType<typeof Answer>, bytes) {
      const { buffer } = bytes as Bytes;
      let isWhole = false;
      try {
        decode.call(this, bytes);
        isWhole = bytes.length === buffer.length;
      } catch {
        // As one that ends elsewhere.
      }
      if (isWhole) return;
      this.results = [];
      this.responseHeader.serviceResult = opcua.StatusCodes.BadDecodingError;
    };
  }
}
