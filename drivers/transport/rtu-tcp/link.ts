import { DeviceError } from '../../contract/errors.ts';
import type { Link } from '../../contract/transport.ts';
import { askModbus, type LocalCodes, type ModbusClient, makeModbusClient } from '../modbus-client.ts';
import type { ModbusReply, ModbusRequest } from '../modbus-request.ts';
import { socketWhere, socketWire } from '../socket.ts';
import { RtuTcpPort } from './port.ts';

/** A line of text to an instrument that takes text and frames at the same port (EA). */
export interface LineRequest {
  readonly fn: 'line';
  /** Without its end; the link adds LF. */
  readonly text: string;
  /** The numbers that its answer stands for, undefined where it is no answer to it. Absent: it is not answered. */
  readonly read?: (answer: string) => ModbusReply | undefined;
}

/** Where the instrument or its gateway is, and what its refusals mean. */
export interface ModbusRtuTcpOptions {
  readonly host: string;
  readonly port: number;
  /** Exception codes that mean "not under remote control". */
  readonly localCodes?: LocalCodes;
  /** So many bytes behind each reply mean nothing: some gateways add zeros. Default 0: such a reply is `garbled`. */
  readonly trailing_bytes?: number;
  /** The instrument takes lines of text (`LineRequest`) between the frames; its unit is below 32. */
  readonly hasLines?: boolean;
}

/**
 * Modbus RTU frames over a TCP connection ("RTU over TCP"): an instrument that speaks so by itself, or a gateway that
 * passes bytes on to a serial line with any number of units on it. Replies have no name; they are counted (`RtuTcpPort`),
 * and what cannot be said for certain is `garbled`: the line then waits, and asks for the identity.
 */
export function modbusRtuTcpLink(
  options: ModbusRtuTcpOptions,
): Link<ModbusRequest | LineRequest, ModbusReply> {
  const { localCodes = {}, trailing_bytes = 0, hasLines = false } = options;
  const where = socketWhere(options);
  let client: ModbusClient | undefined;
  let wire: RtuTcpPort | undefined;
  let ended: DeviceError | undefined = new DeviceError('closed', where, 'not open yet');
  /** Rejects the request that is out. */
  let rejectCurrent: ((reason: DeviceError) => void) | undefined;
  let lost: (reason: DeviceError) => void = () => {};
  let stray: (isRepeat?: boolean) => void = () => {};

  function finish(reason: DeviceError): void {
    if (ended !== undefined) return;
    ended = reason;
    connection.destroy();
    rejectCurrent?.(reason);
    lost(reason);
  }

  /** Hears nothing any more from whatever was asked before. */
  function ask(work: Promise<ModbusReply>): Promise<ModbusReply> {
    return new Promise((resolve, reject) => {
      rejectCurrent = reject;
      const settled = (): void => {
        if (rejectCurrent === reject) rejectCurrent = undefined;
      };
      work.then(resolve, reject).finally(settled);
    });
  }

  const line = ({ text, read }: LineRequest, on: RtuTcpPort): Promise<ModbusReply> =>
    new Promise(resolve => {
      if (read === undefined) {
        on.say(text);
        resolve([]);
        return;
      }
      on.say(
        text,
        answer => read(answer) !== undefined,
        answer => resolve(read(answer) ?? []),
      );
    });

  const connection = socketWire(options, {
    connected(socket) {
      const ears = {
        garbled: (why: string) => rejectCurrent?.(new DeviceError('garbled', where, why)),
        stray: (isRepeat: boolean) => stray(isRepeat),
        overdue: () =>
          finish(new DeviceError('closed', where, 'too many answers are owed: connecting afresh')),
      };
      const port = new RtuTcpPort(socket, { trailing: trailing_bytes, hasLines, ears });
      wire = port;
      client = makeModbusClient(port);
      client.open(() => {
        ended = undefined;
      });
    },
    lost: finish,
  });

  return {
    where,
    namesReplies: false,
    open: () => connection.open(),
    send(request) {
      if (ended !== undefined || client === undefined || wire === undefined) return Promise.reject(ended);
      if (request.fn === 'line') return ask(line(request, wire));
      return ask(askModbus(client, where, request, localCodes));
    },
    flush() {
      rejectCurrent = undefined;
      wire?.drop();
      return Promise.resolve();
    },
    onLost(listener) {
      lost = listener;
    },
    onStray(listener) {
      stray = listener;
    },
    close() {
      lost = () => {};
      stray = () => {};
      finish(new DeviceError('closed', where, 'closed by us'));
      return connection.close();
    },
  };
}
