import { methodOf } from './convert-once.ts';

/** A method that every cycler can run, and limits for it. */

const HEAD = 'record: { every_s: 10, change: { cell.voltage_V: 0.01, cell.current_mA: 5 } }\n';
export const SUITE = methodOf(
  `- { rest: {}, for_s: 90.5 }
- repeat: { times: 3 }
  steps:
  - { cc: { current_C: 0.5 }, until: cell.voltage_V > 4.2, for_h: 3 }
  - { cv: { voltage_V: 4.2 }, until: abs(cell.current_C) < 1/20, for_h: 1 }
  - { cc: { current_A: -0.4 }, until: cell.voltage_V < 2.8, for_h: 6 }`,
  HEAD,
);
export const LIMITS = `limits: [{ when: cell.voltage_V > 4.3 for 1 s, then: stop }, { when: cell.voltage_V < 2.5 for 1 s, then: stop }, { when: abs(cell.current_A) > 3 for 1 s, then: stop }]\n`;
