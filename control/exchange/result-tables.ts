import type { RunResult } from '../review/result.ts';
import { columnsOf, type TableColumn, type TablePlace } from './tables/table.ts';

/** The tables of a result: figures, phases, cycles, points of curves, limits, alarms. */

type Cell = number | string | null;

interface NamedTable {
  readonly name: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

const text = (name: string): TableColumn => ({ name, kind: 'text' });
const number = (name: string): TableColumn => ({ name, kind: 'number' });

/** All tables of a result that have rows. */
export function resultTables(result: RunResult): NamedTable[] {
  const tables: NamedTable[] = [
    {
      name: 'figures',
      columns: [
        text('id'),
        text('phase'),
        number('value'),
        number('u95'),
        text('unit'),
        text('basis'),
        text('criterion'),
        text('definition'),
      ],
      rows: result.kpis.map(k => [
        k.id,
        k.phase ?? '',
        k.value,
        k.u95 ?? null,
        k.unit,
        k.basis,
        k.criterion === undefined
          ? ''
          : `${k.criterion.outcome} (${k.criterion.is} ${k.criterion.limit} ${k.unit})`,
        k.definition,
      ]),
    },
    {
      name: 'phases',
      columns: [text('name'), number('start_s'), number('end_s'), text('ended_by')],
      rows: result.phases.map(p => [p.name, p.start_s, p.end_s, p.ended_by]),
    },
    ...result.tables.map(({ id, columns, rows }) => ({
      name: id,
      columns: columns.map((name, c) =>
        rows.some(row => typeof row[c] === 'string') ? text(name) : number(name),
      ),
      rows,
    })),
    {
      name: 'curves',
      columns: [
        text('phase'),
        number('t_s'),
        text('leg'),
        number('current_A'),
        number('currentDensity_A_per_cm2'),
        number('cellVoltage_V'),
        number('u95_V'),
        number('temperature_degC'),
      ],
      rows: result.curves.flatMap(({ phase, points }) =>
        points.map(p => [
          phase,
          p.t_s,
          p.leg,
          p.current_A,
          p.currentDensity_A_per_cm2,
          p.cellVoltage_V,
          p.u95_V,
          p.temperature_degC,
        ]),
      ),
    },
    {
      name: 'alarms',
      columns: [
        text('id'),
        text('reaction'),
        number('raised_s'),
        number('acknowledged_s'),
        number('cleared_s'),
        number('limit'),
        number('peak'),
        text('unit'),
        text('phase'),
        text('text'),
        text('priority'),
        text('acknowledgedBy'),
        number('count'),
      ],
      rows: result.alarms.map(a => [
        a.id,
        a.reaction,
        a.raised_s,
        a.acknowledged_s,
        a.cleared_s,
        a.limit,
        a.peak,
        a.unit,
        a.phase,
        a.text,
        a.priority ?? '',
        a.acknowledgedBy ?? '',
        a.count ?? 1,
      ]),
    },
  ];
  return tables.filter(table => table.rows.length > 0);
}

/** Writes them all; returns where they stand. */
export function writeResultTables(result: RunResult, place: TablePlace): string[] {
  return resultTables(result).map(({ name, columns, rows }) => {
    const table = place.open(name, columns, {});
    table.write(columnsOf(columns, rows));
    table.close();
    return place.where(name);
  });
}
