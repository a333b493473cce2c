import { type ImpedanceRequest, SPECTRUM_COLUMNS } from './impedance.ts';
import { type SweepAbility, type SweepRequest, sweepColumns } from './sweep.ts';

/** What a device may be asked to measure that is no frame: a spectrum, or a curve. */
export type MeasureRequest = ImpedanceRequest | SweepRequest;

/** Whether it is a spectrum that is asked for. */
export const isSpectrum = (request: MeasureRequest): request is ImpedanceRequest =>
  request.kind === undefined || request.kind === 'impedance';

/** Columns of its dataset; `sweep`: what the instrument can. */
export const columnsOf = (request: MeasureRequest, sweep: SweepAbility | undefined): readonly string[] =>
  isSpectrum(request) ? SPECTRUM_COLUMNS : sweepColumns(sweep ?? {});
