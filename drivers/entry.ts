import type { z } from 'zod';
import type { Clock } from './contract/clock.ts';
import type { Device, DeviceDescription } from './contract/device.ts';
import type { SharedAddress } from './transport/text/shared.ts';

/** What a driver file exports and `registry.ts` lists. */
export interface DriverEntry<Options = unknown> {
  /** `<maker>/<model>`, e.g. `ea/psb-10000`. */
  readonly id: string;
  /** Manual or standard that the table was written from. */
  readonly manual: string;
  /** Maker, model, firmware, date it was tried on; "emulator only" is an honest answer. */
  readonly triedOn: string;
  /** Options of the bench file's device entry; strict, with units in the names. */
  readonly options: z.ZodType<Options>;
  /**
   * Where the instrument is, as it is locked and named to people: `tcp://192.168.0.20:502`, the path of a serial port,
   * `opc.tcp://192.168.0.30:4840`. Options that mean the same instrument give the same text.
   */
  endpoint(options: Options): string;
  /**
   * Several devices of a bench may stand at one endpoint: outputs of a supply, units of a line, clients of a server. Absent:
   * a device is the whole instrument there, and a second one would be the same.
   */
  readonly shares?: true;
  /** Channels and settables, without touching a wire. `baseDir`: folder of the bench file, for data files. */
  describe(options: Options, baseDir: string): DeviceDescription;
  /** Makes the device (closed); `connect()` opens the wire. */
  open(id: string, options: Options, env: DriverEnv): Device;
}

/** What a device is opened with. */
export interface DriverEnv {
  readonly clock: Clock;
  /** Folder of the bench file, for data files. */
  readonly baseDir: string;
  /** Answers may take this long, s, where that is longer than the driver's own figure: behind a slow gateway. */
  readonly reply_s?: number;
  /** Of several devices of the bench at this address; absent for one that is alone there. */
  readonly shared?: SharedAddress;
  /** Only looks: takes no control, arms no watchdog, counts no heartbeat, and refuses every write. */
  readonly readOnly?: boolean;
}
