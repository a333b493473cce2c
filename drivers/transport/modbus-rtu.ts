import type { Clock } from '../contract/clock.ts';
import { DeviceError } from '../contract/errors.ts';
import type { Link } from '../contract/transport.ts';
import { askModbus, type LocalCodes, type ModbusClient, makeModbusClient } from './modbus-client.ts';
import type { ModbusReply, ModbusRequest } from './modbus-request.ts';
import { ModbusRtuPort } from './rtu/port.ts';
import { CHARACTER_BITS, isTurnRound, placeOn, type SerialSettings } from './rtu/wire.ts';
import { CAME_TWICE, RepeatEar } from './text/doubled.ts';

/** The serial line, and what the instrument's refusals mean. */
export interface ModbusRtuOptions extends SerialSettings {
  readonly clock: Clock;
  /** Address of the instrument: several may share the line. Default 1. */
  readonly unit?: number;
  /** The adapter returns what is sent (two-wire RS-485). Default false. */
  readonly localEcho?: boolean;
  /** Exception codes that mean "not under remote control". */
  readonly localCodes?: LocalCodes;
}

/**
 * Longest frame on the line, ms: 256 bytes of 11 bits (start, 8 data, parity or second stop, stop).
 * Added to the instrument's own time it gives the worst time of an answer.
 */
export function frameTime_ms(baud: number): number {
  return (256 * CHARACTER_BITS * 1000) / baud;
}

/**
 * Modbus RTU through modbus-serial, one unit of a line that several may share. RTU replies are nameless: the line above
 * guards against late ones; this link reports every byte that nobody asked for, and starts each request with an empty
 * buffer.
 */
export function modbusRtuLink(options: ModbusRtuOptions): Link<ModbusRequest, ModbusReply> {
  const { path: where, clock, unit = 1, localCodes = {} } = options;
  let client: ModbusClient | undefined;
  let ended: DeviceError | undefined = new DeviceError('closed', where, 'not open yet');
  let rejectPending: ((reason: DeviceError) => void) | undefined;
  let lost: (reason: DeviceError) => void = () => {};
  let stray: (isRepeat?: boolean) => void = () => {};
  const repeats = new RepeatEar();

  function finish(reason: DeviceError): void {
    if (ended !== undefined) return;
    ended = reason;
    rejectPending?.(reason);
    lost(reason);
  }

  const place = placeOn(options, clock, {
    unit,
    received(chunk) {
      if (rejectPending !== undefined) port.take(chunk);
      else if (!isTurnRound(chunk)) stray(repeats.hear(chunk));
    },
    stray: chunk => stray(repeats.hear(chunk)),
    lost: finish,
  });
  const port = new ModbusRtuPort(frame => place.write(frame), options.localEcho ?? false);

  return {
    where,
    namesReplies: false,
    isSerial: true,
    turns: place.turns,
    async open() {
      await place.open();
      client = makeModbusClient(port);
      client.open(() => {
        ended = undefined;
      });
    },
    send(request) {
      if (ended !== undefined || client === undefined) return Promise.reject(ended);
      const asked = client;
      return new Promise((resolve, reject) => {
        rejectPending = reject;
        const settled = (): void => {
          // After a newer request the older one has no say any more.
          if (rejectPending === reject) rejectPending = undefined;
        };
        askModbus(asked, where, request, localCodes).then(
          reply => {
            settled();
            repeats.answered(port.answer);
            // More bytes than one reply has: two replies came, and nothing says which one is ours.
            if (!port.hasMore) {
              resolve(reply);
              return;
            }
            const isTwice = repeats.hear(port.rest);
            if (isTwice) stray(true);
            reject(new DeviceError('garbled', where, isTwice ? CAME_TWICE : 'more bytes than the reply has'));
          },
          error => {
            settled();
            if (error.code === 'garbled' && repeats.is(port.answer)) stray(true);
            reject(error);
          },
        );
      });
    },
    flush() {
      if (ended !== undefined) return Promise.resolve();
      // Whoever waited has been told; bytes from now on are strays.
      rejectPending = undefined;
      port.clear();
      return place.flush();
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
      return place.close();
    },
  };
}
