import {
  bendText,
  frozenText,
  gapText,
  lessZeroText,
  NO_ZERO,
  sourceText,
  stepsText,
} from './cell/amount-texts.ts';
import { type Amount, type Amounts, chargeBetween, energyBetween, integralBetween } from './cell/amounts.ts';
import { capacitiesOf } from './cell/capacity.ts';
import { capacityKpis } from './cell/capacity-kpis.ts';
import { cycleTable } from './cell/closing/cycle-table.ts';
import { type Cycle, cyclesOf, efficiencyU95_pct, isTurned, moreThanAllText } from './cell/cycles.ts';
import { rowAt } from './cell/flow.ts';
import { HYSTERESIS_FRAC, halvesOf } from './cell/halves.ts';
import { CURRENT, type Ledger, ledgerOf, POWER } from './cell/ledger.ts';
import { pulseKpis, pulsesOf, pulseTables } from './cell/pulses.ts';
import { movedText } from './cell/standing/moved-zero.ts';
import { zeroOverU95 } from './cell/standing/rests.ts';
import { STORES_NONE } from './cell/stored-energy.ts';
import { type FigureTable, type KpiValue, kpi } from './kpi.ts';
import { whyLacking } from './lacking.ts';
import { fetchedOnce, recordBehind } from './record-math.ts';
import type { CellFacts, RecordedRun } from './recorded-run.ts';
import { told } from './told.ts';
import { type LostFlow, lostFlow, lostOn, lostText, whyLost, withLost } from './uncertainty/lost-flow.ts';

/** Figures of a battery cell: charge, energy, efficiency, cycles. Current is positive into the cell (charge). */

/** So many rows behind the end of a phase still belong to it. */
const ROWS_BEHIND = 2;
/** The table shows so many cycles at most, the last ones. */
const TABLE_CYCLES = 2000;

/** All figures of a run with a cell: the whole run, then each phase. Null with the reason where there is no value. */
export function cellKpis(run: RecordedRun): KpiValue[] {
  const { subject } = run;
  if (subject.kind !== 'cell') throw new RangeError(`cell figures of the ${subject.kind} "${subject.name}"`);
  const ledger = ledgerOf(run, subject);
  const halves = halvesOf(run, subject, ledger);
  const cycles = cyclesOf(run, subject, ledger);
  const account = { run, ledger, cycles, subject };
  const capacities = capacitiesOf(halves, subject);
  discharges.set(recordBehind(run), netOf(capacities));
  return [
    ...throughput(account, run.phases[0]?.start_s ?? 0, run.phases.at(-1)?.end_s ?? 0),
    ...wholeRun(account),
    ...capacityKpis(account, subject, capacities),
    ...pulseKpis(run, pulsesOf(run, subject, ledger)),
    ...run.phases.flatMap(phase => throughput(account, phase.start_s, phase.end_s, phase.name)),
  ];
}

/** Charge of each discharge (Ah, net) that took at least a fifth of the nominal capacity, in order. */
export function dischargesOf(recorded: RecordedRun, cell: CellFacts): readonly number[] {
  const known = discharges.get(recordBehind(recorded));
  if (known !== undefined) return known;
  const run = fetchedOnce(recorded);
  return netOf(capacitiesOf(halvesOf(run, cell, ledgerOf(run, cell)), cell));
}

function netOf(capacities: ReturnType<typeof capacitiesOf>): readonly number[] {
  return capacities.map(({ half }) => half.net_Ah);
}

/** Of each record whose figures have been made up: the report asks again, and the account is as long as the record. */
const discharges = new WeakMap<RecordedRun, readonly number[]>();

interface Account {
  readonly run: RecordedRun;
  readonly ledger: Ledger;
  readonly cycles: readonly Cycle[];
  readonly subject: CellFacts;
}

function throughput(account: Account, from_s: number, to_s: number, phase?: string): KpiValue[] {
  const { run, ledger, subject } = account;
  const common = { basis: 'default', ...(phase === undefined ? {} : { phase }) } as const;
  const charge = chargeBetween(run, ledger, from_s, to_s);
  const energy = energyBetween(run, ledger, from_s, to_s);
  const integral = integralBetween(run, ledger, from_s, to_s);
  const hasEnergy = ledger.energy.t_s.length > 1;
  const lostCharge = lostFlow(run, CURRENT, from_s, to_s, 'cell.currentSet_A');
  const lostPower = lostFlow(run, POWER, from_s, to_s);
  const gapOf = (seen: Amounts, counted: Amounts, lost: LostFlow | undefined, unit: string): string =>
    gapText(withLost(seen, lost, to_s, run.timeFactor), withLost(counted, lost, to_s, run.timeFactor), unit);
  const figure = (
    id: string,
    of: Amount,
    unit: string,
    definition: string,
    isSeen: boolean,
    role: string,
  ): KpiValue => {
    const lost = lostOn(role === CURRENT ? lostCharge : lostPower, id.endsWith('-in') ? 'into' : 'out');
    const { unseen: most } = withLost({ gap_s: 0, unseen: 0 }, lost, to_s, run.timeFactor);
    const why = whyLost(most, of.value);
    return kpi({
      ...common,
      id,
      value: isSeen && why === '' ? of.value : null,
      unit,
      u95: of.u95 + most,
      definition: `${definition}${lostText(lost, unit.replace('h', ''), told(most, unit))}`,
      missing: isSeen && why !== '' ? why : whyLacking(run, [role], `no usable ${role}`),
    });
  };
  const bad =
    ledger.badRows === 0 ? '' : ` Rows of the whole run without a usable current: ${ledger.badRows}.`;
  const rows =
    ledger.apart_s === 0
      ? ''
      : ` The recorder writes no steady rows: up to ${Number(ledger.apart_s.toPrecision(3))} s apart they are joined.`;
  const frozen = frozenText(run, ledger, from_s, to_s);
  const chargeText = (way: 'into' | 'out'): string =>
    `${sourceText(ledger, integral, charge, way)}${rows}${gapOf(ledger.source.by === 'counter' ? integral : charge, charge, lostOn(lostCharge, way), 'Ah')}${stepsText(charge[way])}${bendText(charge[way], 'Ah')}${zeroText('current', charge[way])}${bad}${frozen}`;
  const zeroText = (of: 'current' | 'power', { flow_h }: Amount): string =>
    flow_h === 0
      ? ''
      : movedText(
          of === 'current' ? ledger.zero : ledger.powerZero,
          subject,
          of,
          moved => `up to ${told(moved * flow_h, of === 'current' ? 'Ah' : 'Wh', 2)}`,
        );
  const energyText = (way: 'into' | 'out'): string =>
    `Integral of the power, rests apart, ${lessZeroText(ledger.powerZero, 'W')}.${gapOf(energy, energy, lostOn(lostPower, way), 'Wh')}${bendText(energy[way], 'Wh')}${zeroText('power', energy[way])}${frozen}`;
  const isSeen = !ledger.isEmpty;
  return [
    figure('charge-in', charge.into, 'Ah', `Charge into the cell. ${chargeText('into')}`, isSeen, CURRENT),
    figure('charge-out', charge.out, 'Ah', `Charge out of the cell. ${chargeText('out')}`, isSeen, CURRENT),
    figure(
      'energy-in',
      energy.into,
      'Wh',
      `Energy into the cell at its terminals. ${energyText('into')}`,
      hasEnergy,
      POWER,
    ),
    figure(
      'energy-out',
      energy.out,
      'Wh',
      `Energy out of the cell at its terminals. ${energyText('out')}`,
      hasEnergy,
      POWER,
    ),
    ...efficiencies(account, from_s, to_s, common),
  ];
}

function efficiencies(
  account: Account,
  from_s: number,
  to_s: number,
  common: { readonly basis: 'default'; readonly phase?: string },
): KpiValue[] {
  const { t_s } = account.ledger.charge;
  // A current that is cut off at the end is shown by the rows right behind it.
  const end_s = Math.max(to_s, t_s[Math.min(t_s.length - 1, rowAt(t_s, to_s) + ROWS_BEHIND)] ?? to_s);
  const isWhole = common.phase === undefined;
  const within = account.cycles.filter(c => isWhole || (c.from_s >= from_s - 1e-6 && c.to_s <= end_s + 1e-6));
  const closed = within.filter(c => c.open === '');
  const withEnergy = closed.filter(c => c.energy_pct !== null);
  const why =
    within.length === 0
      ? noneWithin(account)
      : closed.length === 0
        ? `no cycle closes; the first: ${within[0].open}`
        : closed.some(c => c.storesNone)
          ? STORES_NONE
          : 'no usable power in the cycles that close';
  const left = within.length - closed.length;
  const order =
    closed.length === 0
      ? ''
      : isTurned(closed[0])
        ? 'each discharge with the charge after it (with the charge before it no cycle closes: what the cell lost from one full state to the next is in its u95 only), '
        : 'each discharge with the charge before it, ';
  const names = `over the ${closed.length} closed ${closed.length === 1 ? 'cycle' : 'cycles'}${left === 0 ? '' : `; left out: ${left} (${within.find(c => c.open !== '')?.open})`}`;
  const mean = (of: (c: Cycle) => number, list: readonly Cycle[]): number =>
    list.reduce((sum, c) => sum + of(c), 0) / list.length;
  const u95 = (kind: 'charge' | 'energy', list: readonly Cycle[]): number =>
    efficiencyU95_pct(account.run, account.ledger, kind, list);
  const isByCounter = account.ledger.source.by === 'counter';
  const coulombic_pct = closed.length === 0 ? null : mean(c => c.coulombic_pct ?? Number.NaN, closed);
  const coulombicU95_pct = u95('charge', closed);
  const zeroText = isByCounter ? '' : movedText(account.ledger.zero, account.subject, 'current');
  return [
    kpi({
      ...common,
      id: 'coulombic-efficiency',
      value: coulombic_pct,
      unit: 'pct',
      u95: coulombicU95_pct,
      definition: `Charge out over charge in, ${order}mean ${closed.length === 0 ? 'of closed cycles' : names}. The gain of the meter cancels; its u95 holds what the states at the ends of the cycles are apart.${coulombic_pct === null ? '' : moreThanAllText(coulombic_pct, coulombicU95_pct)}${zeroText}`,
      missing: why,
    }),
    kpi({
      ...common,
      id: 'energy-efficiency',
      value: withEnergy.length === 0 ? null : mean(c => c.energy_pct ?? Number.NaN, withEnergy),
      unit: 'pct',
      u95: u95('energy', withEnergy),
      definition: `Energy out over energy in, ${order}mean ${withEnergy.length === 0 ? 'of closed cycles' : names}: cycles that, as far as voltages and currents tell, begin and end at the same state of charge.${movedText(account.ledger.powerZero, account.subject, 'power')}`,
      missing: why,
    }),
  ];
}

/** Why a window has no cycle. */
function noneWithin({ run, ledger, cycles }: Account): string {
  if (ledger.isEmpty) return whyLacking(run, [CURRENT], `no usable ${CURRENT}`);
  if (cycles.length > 0)
    return 'no charge lies within with the discharge that belongs to it: they go on beyond it';
  const [into_Ah, out_Ah] = [ledger.charge.into, ledger.charge.out].map(sum => sum.at(-1) ?? 0);
  return into_Ah > 0 && out_Ah > 0
    ? `no charge is followed by a discharge, nor the other way round, of ${100 * HYSTERESIS_FRAC} % of the nominal capacity or more: ${told(into_Ah, 'Ah', 3)} went in and ${told(out_Ah, 'Ah', 3)} out`
    : 'no charge is followed by a discharge, nor the other way round';
}

/** The table per cycle, and what the meters showed in rests. */
function wholeRun({ run, ledger, cycles, subject }: Account): KpiValue[] {
  const { zero } = ledger;
  const [start_s, end_s] = [run.phases[0]?.start_s ?? 0, run.phases.at(-1)?.end_s ?? 0];
  const declared_A = run.accuracy(CURRENT).abs;
  const beyond =
    zero !== undefined && Math.abs(zero.value) > declared_A
      ? ` That is more than the declared ${told(declared_A, 'A', 2)}.`
      : '';
  const rest_s = ledger.rests.reduce((sum, r) => sum + r.to_s - r.from_s, 0) * run.timeFactor;
  return [
    kpi({
      id: 'meter-zero',
      value: zero === undefined ? null : zero.value * 1000,
      unit: 'mA',
      u95:
        zero === undefined
          ? 0
          : 1000 * zeroOverU95(run, zero, run.accuracy(CURRENT), { from_s: start_s, to_s: end_s }),
      definition: `Mean current that the meter showed in rests (${(rest_s / 3600).toFixed(2)} h in all); not counted as charge.${beyond}${movedText(zero, subject, 'current')}`,
      basis: 'default',
      missing: NO_ZERO,
    }),
    kpi({
      id: 'cycles',
      value: ledger.isEmpty ? null : cycles.filter(c => c.open === '').length,
      unit: '1',
      definition: `Cycles whose charge closes, of ${cycles.length} pairs of a charge and a discharge; a turn of the net charge by less than 5 % of the nominal capacity is none.`,
      basis: 'default',
      missing: whyLacking(run, [CURRENT], `no usable ${CURRENT}`),
    }),
  ];
}

/** Cycle by cycle: times, charges, energies, efficiencies with their u95, and why an efficiency is missing; and pulses. */
export function cellTables(run: RecordedRun): FigureTable[] {
  const { subject } = run;
  if (subject.kind !== 'cell') throw new RangeError(`cell tables of the ${subject.kind} "${subject.name}"`);
  const ledger = ledgerOf(run, subject);
  const cycles = cyclesOf(run, subject, ledger);
  const u95 = (kind: 'charge' | 'energy', cycle: Cycle): number =>
    efficiencyU95_pct(run, ledger, kind, [cycle]);
  const shown = cycles.slice(-TABLE_CYCLES);
  const table = shown.length === 0 ? [] : [cycleTable(shown, cycles.length - shown.length, u95)];
  return [...table, ...pulseTables(run, subject, ledger)];
}
