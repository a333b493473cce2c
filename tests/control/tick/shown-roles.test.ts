import { describe, expect, it } from 'vitest';
import { shownRoles } from '../../../control/tick/shown-roles.ts';
import { QUALITY } from '../../../drivers/contract/frame.ts';

/** A session of which only the roles and what is set are there. */
function shown(measured: readonly string[], settable: readonly string[]) {
  return shownRoles({
    image: { value: () => 1, quality: () => QUALITY.good },
    gate: { applied: () => 2 },
    parts: {
      roles: {
        measured: new Map(measured.map(role => [role, { role, count: 1, device: 'rack', channel: role }])),
        settable: new Map(settable.map(role => [role, { role, min: 0, max: 8 }])),
      },
      devices: new Map(),
    },
  } as unknown as Parameters<typeof shownRoles>[0]);
}

describe('roles as they are shown', () => {
  it.each([
    ['stack.current_A', 'stack.currentSet_A'],
    ['h2.flow_NL_per_min', 'h2.flowSet_NL_per_min'],
  ])('%s with what is set by %s', (role, settable) => {
    expect(shown([role], [settable])[0].set).toEqual({ value: 2, min: 0, max: 8 });
  });

  it('without a set point where nothing sets it', () => {
    expect(shown(['o2.h2_vol_pct'], ['h2.flowSet_NL_per_min'])[0].set).toBeUndefined();
  });
});
