import type { Row } from './should-not-start-row.ts';

/** Changes of the PEM example: what must trip, and vents that let off the wrong way. */
export const MORE_PEM_ROWS: readonly Row[] = [
  {
    what: 'a pressure that only warns',
    changes: [
      [
        "trips: '>', limit: 35, rearm: 32, delay_s: 0.5, reaction: trip",
        "trips: '>', limit: 35, rearm: 32, delay_s: 0.5, reaction: warn",
      ],
    ],
    at: '  pressureMax_barg:',
    says: /made for 35 barg, and no interlock trips on a pressure/,
    accept: ['  pressureMax_barg:', '  accepted: the reason of this lab\n  pressureMax_barg:'],
  },
  {
    what: 'a vent that looks at the other side',
    changes: [
      ['rate_bar_per_min: 3, role: cathode.pressure_barg', 'rate_bar_per_min: 3, role: anode.pressure_barg'],
    ],
    at: '    - { vent: cathode',
    says: /anode\.pressure_barg does not show what cathode\.pressureSet_barg lets off, expected a pressure of cathode/,
  },
  {
    what: 'a vent faster than its rate interlock',
    changes: [['rate_bar_per_min: 3, role', 'rate_bar_per_min: 6, role']],
    at: '    - { vent: cathode',
    says: /6 bar\/min is faster than its own rate interlock lets it, expected at most 5/,
    accept: ['below: 0.5, within_s: 1200', 'below: 0.5, accepted: the reason of this lab, within_s: 1200'],
  },
  {
    what: 'the difference of a reading to itself',
    changes: [
      [
        'id: membrane-difference-high, kind: difference, role: cathode.pressure_barg, minus: anode.pressure_barg',
        'id: membrane-difference-high, kind: difference, role: cathode.pressure_barg, minus: cathode.pressure_barg',
      ],
    ],
    at: '  - { id: membrane-difference-high',
    says: /minus itself is always 0, expected another role/,
  },
  {
    what: 'a curve that leaves out what the gauge can show',
    changes: [
      [
        "kind: difference, role: cathode.pressure_barg, minus: anode.pressure_barg, trips: '>', limit: 34, rearm: 31",
        "kind: curve, role: cathode.pressure_barg, over: anode.pressure_barg, trips: '>', limits: [[0, 31], [5, 31]]",
      ],
    ],
    at: '  - { id: membrane-difference-high',
    says: /from 0 to 5, expected points for all that .* can show of anode.pressure_barg: /,
  },
  {
    what: 'a reason of blanks',
    changes: [['  pressureMax_barg:', "  accepted: '  '\n  pressureMax_barg:"]],
    at: '  accepted:',
    says: /expected the reason as a text, not blanks/,
  },
  {
    what: 'a trip that takes ten minutes',
    changes: [
      [
        "trips: '>', limit: 35, rearm: 32, delay_s: 0.5, reaction: trip",
        "trips: '>', limit: 35, rearm: 32, delay_s: 500, reaction: trip",
      ],
    ],
    at: '  - { id: cathode-pressure-high',
    says: /acts only after 500 s, expected at most 60 s/,
  },
  {
    what: 'a rate over less than three polls',
    changes: [['limit_per_min: 5, over_s: 30', 'limit_per_min: 5, over_s: 0.1']],
    at: '  - { id: cathode-pressure-rate',
    says: /a rate over 0\.1 s is noise, expected/,
    accept: ['over_s: 0.1', "over_s: 0.1, accepted: 'the reason of this lab'"],
  },
  {
    what: 'a name that steers the terminal',
    changes: [['bench: pem-500kw', 'bench: "pem\\e[2J"']],
    at: 'bench: "pem',
    says: /expected a name without control characters/,
  },
  {
    what: 'an output that is ramped',
    changes: [
      ['stack.outputSet_on: { min: 0, max: 1', 'stack.outputSet_on: { ramp_per_s: 0.01, min: 0, max: 1'],
    ],
    at: '  stack.outputSet_on: { ramp',
    says: /stack\.outputSet_on has no values between its states, expected no ramp/,
  },
  {
    what: 'a vent that ends at pressure',
    changes: [['below: 0.5, within_s: 1200', 'below: 20, within_s: 1200']],
    at: '    - { vent: cathode',
    says: /20 barg is not vented, expected at most 3\.4/,
    accept: ['below: 20', 'accepted: the reason of this lab, below: 20'],
  },
  {
    what: 'a next means of blanks',
    changes: [['otherwise: open the hand vent of the cathode slowly', "otherwise: '  '"]],
    at: '    - { vent: cathode',
    says: /expected what is to be done by hand, not blanks/,
  },
  {
    what: 'a line that can never be in time',
    changes: [
      [
        'within_s: 0.3, otherwise: open the DC contactor',
        'within_s: 0.000001, otherwise: open the DC contactor',
      ],
    ],
    at: '    - { device: supply',
    says: /may take (0\.000001|1e-6) s, expected 0\.05\.\.60 s/,
  },
  {
    what: 'a safe temperature at which a limit stands',
    changes: [
      [
        '  - { id: stack-temperature-high,',
        "  - { id: warm, kind: threshold, role: stack.temperature_degC, trips: '>', limit: 60, reaction: warn, basis: default }\n  - { id: stack-temperature-high,",
      ],
      ['{ set: stack.temperatureSet_degC, to: 25', '{ set: stack.temperatureSet_degC, to: 65'],
    ],
    at: '    - { set: stack.temperatureSet_degC',
    says: /to 65, where warm \(warn, stack\.temperature_degC > 60\) stands, expected a value short/,
    accept: ['to: 65', 'accepted: the reason of this lab, to: 65'],
  },
  {
    what: 'a trip on readings that may be half a minute old',
    changes: [
      [
        'poll_s: 1\n    stale_after_s: 3\n    options:\n      host',
        'poll_s: 1\n    stale_after_s: 30\n    options:\n      host',
      ],
    ],
    at: '    stale_after_s: 30',
    says: /30 s old values would still count, and .* trips on them, expected at most 15 s/,
  },
  {
    what: 'answers that are waited for longer than readings count',
    changes: [
      [
        'poll_s: 1\n    stale_after_s: 3\n    options:\n      host',
        'poll_s: 1\n    stale_after_s: 3\n    reply_s: 2\n    options:\n      host',
      ],
    ],
    at: '    reply_s: 2',
    says: /answers may take 2 s, two tries longer than readings count \(stale_after_s 3 s\), expected at most 1.5 s/,
  },
  {
    what: 'a guard that a whole day of silence says nothing to',
    changes: [['guard: { timeout_s: 3 }', 'guard: { timeout_s: 86400 }']],
    at: 'guard: { timeout_s: 86400',
    says: /guard.*expected 1\.\.60 s/,
  },
];
