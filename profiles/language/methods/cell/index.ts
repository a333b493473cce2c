import { driveCycle, essDuty } from '../cell-data/duties.ts';
import { halfCellRate } from '../cell-metal/half-cell-rate.ts';
import { platingStripping } from '../cell-metal/plating-stripping.ts';
import { ici } from '../cell-pulses/ici.ts';
import { dcir, gitt, hppc } from '../cell-pulses/pulses.ts';
import { quasiOcv } from '../cell-pulses/quasi-ocv.ts';
import type { Evaluation } from '../evaluation.ts';
import { calendar, cycleLife } from './ageing.ts';
import { capacityCheck } from './capacity-check.ts';
import { chargeToSoc, fullCharge } from './charges.ts';
import { formation } from './formation.ts';
import { rateCapability } from './rate-capability.ts';

/** Every evaluation of a method for battery cells. */
export const CELL_EVALUATIONS: readonly Evaluation[] = [
  capacityCheck,
  fullCharge,
  chargeToSoc,
  calendar,
  cycleLife,
  formation,
  rateCapability,
  halfCellRate,
  platingStripping,
  ici,
  dcir,
  gitt,
  hppc,
  quasiOcv,
  driveCycle,
  essDuty,
];
