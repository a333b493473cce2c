import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import { askModbus, type LocalCodes, type ModbusClient, makeModbusClient } from './modbus-client.ts';
import type { ModbusReply, ModbusRequest } from './modbus-request.ts';
import { ModbusTcpPort } from './modbus-tcp-port.ts';
import { socketWhere, socketWire } from './socket.ts';

/** Where the instrument is, and what its refusals mean. */
export interface ModbusTcpOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  /** Exception codes that mean "not under remote control". */
  readonly localCodes?: LocalCodes;
}

/**
 * modbus-serial counts transactions 1..255, 0, 1.. and never forgets one: an answer that is 256 requests late
 * would be taken for a new one. So a connection that still owes an answer is given up before its number returns.
 */
const TRANSACTIONS_BEFORE_RENEWAL = 250;
/** An answer that has not come by then never will (as in `LineOptions.lateMax_s`), s. */
const OWED_MAX_s = 10;

/**
 * Modbus TCP through modbus-serial. Socket and port are ours: the library misses the close that follows a reset, ends a
 * socket without destroying it, does not reject what is pending, and puts off what is written.
 */
export function modbusTcpLink(options: ModbusTcpOptions): Link<ModbusRequest, ModbusReply> {
  const { clock } = options;
  const where = socketWhere(options);
  const localCodes = options.localCodes ?? {};
  let client: ModbusClient | undefined;
  let port: ModbusTcpPort | undefined;
  const pending = new Map<(reason: DeviceError) => void, number>();
  let ended: DeviceError | undefined = new DeviceError('closed', where, 'not open yet');
  let lost: (reason: DeviceError) => void = () => {};
  /** Requests sent since the oldest one that is still unanswered; 0 when none is. */
  let sentSinceOwed = 0;

  function finish(reason: DeviceError): void {
    if (ended !== undefined) return;
    ended = reason;
    wire.destroy();
    for (const reject of pending.keys()) reject(reason);
    pending.clear();
    lost(reason);
  }

  const wire = socketWire(options, {
    connected(socket) {
      port = new ModbusTcpPort(socket, why => finish(new DeviceError('closed', where, why)));
      client = makeModbusClient(port);
      client.open(() => {
        ended = undefined;
      });
    },
    lost: finish,
  });

  return {
    where,
    namesReplies: true,
    queuesRequests: true,
    takesUrgent: 'any order',
    open: () => wire.open(),
    send(request, lane) {
      // Whoever asked before has waited in vain for the rest. What is urgent leaves all the same, on the line that stands.
      if (port?.hasPart === true && lane !== 'urgent')
        finish(new DeviceError('closed', where, 'an answer came in part only: connecting afresh'));
      if (ended !== undefined || client === undefined) return Promise.reject(ended);
      const asked = client;
      for (const [reject, sent_s] of pending) {
        if (clock.now_s() - sent_s > OWED_MAX_s) pending.delete(reject);
      }
      if (pending.size === 0) sentSinceOwed = 0;
      else if (++sentSinceOwed >= TRANSACTIONS_BEFORE_RENEWAL) {
        finish(new DeviceError('closed', where, 'an answer is owed for too long: connecting afresh'));
        return Promise.reject(ended);
      }
      return new Promise((resolve, reject) => {
        pending.set(reject, clock.now_s());
        // A request given up by the line stays pending until its late reply is recognised or the socket ends.
        const settled = (): void => {
          pending.delete(reject);
          if (pending.size === 0) sentSinceOwed = 0;
        };
        askModbus(asked, where, request, localCodes).then(
          reply => {
            settled();
            resolve(reply);
          },
          error => {
            settled();
            reject(error);
          },
        );
      });
    },
    // The stream cannot be brought into step by dropping bytes: whoever asks next connects afresh.
    flush: () => Promise.resolve(),
    onLost(listener) {
      lost = listener;
    },
    close() {
      lost = () => {};
      finish(new DeviceError('closed', where, 'closed by us'));
      return wire.close();
    },
  };
}
