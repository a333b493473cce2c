import { ageingSplitRows } from './families/ageing-split.ts';
import { alkalineFigures, alkalineRows } from './families/alkaline.ts';
import { cellLimitRows } from './families/cell-limits.ts';
import { ceramicFigure, ceramicRows } from './families/ceramic.ts';
import { circuitSection } from './families/circuit.ts';
import { conservationRows } from './families/conservation.ts';
import { dfnSection } from './families/dfn.ts';
import { emfRows } from './families/emf.ts';
import { everyPlantRows } from './families/every-plant.ts';
import { fuelCellRows } from './families/fuel-cell.ts';
import { gasMixRows } from './families/gas-mix.ts';
import { hydrideSection } from './families/hydride.ts';
import { lithiumMetalRows } from './families/li-metal.ts';
import { otherCellsSection } from './families/other-cells.ts';
import { ownCellsSection } from './families/own-cells.ts';
import { pelletRows } from './families/pellet.ts';
import { pemCurveFigures, pemCurveRows } from './families/pem-curves.ts';
import { pemDynamicsSection } from './families/pem-dynamics.ts';
import { crossoverFigure, pemPhysicsRows } from './families/pem-physics.ts';
import { pemPredictionSection } from './families/pem-prediction.ts';
import { spmeAgeingSection } from './families/spme-ageing.ts';
import { spmeDischargeSection } from './families/spme-discharge.ts';
import { spmeDynamicsSection } from './families/spme-dynamics.ts';
import { spmePulse } from './families/spme-pulse.ts';
import { stackPlantRows } from './families/stack-plants.ts';
import type { Section } from './row.ts';

/** Runs every model and compares it with its reference: the acceptance table, kind by kind. Some seconds of work. */
export function validationSections(): Section[] {
  const predicted = pemPredictionSection();
  const pem = pemDynamicsSection();
  const discharges = spmeDischargeSection();
  const pulse = spmePulse();
  const dynamics = spmeDynamicsSection();
  const ageing = spmeAgeingSection();
  return [
    {
      title: 'PEM electrolysis',
      rows: [...pemPhysicsRows(), ...pemCurveRows(), ...predicted.rows, ...pem.rows],
      pictures: [...pemCurveFigures(), predicted.figure, crossoverFigure(), ...pem.pictures],
    },
    { title: 'Alkaline electrolysis', rows: alkalineRows(), pictures: alkalineFigures() },
    { title: 'Proton-ceramic electrolysis', rows: ceramicRows(), pictures: [ceramicFigure()] },
    { title: 'PEM fuel cell', rows: fuelCellRows(), pictures: [] },
    { title: 'Proton-ceramic membrane: EMF and transport number', rows: emfRows(), pictures: [] },
    { title: 'Stacks: heat, water, rest, grid', rows: stackPlantRows(), pictures: [] },
    {
      title: 'Lithium-ion: single-particle model with electrolyte',
      rows: [...discharges.rows, pulse.row, ...dynamics.rows, ...ageing.rows, ...cellLimitRows()],
      pictures: [...discharges.pictures, pulse.figure, ...dynamics.pictures, ageing.figure],
    },
    { title: 'Porous-electrode model: lithium-ion and sodium-ion', ...dfnSection() },
    { title: 'Other chemistries, and a measured cell', ...otherCellsSection() },
    { title: 'Equivalent circuit and ageing laws of LFP', ...circuitSection() },
    { title: "Cells of one's own, power cell, hand-over, wear", ...ownCellsSection() },
    { title: 'Lithium metal: Li|Li and Li|Cu', rows: lithiumMetalRows(), pictures: [] },
    { title: 'Solid electrolytes', rows: pelletRows(), pictures: [] },
    { title: 'Hydrogen in a metal hydride', ...hydrideSection() },
    { title: 'Gas mixed in a vessel', rows: gasMixRows(), pictures: [] },
    { title: 'Stacks: ageing in its parts', rows: ageingSplitRows(), pictures: [] },
    { title: 'Every plant: on its curve, pulse and spectrum', rows: everyPlantRows(), pictures: [] },
    { title: 'Balances and steps', rows: conservationRows(), pictures: [] },
  ];
}
