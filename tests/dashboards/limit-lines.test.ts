import { describe, expect, it } from 'vitest';
import type { TrendLimit } from '../../control/view.ts';
import { limitLines, placeLabels } from '../../dashboards/page/limit-lines.ts';

describe('limits in a chart', () => {
  const REACTIONS = ['warn', 'hold', 'suspend', 'stop', 'trip'] as const;
  const limits = REACTIONS.map((reaction, i): TrendLimit => {
    const value = 4 + i / 10;
    return {
      id: reaction,
      role: 'cell.voltage_V',
      label: `${reaction} ${value}`,
      value,
      trips: '>',
      reaction,
    };
  });
  const trend = { role: 'cell.voltage_V', unit: 'V', t_s: [], value: [] };
  const lines = limitLines('Cell voltage', [trend], limits, ['hold'], name => name);

  it('say by colour, by dash and by word what a value beyond them does', () => {
    expect(lines.map(({ colour }) => colour)).toEqual(['--warn', '--bad', '--bad', '--bad', '--bad']);
    expect(lines.map(({ label }) => label)).toEqual([
      'warn > 4',
      'hold > 4.1, not armed now',
      'suspend > 4.2',
      'stop > 4.3',
      'trip > 4.4',
    ]);
    const [warn, hold, , , trip] = lines.map(({ dash }) => dash.join());
    expect(new Set([warn, hold, trip]).size).toBe(3);
  });

  it('wear the colour of their trend where there are two axes, and keep their dash', () => {
    const current = { role: 'cell.current_A', unit: 'A', t_s: [], value: [] };
    const both = limitLines('Cell', [current, trend], limits, [], name => name);
    expect(new Set(both.map(({ colour }) => colour))).toEqual(new Set(['--c1']));
    expect(both.map(({ dash }) => dash)).toEqual(lines.map(({ dash }) => dash));
    expect(both[0]?.label).toBe('cell voltage warn > 4');
  });
});

const ROOM = { row: 12, gap: 10, bottom: 200 };

describe('labels of limit lines', () => {
  it.each([
    ['alone', [{ y: 50, width: 40 }], [0]],
    [
      'far apart: both at the edge',
      [
        { y: 50, width: 40 },
        { y: 70, width: 30 },
      ],
      [0, 0],
    ],
    [
      'at the same height: beside each other',
      [
        { y: 50, width: 40 },
        { y: 50, width: 30 },
      ],
      [0, 50],
    ],
    [
      'nearly so, the lower one first',
      [
        { y: 55, width: 40 },
        { y: 50, width: 30 },
      ],
      [0, 50],
    ],
    [
      'three',
      [
        { y: 50, width: 40 },
        { y: 52, width: 30 },
        { y: 48, width: 20 },
      ],
      [0, 50, 90],
    ],
    [
      'a place is free at the edge',
      [
        { y: 50, width: 40 },
        { y: 58, width: 30 },
        { y: 66, width: 20 },
      ],
      [0, 50, 0],
    ],
  ])('%s', (_, labels, x) => {
    expect(placeLabels(labels, ROOM).map(place => place.x)).toEqual(x);
  });

  it('stands below its line, above it at the foot of the picture', () => {
    const [high, low] = placeLabels(
      [
        { y: 50, width: 40 },
        { y: 195, width: 40 },
      ],
      ROOM,
    );
    expect(high?.baseline).toBeGreaterThan(50);
    expect(low?.baseline).toBeLessThan(195);
  });

  it('keeps apart what one puts below and the other above its line', () => {
    const labels = [
      { y: 185, width: 40 },
      { y: 199, width: 40 },
    ];
    const [a, b] = placeLabels(labels, ROOM);
    const apart = Math.abs((a?.baseline ?? 0) - (b?.baseline ?? 0)) >= ROOM.row;
    expect(apart || (b?.x ?? 0) >= 50).toBe(true);
  });
});
