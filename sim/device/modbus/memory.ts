import {
  bitsReply,
  EXCEPTION,
  echoReply,
  exceptionReply,
  parseRequest,
  registersReply,
} from '../modbus-codec.ts';

/** Tables of an instrument that speaks Modbus (Application Protocol V1.1b3, 4.3). */
export type Table = 'coil' | 'discrete' | 'holding' | 'input';
const TABLE_OF: Readonly<Record<number, Table>> = {
  1: 'coil',
  2: 'discrete',
  3: 'holding',
  4: 'input',
  5: 'coil',
  6: 'holding',
  16: 'holding',
};

/** What a write says against a value: an exception code, nothing if it is taken. */
export type Taken = number | undefined;

interface Entry {
  readonly address: number;
  readonly width: number;
  read(): readonly number[];
  write?(words: readonly number[]): Taken;
}

/** The registers of an instrument as its paper lists them, each with what stands behind it. */
export class Memory {
  readonly #tables: Readonly<Record<Table, Map<number, Entry>>> = {
    coil: new Map(),
    discrete: new Map(),
    holding: new Map(),
    input: new Map(),
  };

  #add(tables: readonly Table[], entry: Entry): this {
    for (const table of tables) {
      for (let i = 0; i < entry.width; i++) this.#tables[table].set(entry.address + i, entry);
    }
    return this;
  }

  /** One 16-bit register; `get` may give a negative number. */
  word(
    tables: Table | readonly Table[],
    address: number,
    get: () => number,
    set?: (value: number) => Taken,
  ): this {
    return this.#add(listOf(tables), {
      address,
      width: 1,
      read: () => [get() & 0xffff],
      write: set && (([value]) => set(value)),
    });
  }

  /** A coil or a discrete input. */
  bit(table: 'coil' | 'discrete', address: number, get: () => boolean, set?: (on: boolean) => Taken): this {
    return this.#add([table], {
      address,
      width: 1,
      read: () => [Number(get())],
      write: set && (([value]) => set(value !== 0)),
    });
  }

  /** 32 bit unsigned in two registers, high word first unless said. */
  long(
    tables: Table | readonly Table[],
    address: number,
    get: () => number,
    set?: (value: number) => Taken,
  ): this {
    return this.#two(
      tables,
      address,
      view => view.setUint32(0, get()),
      set && (view => set(view.getUint32(0))),
      false,
    );
  }

  /** IEEE 754 single in two registers. */
  float(
    tables: Table | readonly Table[],
    address: number,
    get: () => number,
    set?: (value: number) => Taken,
    isLowFirst = false,
  ): this {
    return this.#two(
      tables,
      address,
      view => view.setFloat32(0, get()),
      set && (view => set(view.getFloat32(0))),
      isLowFirst,
    );
  }

  #two(
    tables: Table | readonly Table[],
    address: number,
    put: (view: DataView) => void,
    take: ((view: DataView) => Taken) | undefined,
    isLowFirst: boolean,
  ): this {
    const [high, low] = isLowFirst ? [1, 0] : [0, 1];
    return this.#add(listOf(tables), {
      address,
      width: 2,
      read() {
        const view = new DataView(new ArrayBuffer(4));
        put(view);
        const words = [view.getUint16(0), view.getUint16(2)];
        return [words[high], words[low]];
      },
      write:
        take &&
        (words => {
          const view = new DataView(new ArrayBuffer(4));
          view.setUint16(0, words[high]);
          view.setUint16(2, words[low]);
          return take(view);
        }),
    });
  }

  /** What the instrument answers to a PDU. */
  answer(pdu: Uint8Array): Uint8Array {
    const request = parseRequest(pdu);
    if ('exception' in request) return exceptionReply(pdu[0], request.exception);
    const { fn, address } = request;
    const table = this.#tables[TABLE_OF[fn]];
    if (fn <= 4 && 'count' in request) {
      const words: number[] = [];
      for (let at = address; at < address + request.count; at++) {
        const entry = table.get(at);
        if (entry === undefined) return exceptionReply(fn, EXCEPTION.illegalAddress);
        words.push(entry.read()[at - entry.address]);
      }
      return fn <= 2 ? bitsReply(fn, words.map(Boolean)) : registersReply(fn, words);
    }
    const values = 'values' in request ? [...request.values] : 'value' in request ? [request.value] : [];
    for (let at = 0; at < values.length; ) {
      const entry = table.get(address + at);
      // A value is written as a whole.
      if (entry === undefined || entry.address !== address + at || at + entry.width > values.length) {
        return exceptionReply(fn, EXCEPTION.illegalAddress);
      }
      if (entry.write === undefined) return exceptionReply(fn, EXCEPTION.illegalAddress);
      const against = entry.write(values.slice(at, at + entry.width));
      if (against !== undefined) return exceptionReply(fn, against);
      at += entry.width;
    }
    return echoReply(fn, address, fn === 16 ? values.length : values[0]);
  }
}

function listOf(tables: Table | readonly Table[]): readonly Table[] {
  return typeof tables === 'string' ? [tables] : tables;
}
