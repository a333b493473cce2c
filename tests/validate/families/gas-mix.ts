import { seededRandom } from '../../../drivers/contract/random.ts';
import {
  type FlammableLimits,
  isFlammable,
  lowerLimit_vol_pct,
} from '../../../sim/plant/gas-mix/flammable.ts';
import { GAS_MIX_MODEL } from '../../../sim/plant/gas-mix/model.ts';
import { VESSEL_SUBJECT } from '../../../sim/plant/parts/model.ts';
import { runFor, setAll } from '../rig-run.ts';
import { largest, largest_pct, type Pair, pairsText, type Row, row } from '../row.ts';

const SET = 'h2-o2-n2';
const declared = (name: string): number =>
  GAS_MIX_MODEL.parameters(SET).find(p => p.name === name)?.value ?? Number.NaN;
const LIMITS: FlammableLimits = {
  lower_vol_pct: declared('lower_vol_pct'),
  upperAir_vol_pct: declared('upperAir_vol_pct'),
  upperOxygen_vol_pct: declared('upperOxygen_vol_pct'),
  leastOxygen_vol_pct: declared('leastOxygen_vol_pct'),
  lowerFalls_per_K: declared('lowerFalls_per_K'),
};

/** H2 at which a line of mixtures begins or ends to burn, vol%, by halving. */
function edge(burns: (h2: number) => boolean, inside: number, outside: number): number {
  let [a, b] = [inside, outside];
  for (let k = 0; k < 40; k++) {
    const middle = (a + b) / 2;
    if (burns(middle)) a = middle;
    else b = middle;
  }
  return (a + b) / 2;
}

function limitsRow(): Row {
  const inAir = (h2: number): boolean => isFlammable(LIMITS, h2, 0.2095 * (100 - h2), 25);
  const inOxygen = (h2: number): boolean => isFlammable(LIMITS, h2, 100 - h2, 25);
  const pairs: Pair[] = [
    [edge(inAir, 30, 0), 4],
    [edge(inAir, 30, 100), 75],
    [edge(inOxygen, 30, 0), 4],
    [edge(inOxygen, 30, 100), 94],
    [edge(o2 => isFlammable(LIMITS, 30, o2, 25), 20, 0), 4.6],
  ];
  return row({
    id: 'gas-mix.limits',
    model:
      'H2 with air, with O2, and 30 % H2 with less and less oxygen, 25 °C: where the plant says that it burns',
    reference: 'limits recalled: 4..75 % in air, 4..94 % in O2, limiting oxygen 4.6 %',
    error: largest(pairs),
    tolerance: 0.2,
    unit: 'vol%',
    basis: 'model only',
    note: `found (recalled): ${pairsText(pairs, 2)}; no table was at hand, and none is a safety limit of a lab`,
  });
}

function warmRow(): Row {
  const pairs = [
    [100, 3.4],
    [200, 2.9],
    [300, 2.1],
    [400, 1.5],
  ].map(([degC, pct]): Pair => [lowerLimit_vol_pct(LIMITS, degC), pct]);
  return row({
    id: 'gas-mix.lower-limit-warm',
    model: 'lower limit in air at 100..400 °C',
    reference: 'recalled table',
    error: largest(pairs),
    tolerance: 0.2,
    unit: 'vol%',
    basis: 'model only',
    note: `found (recalled): ${pairsText(pairs, 2)}`,
  });
}

/** A stirred volume: exp(-changes), at a steady flow. */
function purgeRow(): Row {
  const rig = GAS_MIX_MODEL.create({
    set: SET,
    parameters: { flowLag_s: 0.01 },
    subject: VESSEL_SUBJECT,
    random: seededRandom(1),
  });
  setAll(rig, { 'n2.flowSet_NL_per_min': 20 });
  const volume_NL = rig.truthOf('mix.inside_mol') * 22.413969;
  const pairs = [1, 2, 3, 4, 5].map((changes): Pair => {
    runFor(rig, changes * 60 * (volume_NL / 20) - rig.time_s);
    return [rig.truthOf('mix.o2_vol_pct') / 20.95, Math.exp(-changes)];
  });
  return row({
    id: 'gas-mix.purge',
    model: 'air purged with N2 out of the stirred vessel, 1..5 volume changes',
    reference: 'exp(-changes)',
    error: largest_pct(pairs),
    tolerance: 1,
    unit: '%',
    basis: 'published formula',
    note: `left of the oxygen: ${pairsText(pairs, 4)}`,
  });
}

/** Rows of the gas-mix vessel. */
export function gasMixRows(): Row[] {
  return [limitsRow(), warmRow(), purgeRow()];
}
