import type { PictureSymbol } from '../../../control/view.ts';

/** Letters of instruments by ISA-5.1. */
const LETTERS: Partial<Record<PictureSymbol, string>> = {
  analyser: 'AT',
  pressure: 'PT',
  temperature: 'TT',
  flow: 'FT',
  level: 'LT',
  conductivity: 'CT',
};

/** A symbol in a box of 24 by 24, plain lines; `level`: how full it is, 0 to 1. */
export function Symbol24({ of, level }: { readonly of: PictureSymbol; readonly level: number | null }) {
  const letters = LETTERS[of];
  if (letters !== undefined)
    return (
      <>
        <circle cx={12} cy={12} r={9} />
        <text class="isa" x={12} y={15}>
          {letters}
        </text>
      </>
    );
  return <>{shapeOf(of, level)}</>;
}

const VALVE = 'M2 6 L12 12 L2 18 Z M22 6 L12 12 L22 18 Z';

function shapeOf(of: PictureSymbol, level: number | null) {
  switch (of) {
    case 'valve':
      return <path d={`${VALVE} M12 12 V5 M8 5 A4 4 0 0 1 16 5 Z`} />;
    case 'three-way':
      return <path d={`${VALVE} M6 22 L12 12 L18 22 Z`} />;
    case 'back-pressure':
      return (
        <>
          <path d={`${VALVE} M12 12 V5 M8 5 A4 4 0 0 1 16 5 Z`} />
          <path class="is-thin" d="M8 4 H2 V10" />
        </>
      );
    case 'flow-controller':
      return (
        <>
          <rect x={2} y={5} width={20} height={14} />
          <path d="M6 9 L12 12 L6 15 Z M18 9 L12 12 L18 15 Z" />
        </>
      );
    case 'pump':
      return (
        <>
          <circle cx={12} cy={12} r={9} />
          <path class="is-open" d="M5 5 L21 12 L5 19" />
        </>
      );
    case 'fan':
      return (
        <>
          <circle cx={12} cy={12} r={9} />
          <path d="M12 12 C8 6 10 4 12 4 C14 4 15 8 12 12 C16 18 14 20 12 20 C10 20 9 16 12 12 Z" />
        </>
      );
    case 'exchanger':
      return (
        <>
          <circle cx={12} cy={12} r={9} />
          <path class="is-open" d="M3 12 H8 L10 8 L14 16 L16 12 H21" />
        </>
      );
    case 'heater':
      return (
        <>
          <rect x={3} y={5} width={18} height={14} />
          <path class="is-open" d="M3 12 H6 L8 8 L11 16 L14 8 L17 16 L18 12 H21" />
        </>
      );
    case 'separator':
    case 'vessel':
      return (
        <>
          <rect x={6} y={2} width={12} height={20} rx={4} />
          {level !== null && (
            <rect class="level" x={7} y={3 + 18 * (1 - level)} width={10} height={18 * level} />
          )}
          {of === 'separator' && <path class="is-thin" d="M6 7 H18" />}
        </>
      );
    case 'mixer':
      return (
        <>
          <rect x={4} y={4} width={16} height={16} />
          <path class="is-open" d="M4 4 L20 20 M4 20 L20 4" />
        </>
      );
    case 'chamber':
      return (
        <>
          <rect x={2} y={2} width={20} height={20} />
          <path class="is-open" d="M12 5 V14 M9 17 A3 3 0 1 0 15 17 A3 3 0 0 0 9 17" />
        </>
      );
    case 'bottle':
      return <path d="M8 22 V10 C8 7 10 7 10 5 V2 H14 V5 C14 7 16 7 16 10 V22 Z" />;
    case 'dc-supply':
      return (
        <>
          <rect x={2} y={4} width={20} height={16} />
          <path class="is-open" d="M7 10 H17 M7 14 H10 M11 14 H13 M14 14 H17" />
        </>
      );
    case 'vent':
      return <path class="is-open" d="M12 22 V4 M6 10 L12 3 L18 10" />;
    case 'cell':
      return (
        <>
          <rect x={6} y={4} width={12} height={18} rx={1} />
          <path class="is-open" d="M10 4 V2 H14 V4 M12 7 V11 M10 9 H14 M10 17 H14" />
        </>
      );
    default:
      return (
        <>
          <rect x={3} y={3} width={18} height={18} />
          <path class="is-open" d="M6 5 V19 M9 5 V19 M12 5 V19 M15 5 V19 M18 5 V19" />
        </>
      );
  }
}
