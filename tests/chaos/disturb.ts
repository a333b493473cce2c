import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { BenchUnderTest, MemoryDisk } from './bench-under-test.ts';
import type { World } from './fake-bench.ts';
import { DEVICES, type DeviceId, type Disturbance, type Moment } from './scenario.ts';

/** A disturbance as it happened: from when to when. */
export interface Happened {
  readonly disturbance: Disturbance;
  readonly from_s: number;
  /** Infinity: for good, or not over when the scenario was. */
  to_s: number;
}

/** What the chaos may lay hands on. */
export interface Reach {
  readonly clock: Clock;
  readonly world: World;
  readonly disk: MemoryDisk;
  readonly run: () => BenchUnderTest;
}

type Of<W extends Disturbance['what']> = Extract<Disturbance, { what: W }>;

/** Lets the disturbances of a scenario happen when their moments come, until the run is over. */
export class Chaos {
  readonly happened: Happened[] = [];
  readonly #waiting: Disturbance[];
  readonly #reach: Reach;
  #isOver = false;
  #throwing: ReadonlySet<string> = new Set();
  /** What was asked of a device on the urgent lane, `key=value`: the safe state's own writes. */
  readonly urgent = new Set<string>();

  constructor(disturbances: readonly Disturbance[], reach: Reach) {
    this.#waiting = [...disturbances];
    this.#reach = reach;
  }

  /** A moment has come; every kind comes once. */
  at(from: Moment['from']): void {
    const now = this.#waiting.filter(d => d.at.from === from);
    for (const disturbance of now) {
      this.#waiting.splice(this.#waiting.indexOf(disturbance), 1);
      this.#reach.clock.schedule(disturbance.at.plus_s, () => this.#begin(disturbance));
    }
  }

  /** Nothing new begins any more; what goes on is not ended either. */
  over(): void {
    this.#isOver = true;
  }

  /** True while something of this name is to throw. */
  throws(name: string): boolean {
    return this.#throwing.has(name);
  }

  /** A device whose `read` may throw or reject, and that notes what is asked on its urgent lane. */
  wrap(device: Device): Device {
    const read = (): ReturnType<Device['read']> => {
      if (this.throws(`throws ${device.id}`)) throw new Error('read throws');
      if (this.throws(`rejects ${device.id}`)) return Promise.reject(new Error('read rejects'));
      return device.read();
    };
    const write: Device['write'] = (key, value, options) => {
      if (options?.urgent === true) this.urgent.add(`${key}=${value}`);
      return device.write(key, value, options);
    };
    const own: Readonly<Record<PropertyKey, unknown>> = { read, write };
    return new Proxy(device, { get: (of, key) => own[key] ?? Reflect.get(of, key) });
  }

  #begin(disturbance: Disturbance): void {
    if (this.#isOver) return;
    const { clock, world, run } = this.#reach;
    const happened: Happened = { disturbance, from_s: clock.now_s(), to_s: Number.POSITIVE_INFINITY };
    this.happened.push(happened);
    if (disturbance.what === 'person') run()[disturbance.does]();
    else if (disturbance.what === 'hand') {
      for (const [key, value] of Object.entries(disturbance.sets)) {
        world.instruments[disturbance.device].byHand(key, value);
      }
    } else this.#apply();
    if (disturbance.for_s === null) return;
    clock.schedule(disturbance.for_s, () => {
      if (this.#isOver && disturbance.for_s !== 0) return;
      happened.to_s = clock.now_s();
      if (disturbance.what === 'person' && disturbance.does === 'hold') run().resume();
      else this.#apply();
    });
  }

  /** Brings the world into the state that all disturbances of the moment make together. */
  #apply(): void {
    const { clock, world, disk } = this.#reach;
    const { plant } = world;
    plant.advance(clock.now_s());
    plant.stuck_A = Math.max(0, ...this.#active('stuck').map(d => d.current_A));
    const reactions = this.#active('limit').map(d => d.reaction);
    plant.temperature_degC = reactions.includes('stop') ? 95 : 60;
    plant.h2InO2_vol_pct = reactions.includes('trip') ? 3 : reactions.includes('hold') ? 1.7 : 0.5;
    disk.isFull = this.#active('disk').length > 0;
    this.#throwing = new Set([
      ...this.#active('listener').map(d => `listener ${d.which}`),
      ...this.#active('read').map(d => `${d.how} ${d.device}`),
    ]);
    for (const id of DEVICES) this.#applyTo(id);
  }

  #applyTo(id: DeviceId): void {
    const of = this.#reach.world.instruments[id];
    const at = <T extends { device: DeviceId }>(all: readonly T[]): T[] => all.filter(d => d.device === id);
    const isCut = at(this.#active('lost')).length > 0;
    if (isCut !== of.isCut) of.cut(isCut);
    const silence = at(this.#active('silent')).at(-1)?.how ?? 'no';
    if (silence !== of.silence) of.hush(silence);
    of.extra_s = Math.max(0, ...at(this.#active('late')).map(d => d.extra_s));
    of.loss = Math.max(0, ...at(this.#active('loss')).map(d => d.part));
    of.refuses = new Set(at(this.#active('refuses')).flatMap(d => d.keys));
    of.ignores = new Set(at(this.#active('ignores')).flatMap(d => d.keys));
  }

  #active<W extends Disturbance['what']>(what: W): Of<W>[] {
    return this.happened
      .filter(h => h.to_s === Number.POSITIVE_INFINITY)
      .map(h => h.disturbance)
      .filter((d): d is Of<W> => d.what === what);
  }
}
