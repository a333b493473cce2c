import { subjectOf } from '../../control/bench/bench.ts';
import { Recording } from '../../control/record/recording.ts';
import { type Run, startRun } from '../../control/run/run.ts';
import { BenchSession } from '../../control/run/session.ts';
import { isLeftTo, needsBench } from '../../control/run/shared/needs-bench.ts';
import { SharedDevice } from '../../control/run/shared/shared-device.ts';
import { compileRoles } from '../../control/tick/roles.ts';
import { VirtualClock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { MemoryDevice } from './memory-device.ts';
import { MINI_BENCH, miniDevices } from './mini-bench.ts';
import { testMethod } from './test-method.ts';

/** One of several runs on a bench: a supply of its own, the PLC is everybody's. */
export interface SharingRun {
  readonly name: string;
  readonly supply: MemoryDevice;
  readonly session: BenchSession;
  readonly run: Run;
}

/** Several subjects on the mini bench, each with a session of its own over one PLC, in virtual time. */
export class SharedBench {
  readonly clock = new VirtualClock({ utcStart_ms: 0 });
  readonly plc: MemoryDevice = miniDevices(this.clock).plc;
  readonly runs: SharingRun[] = [];
  /** How often the PLC was really polled. */
  polls = 0;
  readonly #shared: SharedDevice;

  constructor() {
    const read = this.plc.read.bind(this.plc);
    this.plc.read = () => {
      this.polls++;
      return read();
    };
    this.#shared = new SharedDevice(this.plc, this.clock, MINI_BENCH.devices['plc'].poll_s);
  }

  /** Opens a session for one more subject and begins its run. */
  async start(name: string, steps: readonly string[]): Promise<SharingRun> {
    const { supply } = miniDevices(this.clock);
    let session: BenchSession | undefined;
    const isUnderWay = (): boolean => session !== undefined && needsBench(session);
    const plc = this.#shared.viewFor({ name, isUnderWay });
    const devices = new Map<string, Device>([
      ['supply', supply],
      ['plc', plc],
    ]);
    session = await BenchSession.open({
      bench: MINI_BENCH,
      entryOf: device => device,
      roles: compileRoles(MINI_BENCH, devices),
      devices,
      clock: this.clock,
      recording: new Recording(),
      control_s: 1,
      flush_s: 60,
      checkpoint_s: 10,
      checkpointsSteps: false,
      isLeft: isLeftTo(devices),
      isAligned: true,
    });
    const procedure = testMethod(MINI_BENCH, devices, steps);
    const run = startRun(session, {
      procedure,
      subject: subjectOf(MINI_BENCH),
      timeFactor: 1,
      trendRoles: [],
    });
    const made = { name, supply, session, run };
    this.runs.push(made);
    return made;
  }

  /** Lets so much time pass, s. */
  async pass(for_s: number): Promise<void> {
    await this.clock.runUntil(this.clock.sleep(for_s));
  }

  async close(): Promise<void> {
    for (const { session } of this.runs) await session.close();
  }
}
