import { describe, expect, it } from 'vitest';
import { parseBench } from '../../../control/bench/bench-file.ts';
import { outputOf } from '../../../control/bench/output.ts';
import { describeDevice } from '../../../control/program/open-devices.ts';
import { compileRoles } from '../../../control/tick/roles.ts';
import { readTextFile } from '../../../drivers/contract/text-file.ts';

/** Half-cell control of a bench file: what a loop needs behind it. */

const FILE = 'examples/three-electrode/bench.yaml';
const TEXT = readTextFile(FILE);
const ENTRY = '{ response_mOhm: -20, settle_s: 15, within_mV: 5, min: 0, max: 0.5 }';
const parsed = (text: string) => parseBench(FILE, text, describeDevice);
function replaced(from: string, to: string): string {
  expect(TEXT).toContain(from);
  return TEXT.replace(from, to);
}
const trip =
  "role: cell.negativePotential_V, trips: '<', limit: -0.02, rearm: 0.02, delay_s: 2, reaction: trip,";

it('is told to what drives the output in its units', () => {
  const loaded = parsed(TEXT);
  const output = outputOf(loaded.bench, compileRoles(loaded.bench, loaded.descriptions));
  expect(output?.loops?.get('cell.negativePotential_V')).toEqual({
    response_Ohm: -0.02,
    settle_s: 15,
    within_V: 0.005,
    poll_s: 1,
    stale_s: 3,
  });
});

describe('refused', () => {
  it.each<readonly [what: string, text: () => string, message: RegExp]>([
    [
      'a loop that its readings cannot carry',
      () => replaced('settle_s: 15', 'settle_s: 5'),
      /:\d+: softwareControl\.cell\.negativePotential_V\.settle_s: 5 s, but a reading comes each 1 s and the loop settles within 14 of them: expected 14 s at least, or a shorter poll_s/,
    ],
    [
      'the same with slower readings',
      () =>
        replaced('poll_s: 1\n    stale_after_s: 3', 'poll_s: 2\n    stale_after_s: 5').replace(
          'timeout_s: 5',
          'timeout_s: 15',
        ),
      /a reading comes each 2 s and the loop settles within 14 of them: expected 28 s/,
    ],
    [
      'an answer that takes longer than a poll',
      () =>
        replaced('poll_s: 1\n    stale_after_s: 3', 'poll_s: 1\n    latency_s: 1.5\n    stale_after_s: 3'),
      /a reading comes each 1\.5 s/,
    ],
    [
      'an instrument that may be silent for longer',
      () => replaced('stale_after_s: 3', 'stale_after_s: 30'),
      /cycler may be silent for 30 s, expected at least that/,
    ],
    [
      'no trip behind it',
      () => replaced(trip, trip.replace('trip,', 'warn,')),
      /no interlock trips where cell\.negativePotential_V goes below a limit/,
    ],
    [
      'a trip on the other side',
      () => replaced(trip, trip.replace("'<'", "'>'").replace('-0.02', '2').replace('0.02', '1.9')),
      /no interlock trips where cell\.negativePotential_V goes below/,
    ],
    [
      'a trip that only a tag arms',
      () => replaced(trip, `${trip} armed: load,`),
      /no interlock trips where|armed/,
    ],
    [
      'a set value beyond the trip',
      () => replaced('min: 0, max: 0.5', 'min: -0.1, max: 0.5'),
      /\.min: -0\.1 V is not on the good side of the trip lithium-plates \(< -0\.02 V\)/,
    ],
    [
      'a response of nothing',
      () => replaced('response_mOhm: -20', 'response_mOhm: 0'),
      /response_mOhm: .*expected another value than 0/,
    ],
    ['a time that is none', () => replaced('settle_s: 15', 'settle_s: -1'), /settle_s/],
    ['min above max', () => replaced('min: 0, max: 0.5', 'min: 0.6, max: 0.5'), /expected min <= max/],
    [
      'a key that it does not know',
      () => replaced('settle_s: 15', 'settle: 15'),
      /unknown key "settle" \(did you mean "settle_s"\?\)/,
    ],
    [
      'a role that nobody measures',
      () => replaced(`cell.negativePotential_V: ${ENTRY}`, `cell.otherPotential_V: ${ENTRY}`),
      /"cell\.otherPotential_V" is no single potential in V/,
    ],
    [
      'a role that is no potential',
      () => replaced(`cell.negativePotential_V: ${ENTRY}`, `cell.temperature_degC: ${ENTRY}`),
      /is no single potential in V/,
    ],
    [
      'the voltage of the output',
      () => replaced(`cell.negativePotential_V: ${ENTRY}`, `cell.voltage_V: ${ENTRY}`),
      /is the voltage of the output, which its instrument holds/,
    ],
  ])('%s', (_what, text, message) => {
    const changed = text();
    expect(() => parsed(changed)).toThrow(message);
  });
});
