/**
 * Over an open channel an answer has no checksum. One that lost bytes on its way (a gateway, a NAT) is made whole with the first bytes
 * of the next one, and what stands behind the loss is read from the wrong place: its content ends before its bytes do, or behind them.
 */

type Library = typeof import('node-opcua');

/** What the library gives the bytes of an answer in. */
interface Bytes {
  /** So many have been read. */
  readonly length: number;
  readonly buffer: Uint8Array;
}

const prepared = new WeakSet<object>();

/**
 * From now on an answer whose content does not end where its bytes do is one that the server failed: the library does not look, and
 * what cannot be read at all it drops without a word to whoever asked.
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
