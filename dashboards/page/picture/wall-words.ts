import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import { isWall } from '../wall-form.ts';

/** Least height of a text that is read from 3 m, px of the screen (ISO 9241-303: 16' of arc), and a hair more. */
const LEAST_PX = 32.2;
/** Of a picture that has its whole room, in its own units. */
const USUAL = 60;

/** Height of the words of a picture in its own units, when one of these is `scale` px on the screen. */
export function wordHeight(scale: number): number {
  return scale > 0 ? Math.max(USUAL, LEAST_PX / scale) : USUAL;
}

/** On a wall: the words of a picture stay as high as they must be, however little room it has. `drawn`: what is drawn in it. */
export function useWallWords(drawing: RefObject<SVGSVGElement | null>, drawn: unknown): void {
  useLayoutEffect(() => {
    const svg = drawing.current;
    if (!isWall() || svg === null) return;
    const look = (): void => {
      const { width, height } = svg.viewBox.baseVal;
      const scale = Math.min(svg.clientWidth / width, svg.clientHeight / height);
      svg.style.setProperty('--word', `${wordHeight(scale)}px`);
    };
    const watch = new ResizeObserver(look);
    watch.observe(svg);
    return () => watch.disconnect();
  }, [drawn]);
}
