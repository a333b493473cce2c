import type { EmulatorEnv } from '../faults.ts';
import { type TextInstrument, textInstrument } from '../text-instrument.ts';
import type { Bath } from './bath.ts';
import type { ThermalDialect } from './dialects.ts';

/** A running circulator or chamber. */
export type ThermalInstrument = TextInstrument;

/** A bath of a make on TCP (port 0: any) or at a serial line. */
export function thermalInstrument(
  env: EmulatorEnv,
  bath: Bath,
  dialect: ThermalDialect,
  wire: {
    readonly plate: string;
    readonly port?: number;
    readonly path?: string;
    readonly baud?: number | undefined;
  },
): ThermalInstrument {
  return textInstrument(
    env,
    {
      terminator: dialect.terminator,
      deafAtFirst: dialect.deafAtFirst ?? false,
      service: () => bath.service(),
      answer(line) {
        bath.heard();
        return dialect.answer(bath, line, wire.plate);
      },
    },
    wire,
  );
}
