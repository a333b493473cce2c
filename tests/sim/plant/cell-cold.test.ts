import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { discharge, rest } from '../../../sim/plant/cell/battery-runs.ts';
import { ageingCell, ageingDeclared, SPME_MODEL } from '../../../sim/plant/cell/spme.ts';
import { declaredValues } from '../../../sim/plant/parts/declared.ts';
import type { SpmeModel } from '../../../sim/plant/spme/model.ts';
import { runFor, setAll } from '../../validate/rig-run.ts';

/** The cell of the plant; its holder takes all heat away when `isHeld`. */
function lgM50(
  start_degC: number,
  startSoc_frac: number,
  isHeld = true,
  changed: Record<string, number> = {},
): SpmeModel {
  const figures = declaredValues(ageingDeclared(CHEN2020), { startSoc_frac, ...changed });
  return ageingCell(CHEN2020, {
    ...figures,
    start_degC,
    ...(isHeld ? { heatTransfer_W_per_K: 1e4 } : {}),
  });
}

/** A tenth of a year on the shelf; loss in per cent of 5 Ah. */
function shelf_pct(start_degC: number, soc_frac: number): number {
  const cell = lgM50(start_degC, soc_frac);
  rest(cell, 36.5 * 86_400, 3600);
  return (100 * cell.state.irreversibleLoss_Ah) / 5;
}

describe('LG M50 as a plant', () => {
  it.each([
    // Isothermal SPMe with O'Kane's activation energies, worked out by another program.
    { at_degC: 0, rate: 0.1, expected_Ah: 5.102 },
    { at_degC: 0, rate: 0.5, expected_Ah: 4.936 },
    { at_degC: 0, rate: 1, expected_Ah: 4.699 },
    { at_degC: 10, rate: 1, expected_Ah: 4.868 },
    { at_degC: 45, rate: 1, expected_Ah: 5.069 },
  ])('from 4.2 V at $at_degC degC and $rate C gives $expected_Ah Ah', ({ at_degC, rate, expected_Ah }) => {
    const { charge_Ah } = discharge(lgM50(at_degC, 1), rate * 5, 2.5, 1);
    console.log(`${at_degC} degC, ${rate} C: ${charge_Ah.toFixed(3)} Ah, expected ${expected_Ah}`);
    expect(Math.abs(charge_Ah / expected_Ah - 1)).toBeLessThan(0.006);
  });

  it('stored warm and full it loses more than cool and empty', () => {
    const [cool, warm] = [shelf_pct(25, 0.5), shelf_pct(45, 0.5)];
    const [full, empty] = [shelf_pct(25, 0.9), shelf_pct(25, 0.1)];
    console.log(
      `film, 36.5 d: 25 degC ${cool.toFixed(3)} %, 45 degC ${warm.toFixed(3)} %; ` +
        `SOC 0.9 ${full.toFixed(3)} %, 0.1 ${empty.toFixed(3)} %`,
    );
    expect(warm / cool).toBeGreaterThan(1.8);
    expect(warm / cool).toBeLessThan(3.5);
    expect(full / empty).toBeGreaterThan(1.5);
    expect(full / empty).toBeLessThan(6);
  });

  it('its film resists: the spectrum at 1 mHz rises as the state says, the series resistance does not', () => {
    // The film alone: kinetics and transport do not fall with the capacity lost.
    const cell = lgM50(45, 0.9, true, { kineticLossPerCapacity_1: 0, transportLossPerCapacity_1: 0 });
    const least_Ohm = (): number => cell.impedance(Float64Array.of(1e-3)).re_Ohm[0];
    const series_Ohm = (): number => cell.impedance(Float64Array.of(1e5)).re_Ohm[0];
    const before = { low: least_Ohm(), high: series_Ohm() };
    rest(cell, 36.5 * 86_400, 3600);
    const rise_Ohm = cell.state.resistanceRise_Ohm;
    expect(rise_Ohm).toBeGreaterThan(1e-4);
    expect(least_Ohm() - before.low).toBeGreaterThan(0.8 * rise_Ohm);
    expect(Math.abs(series_Ohm() - before.high)).toBeLessThan(0.01 * rise_Ohm);
  });
});

describe('what the twin says of itself', () => {
  it('3C, then a short of 10 S: charge inside the cell, readings that say so', () => {
    const rig = SPME_MODEL.create({
      set: 'chen2020',
      parameters: { startSoc_frac: 1 },
      subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
      random: seededRandom(1),
    });
    setAll(rig, { 'cell.modeSet_count': 1, 'cell.currentSet_A': -15, 'cell.outputSet_on': 1 });
    runFor(rig, 120);
    const on = (name: string): number => rig.sensor(rig.sensorIndex(name));
    // Its own heat (43 degC by then) keeps the salt from running out; the single particle is out of its depth all the same.
    expect([on('cell.exhausted_on'), on('cell.outsideValidity_on')]).toEqual([0, 1]);
    rig.disturb(rig.disturbanceIndex('cell.shortConductance_S'), 10);
    runFor(rig, 1800);
    expect(on('cell.exhausted_on')).toBe(1);
    console.log(`3C, short: ${rig.truthOf('cell.discharged_Ah').toFixed(3)} Ah of 5.153`);
    expect(rig.truthOf('cell.discharged_Ah')).toBeLessThan(1.05 * 5.1532);
  });
});
