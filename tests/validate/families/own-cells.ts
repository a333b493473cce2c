import { join } from 'node:path';
import type { FigureSpec } from '../../../dashboards/report/figure.ts';
import { seededRandom } from '../../../drivers/contract/random.ts';
import { bpxCell } from '../../../sim/own-cell/bpx.ts';
import { readOwnCell } from '../../../sim/own-cell/own-cell.ts';
import { CHEN2020 } from '../../../sim/plant/battery-sets/chen2020.ts';
import { LFP_POWER } from '../../../sim/plant/battery-sets/lfp-power.ts';
import { dfn } from '../../../sim/plant/dfn/model.ts';
import { handOver } from '../../../sim/plant/hand-over/model.ts';
import { FAST_MESH } from '../../../sim/plant/spme/mesh.ts';
import { spme } from '../../../sim/plant/spme/model.ts';
import { findPlant } from '../../../sim/plants.ts';
import { runFor } from '../rig-run.ts';
import { type Pair, type Row, rms, row } from '../row.ts';

const NMC_FILE = join(import.meta.dirname, '../../sim/own-cell/nmc-pouch.bpx.json');

interface Discharge {
  readonly name: string;
  readonly time_s: readonly number[];
  readonly measured_V: readonly number[];
  readonly computed_V: readonly number[];
}

/** The discharges that a BPX file brings along, beside the cell made from it. */
function bpxDischarges(): Discharge[] {
  const own = readOwnCell(NMC_FILE);
  if (own.kind !== 'bpx') return [];
  const set = bpxCell(own.data, own.file);
  const told = own.data['Validation'] as Record<string, Record<string, number[]>>;
  return Object.entries(told).map(([name, columns]) => {
    const { 'Time [s]': time_s, 'Current [A]': current_A, 'Voltage [V]': volts } = columns;
    const model = spme(set);
    const computed_V = [model.state.voltage_V];
    let now_s = time_s[0];
    for (let i = 1; i < time_s.length; i++) {
      const steps = Math.ceil((time_s[i] - now_s) / 10);
      for (let k = 0; k < steps; k++) {
        model.prepare((time_s[i] - now_s) / steps);
        model.take(current_A[i]);
      }
      now_s = time_s[i];
      computed_V.push(model.state.voltage_V);
    }
    return { name, time_s, measured_V: volts, computed_V };
  });
}

function bpxRow({ name, measured_V, computed_V }: Discharge): Row {
  // The last points of a discharge fall by tenths of a volt.
  const pairs = measured_V.slice(0, -2).map((v, i): Pair => [computed_V[i], v]);
  return row({
    id: `bpx.nmc-pouch.${name.startsWith('1C') ? '1C' : 'C20'}`,
    model: `SPMe from a BPX file (NMC111 pouch, 12.5 Ah, About:Energy 2022), ${name}`,
    reference: "the file's own Validation section",
    error: 1000 * rms(pairs),
    tolerance: 15,
    unit: 'mV',
    basis: 'measured, fitted',
    note: `${pairs.length} points, nothing fitted here; whether they served to find the file's figures is not said`,
  });
}

/** Share of 2.3 Ah and mean voltage of the power cell from full to 2.0 V at a rate, chamber at a temperature. */
function powerDischarge(rate: number, temperature_degC: number): { share_pct: number; mean_V: number } {
  const model = spme(LFP_POWER, { soc_frac: 1, temperature_degC, isLumped: true });
  const current_A = -2.3 * rate;
  const step_s = 10 / rate;
  let charge_C = 0;
  let energy_J = 0;
  while (charge_C < 3 * 3600) {
    model.prepare(step_s);
    if (model.voltageAfter_V(current_A) < LFP_POWER.lower_V) break;
    model.take(current_A);
    charge_C -= current_A * step_s;
    energy_J -= current_A * step_s * model.state.voltage_V;
  }
  return { share_pct: (100 * charge_C) / 3600 / 2.3, mean_V: energy_J / charge_C };
}

const outside = (value: number, low: number, high: number): number => Math.max(0, low - value, value - high);

/** The power cell against what data sheets of its class say; all recalled. */
function powerRows(): Row[] {
  const told = {
    model: 'SPMe, lfp-26650-power',
    basis: 'model only',
  } as const;
  const rated = [
    [10, 96, 98],
    [20, 94, 97.5],
    [30, 90, 97.5],
  ] as const;
  const model = spme(LFP_POWER, { soc_frac: 0.5 });
  const kilohertz_mOhm = 1000 * model.impedance(Float64Array.of(1000)).re_Ohm[0];
  for (let k = 0; k < 10; k++) {
    model.prepare(1);
    model.take(-11.5);
  }
  const pulse_mOhm = (1000 * (model.state.openCircuit_V - model.state.voltage_V)) / 11.5;
  const cold = powerDischarge(1, -20);
  return [
    ...rated.map(([rate, low, high]) => {
      const { share_pct, mean_V } = powerDischarge(rate, 25);
      return row({
        ...told,
        id: `lfp-power.${rate}C`,
        reference: `ANR26650M1A class, ${low}..${high} % at ${rate}C, 25 °C (recalled)`,
        error: outside(share_pct, low, high),
        tolerance: 0.2,
        unit: '% outside',
        note: `${share_pct.toFixed(1)} % of 2.3 Ah to 2.0 V, mean ${mean_V.toFixed(2)} V; prada2013-lfp gives 25 % at 10C`,
      });
    }),
    row({
      ...told,
      id: 'lfp-power.resistance',
      reference: '6..8 mOhm at 1 kHz and 10..12 mOhm in 10 s (recalled)',
      error: Math.max(outside(kilohertz_mOhm, 6, 8), outside(pulse_mOhm, 10, 12)),
      tolerance: 0,
      unit: 'mΩ outside',
      note: `${kilohertz_mOhm.toFixed(2)} mOhm at 1 kHz, ${pulse_mOhm.toFixed(2)} mOhm in 10 s at 5C, half full`,
    }),
    row({
      ...told,
      id: 'lfp-power.cold',
      reference: '85..90 % at 1C and -20 °C (recalled)',
      error: outside(cold.share_pct, 85, 90),
      tolerance: 2,
      unit: '% outside',
      note: `${cold.share_pct.toFixed(1)} %, self-heating in still air included`,
    }),
  ];
}

/** Single particle that hands over, beside porous electrodes all the time. */
function handOverRows(): Row[] {
  const start = { soc_frac: 1, isLumped: true, mesh: FAST_MESH };
  const told = {
    model: 'spme-dfn, chen2020, 3C from full to 2.5 V',
    basis: 'self-consistency, model only',
  } as const;
  const model = handOver(spme(CHEN2020, start), dfn(CHEN2020, start), 5);
  const alone = dfn(CHEN2020, start);
  const current_A = -15;
  let carried_V = Number.NaN;
  let jump_mol = Number.NaN;
  let apart_V = 0;
  const drawn_Ah = [model, alone].map(m => {
    let seconds = 0;
    for (; seconds < 4000; seconds++) {
      const lithium = model.lithium_Ah();
      m.prepare(1);
      if (m.voltageAfter_V(current_A) < CHEN2020.lower_V) break;
      m.take(current_A);
      if (m === model && model.handOvers === 1 && Number.isNaN(carried_V)) {
        carried_V = Math.abs(model.carried_V);
        jump_mol = Math.abs(model.lithium_Ah() / lithium - 1);
      }
    }
    return (seconds * -current_A) / 3600;
  });
  const [first, second] = [handOver(spme(CHEN2020, start), dfn(CHEN2020, start), 5), dfn(CHEN2020, start)];
  for (let t = 0; t < 700; t++) {
    for (const m of [first, second]) {
      m.prepare(1);
      m.take(current_A);
    }
    if (t > 150) apart_V = Math.max(apart_V, Math.abs(first.state.voltage_V - second.state.voltage_V));
  }
  return [
    row({
      ...told,
      id: 'spme-dfn.capacity',
      reference: 'dfn alone',
      error: Math.abs(100 * (drawn_Ah[0] / drawn_Ah[1] - 1)),
      tolerance: 1,
      unit: '%',
      note: `${drawn_Ah[0].toFixed(3)} Ah (${drawn_Ah[1].toFixed(3)}); spme alone ends where its salt does`,
    }),
    row({
      ...told,
      id: 'spme-dfn.carried',
      reference: 'no jump: what the two models differ by is carried and fades',
      error: 1000 * carried_V,
      tolerance: 15,
      unit: 'mV carried',
      note: `${(1000 * carried_V).toFixed(1)} mV at the hand-over, ${(1000 * apart_V).toFixed(1)} mV from dfn alone later on`,
    }),
    row({
      ...told,
      id: 'spme-dfn.lithium',
      reference: 'lithium before the hand-over',
      error: jump_mol,
      tolerance: 1e-9,
      unit: 'parts',
      note: 'hosts, film and metal; both models on one mesh',
    }),
  ];
}

/** A cell that lost capacity: each part of its ageing in its spectrum. */
function wearRows(): Row[] {
  const none = { seiResistivity_Ohm_m: 0, kineticLossPerCapacity_1: 0, transportLossPerCapacity_1: 0 };
  const stored = (
    figures: Record<string, number>,
  ): { intercept: number; arc: number; truth(name: string): number } => {
    const rig = findPlant('spme').create({
      set: 'chen2020',
      parameters: { ...none, seiDiffusivity_m2_per_s: 9e-20, startSoc_frac: 0.5, ...figures },
      subject: { cells: 1, activeArea_cm2: 0, currentNominal_A: 5 },
      random: seededRandom(1),
    });
    runFor(rig, 86_400, 600);
    const { re_Ohm } = rig.impedance(Float64Array.of(1e5, 0.1));
    return {
      intercept: 1000 * re_Ohm[0],
      arc: 1000 * (re_Ohm[1] - re_Ohm[0]),
      truth: name => rig.truthOf(name),
    };
  };
  const plain = stored({});
  const film = stored({ seiResistivity_Ohm_m: 2e5 });
  const kinetic = stored({ kineticLossPerCapacity_1: 10 });
  const transport = stored({ transportLossPerCapacity_1: 10 });
  const rise = 1000 * film.truth('cell.resistanceRise_Ohm');
  const told = {
    model: 'SPMe plant, chen2020, some 1.5 % of its capacity lost',
    basis: 'self-consistency, model only',
  } as const;
  const kineticLeft = 1 - kinetic.truth('cell.kineticLoss_frac');
  const transportLeft = 1 - transport.truth('cell.transportLoss_frac');
  return [
    row({
      ...told,
      id: 'spme.ageing.spectrum-film',
      reference: 'resistance of the film over that of the start',
      error: Math.abs(100 * ((film.arc - plain.arc) / rise - 1)),
      tolerance: 20,
      unit: '%',
      note: `arc up by ${(film.arc - plain.arc).toFixed(2)} mOhm (${rise.toFixed(2)}), intercept by ${(film.intercept - plain.intercept).toFixed(3)}`,
    }),
    row({
      ...told,
      id: 'spme.ageing.spectrum-kinetic',
      reference: 'fresh arc over the exchange current that is left',
      error: Math.abs(100 * (kinetic.arc / plain.arc - 1 / kineticLeft)),
      tolerance: 4,
      unit: '% of the arc',
      note: `arc ${plain.arc.toFixed(2)} to ${kinetic.arc.toFixed(2)} mOhm with ${(100 * kineticLeft).toFixed(1)} % left, intercept ${plain.intercept.toFixed(3)} to ${kinetic.intercept.toFixed(3)}`,
    }),
    row({
      ...told,
      id: 'spme.ageing.spectrum-transport',
      reference: 'electrolyte resistance over the transport that is left',
      error: Math.abs(100 * (transport.intercept / plain.intercept - 1 / transportLeft)),
      tolerance: 5,
      unit: '% of the intercept',
      note: `intercept ${plain.intercept.toFixed(3)} to ${transport.intercept.toFixed(3)} mOhm with ${(100 * transportLeft).toFixed(1)} % left (foils and solids stay), arc ${plain.arc.toFixed(2)} to ${transport.arc.toFixed(2)}`,
    }),
  ];
}

/** Cells of one's own, the power cell, hand-over and wear. */
export function ownCellsSection(): { rows: Row[]; pictures: FigureSpec[] } {
  const discharges = bpxDischarges();
  return {
    rows: [...discharges.map(bpxRow), ...powerRows(), ...handOverRows(), ...wearRows()],
    pictures: [
      {
        title: 'Cell from a BPX file: discharges of its Validation section (points) and as computed',
        xLabel: 'part of the discharge',
        xKind: 'number',
        panels: [
          {
            yLabel: 'voltage, V',
            height: 260,
            lines: discharges.flatMap(({ name, time_s, measured_V, computed_V }, k) => {
              const x = time_s.map(t => t / time_s[time_s.length - 1]);
              const colour = `c${k}`;
              return [
                { label: `${name}, computed`, colour, x, y: [...computed_V] },
                {
                  label: `${name}, of the file`,
                  colour,
                  x,
                  y: [...measured_V],
                  marks: 'open',
                  stroke: 'none',
                } as const,
              ];
            }),
          },
        ],
      },
    ],
  };
}
