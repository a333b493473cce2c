import { describe, expect, it } from 'vitest';
import { placeLabels } from '../../dashboards/page/limit-lines.ts';

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
