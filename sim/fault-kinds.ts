/** What can go wrong in a rehearsal, by its name in the field: where, and what `size` of it means. */

/** Words for one kind, for the reference and for messages. */
interface Said {
  /** What may stand as target. */
  readonly where: string;
  /** What `size` is measured in; empty: it has none, or only there (1) and not there (0). */
  readonly unit: string;
  readonly doc: string;
}

/** A fault of the plant: which disturbance it is, for a target; how large it is if nothing is said. */
export interface Physical extends Said {
  readonly disturbance: (target: string) => string;
  readonly size: number;
}

/** They act on the plant. Any of them also takes the plant's own name of the disturbance as target. */
export const PHYSICAL = {
  pinhole: {
    disturbance: () => 'pinhole.area_mm2',
    size: 0.01,
    where: 'pinhole, membrane',
    unit: 'mm2',
    doc: 'a hole in the separator of this area; gas passes from the side of the higher pressure',
  },
  'cell-short': {
    disturbance: target => `${target}.short_pct`,
    size: 50,
    where: 'cell[7]',
    unit: '% of the nominal current',
    doc: 'a short beside the cell that would carry so much at 1.8 V (in proportion to the voltage)',
  },
  'dried-cell': {
    disturbance: target => `${target}.dry_pct`,
    size: 100,
    where: 'cell[7]',
    unit: '%',
    doc: 'so much is added to the ohmic resistance of the cell: 100 doubles it',
  },
  'blocked-vent': {
    disturbance: target => (target === 'cathode' ? 'cathode.outletBlocked_pct' : `${target}.ventBlocked_pct`),
    size: 100,
    where: 'anode, cathode',
    unit: '%',
    doc: 'so much of the outlet is shut off, 0..100',
  },
  'flooded-separator': {
    disturbance: target => `${target}.flooded_pct`,
    size: 80,
    where: 'anode, cathode',
    unit: '%',
    doc: 'so much of the gas space and of the outlet is under water, 0..100',
  },
  'gas-leak': {
    disturbance: target => `${target}.leak_NL_per_min`,
    size: 5,
    where: 'cathode (to the room), seal, h2',
    unit: 'NL/min',
    doc: 'of an electrolyser what leaks at `leakAt_barg` of its plant (33 barg in pem-500kw) and in proportion to the absolute pressure elsewhere: size 20 is 7 NL/min at 11 barg; of a seal, and of H2 past its shut valve, what leaks',
  },
  'leaking-valve': {
    disturbance: target => target.replace(/(Valve)?Set_on$/, 'Leak_pct'),
    size: 5,
    where: 'the actuator of the valve: anode.ventValveSet_on',
    unit: '%',
    doc: 'so much of its full opening passes while it is shut, 0..100',
  },
  'pump-stop': {
    disturbance: target => `${target}.pumpStopped_on`,
    size: 1,
    where: 'water',
    unit: '',
    doc: 'the circulation stands still',
  },
  'cooler-fouling': {
    disturbance: target => `${target}.fouled_pct`,
    size: 70,
    where: 'cooler',
    unit: '%',
    doc: 'so much of its heat transfer is gone, 0..100',
  },
  'heater-failure': {
    disturbance: target => `${target}.failed_on`,
    size: 1,
    where: 'heater',
    unit: '',
    doc: 'it heats no more',
  },
  'lye-loss': {
    disturbance: target => `${target}.lost_pct`,
    size: 50,
    where: 'lye, steam',
    unit: '%',
    doc: 'so much of the lye is lost, at most 95; of steam: of what is fed, at most 100',
  },
  'supply-trip': {
    disturbance: target => `${target}.tripped_on`,
    size: 1,
    where: 'supply, cycler',
    unit: '',
    doc: 'the output is off whatever is asked',
  },
  'supply-lead-off': {
    disturbance: target => `${target}.leadOff_on`,
    size: 1,
    where: 'supply, cycler',
    unit: '',
    doc: 'a lead is off: no current flows',
  },
  'ambient-change': {
    disturbance: target => `${target}.temperatureRise_K`,
    size: 10,
    where: 'room, chamber, furnace',
    unit: 'K',
    doc: 'so much warmer, below 0 colder, than it would be',
  },
} as const satisfies Record<string, Physical>;

/** They act between plant and bench, on a set point. */
export const AT_THE_ACTUATOR = {
  'stuck-valve': {
    where: 'an actuator by its role: cathode.purgeValveSet_on',
    unit: '',
    doc: 'it stays where it is; what is set takes effect when it comes free',
  },
} as const satisfies Record<string, Said>;

/** They act between plant and bench, on a reading. */
export const AT_THE_SENSOR = {
  'sensor-offset': {
    where: 'a sensor by its role',
    unit: 'that of the sensor',
    doc: 'is added to what it shows; must be given',
  },
  'sensor-drift': {
    where: 'a sensor by its role',
    unit: 'that of the sensor, per hour',
    doc: 'what it shows goes away by so much each hour; must be given',
  },
  'sensor-freeze': {
    where: 'a sensor by its role',
    unit: '',
    doc: 'shows what it showed when the fault began',
  },
  'open-thermocouple': { where: 'a sensor by its role', unit: '', doc: 'shows no number' },
  'lead-off': { where: 'a sensor by its role', unit: '', doc: 'shows 0: its input is pulled down' },
} as const satisfies Record<string, Said>;

/** A kind of fault by its name. */
export type FaultKind = keyof typeof PHYSICAL | keyof typeof AT_THE_ACTUATOR | keyof typeof AT_THE_SENSOR;

/** Every kind of fault by name; for messages and for files that name faults. */
export const FAULT_KINDS = [
  ...Object.keys(PHYSICAL),
  ...Object.keys(AT_THE_ACTUATOR),
  ...Object.keys(AT_THE_SENSOR),
] as readonly FaultKind[];
