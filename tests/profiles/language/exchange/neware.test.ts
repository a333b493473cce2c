import { describe, expect, it } from 'vitest';
import { methodOf, once, refusal } from './convert-once.ts';
import { LIMITS, SUITE } from './suite.ts';

/** Files of Neware, read back by what is known of the format. */

const written = (text: string): string => once('m.yaml', text, { to: 'neware' }).text;

/** `Step2` -> its attributes and the values inside, by name. */
function newareSteps(xml: string): readonly Record<string, string>[] {
  return [...xml.matchAll(/<Step(\d+) Step_ID="(\d+)" Step_Type="(\d+)"(?:\/>|>(.*?)<\/Step\d+>)/g)].map(
    ([, , id, type, inside = '']) => ({
      id,
      type,
      ...Object.fromEntries(
        [...inside.matchAll(/<(\w+) Value="([^"]*)"\/>/g)].map(([, key, value]) => [key, value]),
      ),
    }),
  );
}

describe('Neware', () => {
  it('voltages in 0.1 mV, times in ms, currents in mA, rates beside them; a loop leads to its first step', () => {
    expect(newareSteps(written(SUITE))).toEqual([
      { id: '1', type: '4', Time: '90500.000000' },
      {
        id: '2',
        type: '1',
        Rate: '0.500000',
        Curr: '1000.000000',
        Time: '10800000.000000',
        Stop_Volt: '42000.000000',
      },
      {
        id: '3',
        type: '3',
        Volt: '42000.000000',
        Time: '3600000.000000',
        Stop_Rate: '0.050000',
        Stop_Curr: '100.000000',
      },
      { id: '4', type: '2', Curr: '400.000000', Time: '21600000.000000', Stop_Volt: '28000.000000' },
      { id: '5', type: '5', Start_Step: '2', Cycle_Count: '3' },
      { id: '6', type: '6' },
    ]);
  });

  it('record, limits and capacity', () => {
    const xml = written(SUITE.replace('steps:\n- { rest', `${LIMITS}steps:\n- { rest`));
    expect(xml).toContain('<MultCap Value="7200000.000000"/>');
    expect(xml).toContain(
      '<Record><Main><Time Value="10000.000000"/><Volt Value="100.000000"/><Curr Value="5.000000"/></Main></Record>',
    );
    expect(xml).toContain(
      '<Volt><Upper Value="43000.000000"/><Lower Value="25000.000000"/></Volt><Curr><Upper Value="3000.000000"/><Lower Value="-3000.000000"/></Curr><Delay_Time Value="1000.000000"/>',
    );
    expect(xml).toContain('<Step_Info Num="6">');
  });

  it('a hold after a discharge, or with a current that flows out, is a discharge', () => {
    const after =
      '- { cc: { current_A: -1 }, until: cell.voltage_V < 3, for_h: 1 }\n- { cv: { voltage_V: 3 }, until: abs(cell.current_A) < 0.1, for_h: 1 }';
    const held = newareSteps(written(methodOf(after)))[1];
    expect(held).toMatchObject({ type: '19' });
    // Its method has no current for it.
    expect(Object.keys(held)).toEqual(['id', 'type', 'Volt', 'Time', 'Stop_Curr']);
    const cccv = '- { cccv: { voltage_V: 4.2, current_A: 1 }, until: cell.current_A < 0.1, within_h: 3 }';
    expect(
      newareSteps(once('m.yaml', methodOf(cccv), { to: 'neware', accepts: true }).text)[1],
    ).toMatchObject({ type: '3', Curr: '1000.000000' });
    const out = methodOf('- { cv: { voltage_V: 3 }, until: cell.current_A > -0.1, for_h: 1 }');
    expect(newareSteps(once('m.yaml', out, { to: 'neware', accepts: true }).text)[0]).toMatchObject({
      type: '19',
    });
    const bare = methodOf('- { cv: { voltage_V: 3 }, for_h: 1 }');
    expect(refusal('m.yaml', bare, { to: 'neware' })).toMatch(
      /^m.yaml:4:5: cv: is written as a charge: nothing before it says which way .*--accept/,
    );
    expect(newareSteps(once('m.yaml', bare, { to: 'neware', accepts: true }).text)[0]).toMatchObject({
      type: '3',
    });
  });

  it('names are escaped', () => {
    expect(written('method: "a < b & \\"c\\""\nversion: 2\nsteps: [{ rest: {}, for_h: 1 }]\n')).toContain(
      '<Remark Value="a &lt; b &amp; &quot;c&quot;"/>',
    );
  });

  it('C without a capacity is refused', () => {
    expect(refusal('m.yaml', SUITE, { to: 'neware', subject: {} })).toMatch(
      /^m.yaml:8:\d+: cc: C needs the capacity here, expected --capacity/,
    );
  });
});
