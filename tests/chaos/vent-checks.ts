import { isNamed, isOfVent, type Say, sight_s } from './checks.ts';
import type { Evidence } from './ending.ts';
import { CURRENT_OFF_A, VENTED_barg } from './fake-bench.ts';

/** Did the vent run to its end, once at a time, with the outlet open while current was read? */
export function judgeVent(evidence: Evidence, say: Say): void {
  const { world, shut_s, ended, atEnd, lowest_barg } = evidence;
  if (Number.isNaN(shut_s)) return;
  if (
    ended !== undefined &&
    atEnd.pressure_barg > VENTED_barg + 0.1 &&
    !isNamed(evidence, 'cathode.pressure')
  ) {
    const text = `${atEnd.pressure_barg.toFixed(2)} barg at the end, not named`;
    if (lowest_barg > VENTED_barg) say('vent', 'not finished', text);
    else if (isOld(evidence)) say('unsafe-end', 'pressure came back', text);
  }
  const vents = world.instruments.gas.log.filter(r => isOfVent(evidence, r));
  // A set point below what counts as vented holds nothing back.
  // What somebody else has moved it to in between is what it rises from.
  const rises = vents.filter(
    (r, i) => i > 0 && r.value > Math.max(VENTED_barg, r.before + 0.02, vents[i - 1].value + 0.02),
  );
  const isDouble = rises.some((rise, i) => i > 0 && rise.at_s - rises[i - 1].at_s < 4);
  const from = `from ${rises[0]?.at_s.toFixed(2)} s on`;
  if (isDouble) say('vent', 'side by side', `the vent's set point goes up and down ${from}`);
  else if (rises.length > 0)
    say('vent', 'rises again', `the vent's set point starts again higher up ${from}`);
  judgeOutlet(evidence, say);
}

/** Whatever brought the pressure back had been there long enough to be seen. */
function isOld({ happened, end_s, ...evidence }: Evidence): boolean {
  return !happened.some(
    h =>
      ['stuck', 'hand'].includes(h.disturbance.what) &&
      h.from_s > end_s - sight_s({ happened, end_s, ...evidence }),
  );
}

function judgeOutlet(evidence: Evidence, say: Say): void {
  const { world, shutOrder, happened } = evidence;
  for (const r of world.instruments.plc.log) {
    if (!(r.sentOrder > shutOrder) || r.key !== 'outletSet_on' || r.value > 0.5 || r.before < 0.5) continue;
    if (r.effect !== 'done' || r.current_A <= CURRENT_OFF_A) continue;
    // Current is read if the supply has been answering for a while.
    const read_s = 2 * evidence.scenario.poll_s.supply + 1;
    const isRead = !happened.some(
      h =>
        (('device' in h.disturbance &&
          h.disturbance.device === 'supply' &&
          ['lost', 'silent', 'late', 'loss', 'read'].includes(h.disturbance.what)) ||
          (['hand', 'stuck'].includes(h.disturbance.what) && h.from_s > r.at_s - read_s)) &&
        h.from_s <= r.at_s &&
        h.to_s >= r.at_s - read_s,
    );
    if (isRead)
      say(
        'vent',
        'outlet shut under load',
        `outlet shut at ${r.at_s.toFixed(2)} s with ${r.current_A.toFixed(1)} A`,
      );
  }
}
