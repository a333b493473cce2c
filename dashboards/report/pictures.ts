import type { CurvePoint, ReportData, Series } from '../../control/view.ts';
import { roleText, unitText } from '../format.ts';
import type { FigureSpec, Line } from './figure.ts';
import { drawFigure } from './figure.ts';

/** Figure 1: U-I curves with their difference below, each leg against the same leg. */
export function polarisationPicture(data: ReportData): string {
  const curves = data.curves.filter(curve => curve.points.length > 0);
  const lines = curves.flatMap((curve, i) =>
    (['up', 'down'] as const).flatMap((leg): Line[] => {
      const points = curve.points.filter(point => point.leg === leg);
      if (points.length === 0) return [];
      return [
        {
          label: `${curve.name}, ${leg}`,
          colour: `c${i % 4}`,
          ...(leg === 'down' ? { stroke: 'dashed' as const } : {}),
          marks: leg === 'down' ? 'open' : 'full',
          x: points.map(point => point.current_A / curve.activeArea_cm2),
          y: points.map(point => point.cellVoltage_V),
          u95: points.map(point => point.u95_V),
        },
      ];
    }),
  );
  const differences = differenceLines(curves);
  const panels = [{ yLabel: 'mean cell voltage, V', lines, height: 270 }];
  return drawFigure({
    title: 'Polarisation curves: mean cell voltage over current density',
    xLabel: 'current density, A/cm²',
    xKind: 'number',
    xFromZero: true,
    panels:
      differences.length > 0
        ? [...panels, { yLabel: 'difference, mV', lines: differences, height: 110, fromZero: true }]
        : panels,
  });
}

/**
 * Last curve minus first at the same current, in mV; points without a partner within 1 % of the current are
 * left out. The two uncertainties are combined as independent (GUM, JCGM 100:2008, 5.1.2), which overstates
 * the difference of two readings of one sensor.
 */
function differenceLines(curves: ReportData['curves']): Line[] {
  const first = curves[0];
  const last = curves.at(-1);
  if (first === undefined || last === undefined || first === last) return [];
  return (['up', 'down'] as const).flatMap((leg): Line[] => {
    const x: number[] = [];
    const y: number[] = [];
    const u95: number[] = [];
    for (const point of first.points.filter(p => p.leg === leg)) {
      const partner = nearest(last.points, leg, point.current_A);
      if (partner === undefined) continue;
      x.push(point.current_A / first.activeArea_cm2);
      y.push((partner.cellVoltage_V - point.cellVoltage_V) * 1000);
      u95.push(Math.hypot(partner.u95_V, point.u95_V) * 1000);
    }
    if (x.length === 0) return [];
    return [
      {
        label: `${last.name} minus ${first.name}, ${leg}`,
        colour: 'c3',
        ...(leg === 'down' ? { stroke: 'dashed' as const } : {}),
        marks: leg === 'down' ? 'open' : 'full',
        x,
        y,
        u95,
      },
    ];
  });
}

function nearest(
  points: readonly CurvePoint[],
  leg: CurvePoint['leg'],
  current_A: number,
): CurvePoint | undefined {
  let best: CurvePoint | undefined;
  for (const point of points) {
    if (point.leg !== leg) continue;
    const distance = Math.abs(point.current_A - current_A);
    if (distance > Math.max(0.01 * Math.abs(current_A), 0.5)) continue;
    if (best === undefined || distance < Math.abs(best.current_A - current_A)) best = point;
  }
  return best;
}

/** Figure 2: what the profile asked and what the stack drew. */
export function powerPicture(data: ReportData): string {
  return drawFigure({
    title: 'Power asked and power drawn',
    ...timeAxis(data),
    panels: [
      {
        yLabel: 'power, kW',
        height: 220,
        fromZero: true,
        lines: [
          { ...lineOf(data.powerAsked, 'asked', 'c1', 'kW'), stroke: 'wide' },
          lineOf(data.powerDrawn, 'drawn', 'c0', 'kW'),
        ],
      },
    ],
  });
}

/** Figure 3: pressure and H2 in O2 on one time axis: crossover grows with pressure and shows at low load. */
export function pressurePicture(data: ReportData): string {
  return drawFigure({
    title: 'Cathode pressure and hydrogen in oxygen',
    ...timeAxis(data),
    panels: [
      {
        yLabel: 'pressure, bar(g)',
        height: 150,
        fromZero: true,
        lines: [lineOf(data.pressure, 'cathode pressure', 'c0')],
      },
      {
        yLabel: 'H₂ in O₂, vol %',
        height: 150,
        fromZero: true,
        lines: [lineOf(data.h2InO2, 'H₂ in O₂', 'c2')],
        limits: data.h2InO2Limits.map(l => ({ ...l, label: `${l.label}: ${l.value} vol %` })),
      },
    ],
  });
}

/** Figure 4: how far the cells stand apart, over time. */
export function spreadPicture(data: ReportData): string {
  return drawFigure({
    title: 'Cell-voltage spread over time (largest minus smallest)',
    ...timeAxis(data),
    panels: [
      {
        yLabel: 'spread, mV',
        height: 140,
        fromZero: true,
        lines: [lineOf(data.cellSpread, 'largest minus smallest', 'c0', 'mV')],
      },
    ],
  });
}

/** Figure 5: each cell at the begin and at the end, at one current. */
export function profilePicture(data: ReportData): string {
  const profile = data.cellProfile;
  if (profile === null) return '';
  const cells = (volts: readonly number[]): Pick<Line, 'x' | 'y'> => ({
    x: volts.map((_, i) => i + 1),
    y: [...volts],
  });
  return drawFigure({
    title: `Cell by cell at ${profile.current_A.toFixed(0)} A, begin and end`,
    xLabel: 'cell number',
    xKind: 'number',
    xWhole: true,
    panels: [
      {
        yLabel: 'cell voltage, V',
        height: 170,
        lines: [
          { label: 'begin', colour: 'c0', stroke: 'none', marks: 'open', ...cells(profile.begin_V) },
          { label: 'end', colour: 'c1', stroke: 'none', marks: 'full', ...cells(profile.end_V) },
        ],
      },
    ],
  });
}

/** Figure 6: stack temperature. */
export function temperaturePicture(data: ReportData): string {
  return drawFigure({
    title: 'Stack temperature',
    ...timeAxis(data),
    panels: [
      {
        yLabel: 'temperature, °C',
        height: 130,
        lines: [lineOf(data.temperature, 'stack temperature', 'c1')],
      },
    ],
  });
}

/** Main roles over time that no other picture shows, one panel each. */
export function tracesPicture(data: ReportData): string {
  const shown = data.traces.filter(trace => trace.value.some(v => v !== null));
  if (shown.length === 0) return '';
  return drawFigure({
    title: 'Main readings over time',
    ...timeAxis(data),
    panels: shown.map((trace, i) => {
      const name = roleText(trace.role, trace.unit);
      const lines = [lineOf(trace, name, `c${i % 4}`)];
      const states = Object.entries(trace.words ?? {}).map(([number, word]) => `${number} ${word}`);
      const yLabel = states.length > 0 ? `${name}: ${states.join(', ')}` : `${name}, ${unitText(trace.unit)}`;
      return { yLabel, height: 120, lines };
    }),
  });
}

/** Charge of each discharge of a cell: how the capacity goes over the cycles. */
export function cyclesPicture(data: ReportData): string {
  const { discharges_Ah } = data;
  if (discharges_Ah.length === 0) return '';
  const line: Line = {
    label: 'charge of the discharge',
    colour: 'c0',
    marks: 'full',
    x: discharges_Ah.map((_, i) => i + 1),
    y: [...discharges_Ah],
  };
  return drawFigure({
    title: 'Capacity: charge of each discharge',
    xLabel: 'discharge number',
    xKind: 'number',
    xWhole: true,
    panels: [{ yLabel: 'charge, Ah', height: 150, lines: [line] }],
  });
}

function timeAxis(data: ReportData): Pick<FigureSpec, 'xKind' | 'xLabel' | 'xFromZero' | 'marks'> {
  return {
    xLabel: 'run time',
    xKind: 'time',
    xFromZero: true,
    marks: data.result.phases.map((phase, i) => ({ x: phase.start_s, text: String(i + 1) })),
  };
}

/** Factor from the unit of a series to the unit of the axis: only metric prefixes, nothing else is converted. */
const PREFIX: Readonly<Record<string, number>> = { 'W>kW': 0.001, 'V>mV': 1000 };

function lineOf(series: Series, label: string, colour: string, unit: string = series.unit): Line {
  const factor = PREFIX[`${series.unit}>${unit}`] ?? 1;
  return {
    label,
    colour,
    x: series.t_s,
    y: factor === 1 ? series.value : series.value.map(v => (v === null ? null : v * factor)),
  };
}
