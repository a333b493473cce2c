import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../drivers/contract/random.ts';
import { FAULT_KINDS } from '../../sim/fault-kinds.ts';
import { type Fault, faultyRig } from '../../sim/faults.ts';
import type { PlantRig } from '../../sim/plant/parts/model.ts';
import { createPemRig } from '../../sim/plant/pem/rig.ts';

const FROM_S = 1200;
const TO_S = 1500;

/** The PEM rig at 60 degC, 1500 A and 10 barg with these faults, and the same without, both at `time_s`. */
function at(time_s: number, faults: readonly Fault[]): { faulty: PlantRig; healthy: PlantRig } {
  const make = (with_: readonly Fault[]): PlantRig => {
    const rig = faultyRig(createPemRig({ random: seededRandom(4), startTemperature_degC: 60 }), with_);
    setAll(rig, {
      'water.pumpSet_on': 1,
      'stack.temperatureSet_degC': 60,
      'stack.voltageSet_V': 310,
      'stack.powerSet_W': 600_000,
      'stack.currentSet_A': 1500,
      'cathode.pressureSet_barg': 10,
      'stack.outputSet_on': 1,
    });
    for (let t_s = 10; t_s <= time_s; t_s += 10) rig.advanceTo(t_s);
    return rig;
  };
  return { faulty: make(faults), healthy: make([]) };
}

function setAll(rig: PlantRig, values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) rig.set(rig.actuatorIndex(name), value);
}

const read = (rig: PlantRig, name: string): number => rig.sensor(rig.sensorIndex(name));

/** What a fault changes while it lasts: faulty minus healthy reading, between the bounds. */
const EFFECTS: readonly (readonly [Omit<Fault, 'from_s' | 'to_s'>, string, number, number])[] = [
  [{ kind: 'pinhole', target: 'membrane', size: 0.02 }, 'o2.h2_vol_pct', 0.3, 20],
  [{ kind: 'cell-short', target: 'cell[7]', size: 60 }, 'cell[7].voltage_V', -1, -0.1],
  [{ kind: 'cell-short', target: 'cell[7]', size: 300 }, 'h2.flow_NL_per_min', -40, -3],
  [{ kind: 'dried-cell', target: 'cell[7]', size: 200 }, 'cell[7].voltage_V', 0.2, 0.8],
  [{ kind: 'blocked-vent', target: 'anode' }, 'anode.pressure_barg', 1, 100],
  [{ kind: 'blocked-vent', target: 'cathode' }, 'cathode.pressure_barg', 5, 100],
  [{ kind: 'flooded-separator', target: 'anode' }, 'water.level_pct', 30, 50],
  [{ kind: 'gas-leak', target: 'cathode', size: 200 }, 'room.h2_vol_pct', 0.02, 4],
  [
    { kind: 'leaking-valve', target: 'cathode.purgeValveSet_on', size: 50 },
    'h2.flow_NL_per_min',
    -3000,
    -300,
  ],
  [{ kind: 'pump-stop', target: 'water' }, 'stack.temperature_degC', 5, 60],
  [{ kind: 'pump-stop', target: 'water' }, 'water.flow_L_per_min', -310, -290],
  [{ kind: 'cooler-fouling', target: 'cooler', size: 95 }, 'cooler.power_kW', -200, -10],
  [{ kind: 'supply-trip', target: 'supply' }, 'stack.current_A', -1510, -1490],
  [{ kind: 'supply-trip', target: 'supply' }, 'supply.alarm_on', 1, 1],
  [{ kind: 'supply-lead-off', target: 'supply' }, 'stack.current_A', -1510, -1490],
  [{ kind: 'ambient-change', target: 'room', size: 15 }, 'room.temperature_degC', 14.8, 15.2],
  [{ kind: 'sensor-offset', target: 'cathode.pressure_barg', size: 2 }, 'cathode.pressure_barg', 2, 2],
  [{ kind: 'sensor-drift', target: 'o2.h2_vol_pct', size: 12 }, 'o2.h2_vol_pct', 0.99, 1.01],
  [{ kind: 'lead-off', target: 'cell[3].voltage_V' }, 'cell[3].voltage_V', -1.9, -1.6],
];

describe('while a fault lasts', () => {
  it.each(EFFECTS.map(([fault, name, low, high]) => [fault.kind, name, fault, low, high] as const))(
    '%s changes %s',
    (_kind, name, fault, low, high) => {
      const { faulty, healthy } = at(TO_S, [{ ...fault, from_s: FROM_S, to_s: TO_S + 1 }]);
      const change = read(faulty, name) - read(healthy, name);
      expect(change).toBeGreaterThanOrEqual(low - 1e-9);
      expect(change).toBeLessThanOrEqual(high + 1e-9);
    },
  );

  it('before it begins nothing is different', () => {
    for (const [fault] of EFFECTS) {
      const { faulty, healthy } = at(30, [{ ...fault, from_s: 31 }]);
      for (const name of ['stack.voltage_V', 'cell[7].voltage_V', 'cathode.pressure_barg'])
        expect(read(faulty, name)).toBe(read(healthy, name));
    }
  });

  it('an open thermocouple is NaN, a frozen sensor stands still', () => {
    const { faulty } = at(FROM_S, [
      { kind: 'open-thermocouple', target: 'stack.temperature_degC', from_s: FROM_S },
      { kind: 'sensor-freeze', target: 'stack.voltage_V', from_s: FROM_S },
    ]);
    expect(read(faulty, 'stack.temperature_degC')).toBeNaN();
    const shown = read(faulty, 'stack.voltage_V');
    faulty.set(faulty.actuatorIndex('stack.currentSet_A'), 300);
    for (let t_s = FROM_S + 1; t_s < FROM_S + 60; t_s++) {
      faulty.advanceTo(t_s);
      expect(read(faulty, 'stack.voltage_V')).toBe(shown);
    }
    expect(faulty.truthOf('stack.voltage_V')).toBeLessThan(shown - 5);
  });

  it('a stuck valve stays where it is and takes what was last set when it comes free', () => {
    const { faulty } = at(FROM_S, [
      { kind: 'stuck-valve', target: 'anode.ventValveSet_on', from_s: FROM_S, to_s: TO_S },
    ]);
    const valve = faulty.actuatorIndex('anode.ventValveSet_on');
    faulty.set(valve, 0);
    expect(faulty.setting(valve)).toBe(0);
    faulty.advanceTo(TO_S - 1);
    expect(read(faulty, 'anode.ventValve_on')).toBe(1);
    expect(read(faulty, 'anode.pressure_barg')).toBeLessThan(0.2);
    faulty.advanceTo(TO_S + 60);
    expect(read(faulty, 'anode.ventValve_on')).toBe(0);
    expect(read(faulty, 'anode.pressure_barg')).toBeGreaterThan(1);
  });
});

describe('when a fault is over', () => {
  it.each(EFFECTS.map(([fault, name]) => [fault.kind, name, fault] as const))(
    '%s: %s is as without it again, sooner or later',
    (_kind, name, fault) => {
      const { faulty, healthy } = at(TO_S + 7200, [{ ...fault, from_s: FROM_S, to_s: TO_S }]);
      const scale = Math.max(1, Math.abs(read(healthy, name)));
      expect(Math.abs(read(faulty, name) - read(healthy, name)) / scale).toBeLessThan(0.02);
    },
  );
});

describe('times', () => {
  it('a fault begins and ends at its moment however the rig is advanced', () => {
    const faults: Fault[] = [{ kind: 'supply-trip', target: 'supply', from_s: 100.3, to_s: 200.7 }];
    const run = (jump_s: number): number => {
      const rig = faultyRig(createPemRig({ random: seededRandom(4) }), faults);
      setAll(rig, {
        'water.pumpSet_on': 1,
        'stack.voltageSet_V': 310,
        'stack.powerSet_W': 600_000,
        'stack.currentSet_A': 1000,
        'stack.outputSet_on': 1,
      });
      for (let t_s = 0; t_s < 600; t_s += jump_s) rig.advanceTo(t_s + jump_s);
      return rig.truthOf('charge_C');
    };
    expect(run(60) / run(1)).toBeCloseTo(1, 6);
    // Twice 1000 A at 10 A/ms: half of 0.1 s is missing each time.
    expect(run(1)).toBeCloseTo((600 - 100.4 - 0.1) * 1000, -1);
  });

  it('two faults in one place add up, each for its time', () => {
    const rig = faultyRig(createPemRig({ random: seededRandom(4) }), [
      { kind: 'ambient-change', target: 'room', from_s: 0, to_s: 100, size: 5 },
      { kind: 'ambient-change', target: 'room', from_s: 50, size: 7 },
    ]);
    const rise_K = (time_s: number): number => {
      rig.advanceTo(time_s);
      return Math.round(rig.truthOf('room.temperature_degC') - 20);
    };
    expect([rise_K(40), rise_K(60), rise_K(200)]).toEqual([5, 12, 7]);
  });
});

describe('a plan that cannot be', () => {
  const rig = createPemRig({ random: seededRandom(4) });
  it.each([
    [
      { kind: 'cell-short', target: 'cell[999]', from_s: 0 },
      'fault "cell-short" on "cell[999]": this rig has no such disturbance, expected one of cell[1].short_pct',
    ],
    [
      { kind: 'sensor-freeze', target: 'stack.volts', from_s: 0 },
      'fault "sensor-freeze" on "stack.volts": this rig has no such sensor, expected one of stack.voltage_V',
    ],
    [{ kind: 'stuck-valve', target: 'door', from_s: 0 }, 'this rig has no such actuator'],
    [{ kind: 'lye-loss', target: 'lye', from_s: 0 }, 'this rig has no such disturbance'],
    [{ kind: 'pump-stop', target: 'water', from_s: 10, to_s: 5 }, 'to_s 5, expected after from_s 10'],
    [{ kind: 'pump-stop', target: 'water', from_s: Number.NaN }, 'from_s NaN'],
    [{ kind: 'pinhole', target: 'membrane', from_s: 0, size: Number.NaN }, 'size NaN'],
    [{ kind: 'sensor-offset', target: 'stack.voltage_V', from_s: 0 }, 'expected a size'],
  ] as readonly (readonly [Fault, string])[])('%o is refused', (fault, message) => {
    expect(() => faultyRig(rig, [fault])).toThrow(message);
  });

  it('names all kinds', () => {
    expect(FAULT_KINDS.length).toBe(20);
    expect(() => faultyRig(rig, [{ kind: 'gremlin' as 'pinhole', target: 'x', from_s: 0 }])).toThrow(
      'no fault "gremlin"; there are: pinhole',
    );
  });
});
