import type { Clock } from '../../drivers/contract/clock.ts';
import type { Device } from '../../drivers/contract/device.ts';
import type { BenchUnderTest, MemoryDisk } from './bench-under-test.ts';
import type { World } from './fake-bench.ts';
import type { DeviceId, Disturbance, Moment } from './scenario.ts';

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

/** Lets the disturbances of a scenario happen when their moments come, until the run is over. */
export class Chaos {
  readonly happened: Happened[] = [];
  readonly #waiting: Disturbance[];
  readonly #reach: Reach;
  #isOver = false;
  readonly #throwing = new Map<string, number>();

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
    return (this.#throwing.get(name) ?? 0) > 0;
  }

  /** A device whose `read` may throw or reject. */
  wrap(device: Device): Device {
    const read = (): ReturnType<Device['read']> => {
      if (this.throws(`throws ${device.id}`)) throw new Error('read throws');
      if (this.throws(`rejects ${device.id}`)) return Promise.reject(new Error('read rejects'));
      return device.read();
    };
    return new Proxy(device, { get: (of, key) => (key === 'read' ? read : Reflect.get(of, key)) });
  }

  #begin(disturbance: Disturbance): void {
    if (this.#isOver) return;
    const { clock } = this.#reach;
    const happened: Happened = { disturbance, from_s: clock.now_s(), to_s: Number.POSITIVE_INFINITY };
    this.happened.push(happened);
    const end = this.#do(disturbance);
    if (disturbance.for_s === null) return;
    clock.schedule(disturbance.for_s, () => {
      if (this.#isOver && disturbance.for_s !== 0) return;
      happened.to_s = clock.now_s();
      end();
    });
  }

  #do(d: Disturbance): () => void {
    const { world } = this.#reach;
    switch (d.what) {
      case 'person':
        return this.#person(d.does);
      case 'limit':
        return this.#limit(d.reaction);
      case 'disk':
        this.#reach.disk.isFull = true;
        return () => {
          this.#reach.disk.isFull = false;
        };
      case 'listener':
        return this.#throw(`listener ${d.which}`);
      case 'read':
        return this.#throw(`${d.how} ${d.device}`);
      case 'stuck':
        world.plant.advance(this.#reach.clock.now_s());
        world.plant.stuck_A = d.current_A;
        return () => {
          world.plant.advance(this.#reach.clock.now_s());
          world.plant.stuck_A = 0;
        };
      case 'hand': {
        for (const [key, value] of Object.entries(d.sets)) world.instruments[d.device].byHand(key, value);
        return () => {};
      }
      default:
        return this.#wire(d, d.device);
    }
  }

  #wire(
    d: Extract<Disturbance, { what: 'lost' | 'silent' | 'late' | 'loss' | 'refuses' | 'ignores' }>,
    device: DeviceId,
  ): () => void {
    const of = this.#reach.world.instruments[device];
    switch (d.what) {
      case 'lost':
        of.cut(true);
        return () => of.cut(false);
      case 'silent':
        of.hush(d.how);
        return () => of.hush('no');
      case 'late':
        of.extra_s = d.extra_s;
        return () => {
          of.extra_s = 0;
        };
      case 'loss':
        of.loss = d.part;
        return () => {
          of.loss = 0;
        };
      case 'refuses':
        of.refuses = new Set(d.keys);
        return () => {
          of.refuses = new Set();
        };
      case 'ignores':
        of.ignores = new Set(d.keys);
        return () => {
          of.ignores = new Set();
        };
    }
  }

  #person(does: 'stop' | 'abort' | 'interrupt' | 'hold'): () => void {
    const run = this.#reach.run();
    run[does]();
    return () => {
      if (does === 'hold') run.resume();
    };
  }

  #limit(reaction: 'hold' | 'stop' | 'trip'): () => void {
    const { plant } = this.#reach.world;
    if (reaction === 'stop') plant.temperature_degC = 95;
    else plant.h2InO2_vol_pct = reaction === 'hold' ? 1.7 : 3;
    return () => {
      if (reaction === 'stop') plant.temperature_degC = 60;
      else plant.h2InO2_vol_pct = 0.5;
    };
  }

  #throw(name: string): () => void {
    this.#throwing.set(name, (this.#throwing.get(name) ?? 0) + 1);
    return () => {
      this.#throwing.set(name, (this.#throwing.get(name) ?? 0) - 1);
    };
  }
}
