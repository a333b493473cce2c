/** What is rehearsed to measure how fast it goes: a stack's night, a cell's cycles, two lists side by side. */

/** A bench with a method: an example's, or a text of its own. */
export interface Rehearsed {
  readonly bench: string;
  readonly example?: string;
  readonly text?: string;
}

const EXAMPLES = new URL('../../examples/', import.meta.url).pathname;
const CELL = `${EXAMPLES}cell-cycling/bench.yaml`;

const CYCLES = `repeat: { times: 28 }
    steps:
    - { rest: {}, for_min: 10 }
    - { cc: { current_C: -1 }, until: cell.voltage_V <= subject.voltageMin_V, within_h: 1.5 }
    - { rest: {}, for_min: 10 }
    - { cccv: { current_C: 1/2, voltage_V: subject.voltageMax_V }, until: cell.current_C < 1/20, within_h: 5 }`;

export const REHEARSED: Readonly<Record<string, Rehearsed>> = {
  night: { bench: `${EXAMPLES}pem-500kw/bench.yaml`, example: `${EXAMPLES}pem-500kw/night.yaml` },
  cycling: {
    bench: CELL,
    text: `method: measured-cycling
version: 2
phases:
- name: cycles
  steps:
  - ${CYCLES}
finally:
- { rest: {}, for_s: 1 }
`,
  },
  beside: {
    bench: CELL,
    text: `method: measured-beside
version: 2
steps:
- together:
  - - ${CYCLES.replaceAll('\n', '\n  ')}
  - - follow: { chamber.temperature_degC: 'triangle(20, 30, 12 h)' }
      for_d: 300
finally:
- { rest: {}, for_s: 1 }
`,
  },
};
