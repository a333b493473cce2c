import type {
  CallMethodResultOptions,
  ISessionContext,
  UAMethod,
  UAObject,
  UAVariable,
  Variant,
} from 'node-opcua';
import { messageOf } from '../../../../drivers/contract/errors.ts';
import type { Model } from './model.ts';

/** A file that is read over OPC UA (part 20, FileType): its text is made when somebody opens it. */

const READ = 1;
/** So many are open at once; one that nobody has used for LEFT_S is closed for a new one. */
const MOST_OPEN = 10;
const LEFT_S = 120;
/** As much as one answer takes at the most. */
const MOST_BYTES = 1 << 20;

interface Open {
  readonly bytes: Buffer;
  readonly session: ISessionContext['session'];
  at: number;
  used_s: number;
}

/** Where it stands, how it is called, and what is in it. */
export interface FileOf {
  readonly name: string;
  readonly mime: string;
  read(): Promise<string>;
}

/** Adds it to a set of files. Nobody writes it. */
export function addFile(model: Model, set: UAObject, { name, mime, read }: FileOf): void {
  const { DataType, StatusCodes } = model.opcua;
  const file = model.makeFile(name, set);
  const open = new Map<number, Open>();
  let size: number | undefined;
  let last = 0;
  model.say(file, 'Writable', DataType.Boolean, false);
  model.say(file, 'UserWritable', DataType.Boolean, false);
  model.say(file, 'MimeType', DataType.String, mime);
  const now = (look: () => unknown) => () => ({ value: look(), utc_ms: model.clock.utc_ms() });
  model.show(
    model.part<UAVariable>(file, 'OpenCount'),
    DataType.UInt16,
    now(() => open.size),
  );
  model.show(model.part<UAVariable>(file, 'Size'), DataType.UInt64, () =>
    size === undefined
      ? { status: 'BadNoDataAvailable' }
      : { value: [0, size], utc_ms: model.clock.utc_ms() },
  );

  type Call = (inputs: readonly unknown[], context: ISessionContext) => Promise<CallMethodResultOptions>;
  const bind = (method: string, call: Call): void =>
    model.part<UAMethod>(file, method).bindMethod((inputs: Variant[], context, answer) => {
      call(
        inputs.map(({ value }) => value as unknown),
        context,
      ).then(
        result => answer(null, result),
        error => {
          console.error(`OPC UA: ${name}: ${messageOf(error)}`);
          answer(null, { statusCode: StatusCodes.BadInternalError });
        },
      );
    });
  const good = (...outputArguments: { dataType: number; value: unknown }[]): CallMethodResultOptions => ({
    statusCode: StatusCodes.Good,
    outputArguments,
  });
  const withOpen = (
    handle: unknown,
    { session }: ISessionContext,
    work: (one: Open) => CallMethodResultOptions,
  ): CallMethodResultOptions => {
    const one = open.get(Number(handle));
    if (one === undefined || one.session !== session) return { statusCode: StatusCodes.BadInvalidArgument };
    one.used_s = model.clock.now_s();
    return work(one);
  };

  bind('Open', async ([mode], { session }) => {
    if (mode !== READ) return { statusCode: StatusCodes.BadNotWritable };
    const now_s = model.clock.now_s();
    for (const [handle, { used_s }] of open) if (now_s - used_s > LEFT_S) open.delete(handle);
    if (open.size >= MOST_OPEN) return { statusCode: StatusCodes.BadTooManyOperations };
    const bytes = Buffer.from(await read());
    open.set(++last, { bytes, at: 0, session, used_s: now_s });
    size = bytes.length;
    return good({ dataType: DataType.UInt32, value: last });
  });
  bind('Read', async ([handle, length], context) =>
    withOpen(handle, context, one => {
      const count = Math.max(0, Math.min(Number(length), MOST_BYTES));
      const value = one.bytes.subarray(one.at, one.at + count);
      one.at += value.length;
      return good({ dataType: DataType.ByteString, value });
    }),
  );
  bind('Close', async ([handle], context) =>
    withOpen(handle, context, () => {
      open.delete(Number(handle));
      return good();
    }),
  );
  bind('GetPosition', async ([handle], context) =>
    withOpen(handle, context, one => good({ dataType: DataType.UInt64, value: [0, one.at] })),
  );
  bind('SetPosition', async ([handle, to], context) =>
    withOpen(handle, context, one => {
      const [high, low] = to as readonly [number, number];
      one.at = Math.min(high * 2 ** 32 + low, one.bytes.length);
      return good();
    }),
  );
  bind('Write', async () => ({ statusCode: StatusCodes.BadNotWritable }));
}
