import type { ReadCalled } from '../../../../profiles/language/file/calls.ts';
import { builtInText } from '../../../../profiles/language/methods/built-in.ts';

/** What the methods of these tests call. */

/** A procedure that discharges for so long and says what came out. */
const DISCHARGE = `procedure: discharge
version: 2
parameters: { rate_C: 1, least_s: 9, time_s: { default: least_s, max: 3600 } }
returns: { out_Ah: down.chargeOut_Ah }
steps:
- { cc: { current_C: -rate_C }, id: down, for_s: time_s }
`;
const ROUNDS = `procedure: rounds
version: 2
parameters: { rounds_count: 2 }
steps: [{ if: rounds_count > 1, then: next }, { rest: {}, for_s: 1 }]
`;
const KEPT = [
  'procedure: kept',
  'version: 2',
  'parameters: { most_s: 5 }',
  'returns: { last_s: last_s }',
  'steps:',
  '- each: { t_s: [1, 2] }',
  '  steps: [{ rest: {}, for_s: t_s }, { if: t_s > most_s, then: leave }, { let: { last_s: t_s } }]',
].join('\n');
/** It fills, discharges and fills again, and returns of the discharge alone what each part of a run counts as well. */
const PART = `procedure: part
version: 2
returns: { chargeOut_Ah: down.chargeOut_Ah, charge_Ah: down.chargeOut_Ah, energy_Wh: down.energyOut_Wh, time_s: down.time_s }
steps:
- { cc: { current_C: 1 }, for_s: 20 }
- { cc: { current_C: -1 }, id: down, for_s: 9 }
- { cc: { current_C: 1 }, for_s: 5 }
- { cc: { current_C: -1 }, for_s: 3 }
`;
const TEXTS: Readonly<Record<string, string>> = {
  'discharge.yaml': DISCHARGE,
  'kept.yaml': KEPT,
  'part.yaml': PART,
  'rounds.yaml': ROUNDS,
};
export const CALLED: ReadCalled = name => {
  if (Object.hasOwn(TEXTS, name)) return { path: name, text: TEXTS[name] };
  const text = builtInText(name);
  return text === undefined ? undefined : { path: `built-in ${name}`, text };
};
