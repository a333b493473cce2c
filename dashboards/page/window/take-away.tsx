import { useRef } from 'preact/hooks';
import { words } from '../words/language.ts';

interface TakeAwayProps {
  readonly from_s: number;
  readonly to_s: number;
  /** Instruments whose readings are recorded. */
  readonly devices: readonly string[];
  /** Hands out what is drawn as a file. */
  readonly onCsv: () => void;
}

/** The shown stretch as a file: what is drawn, thinned to what a chart shows, or all readings of an instrument. */
export function TakeAway({ from_s, to_s, devices, onCsv }: TakeAwayProps) {
  const say = words().charts;
  const list = useRef<HTMLDetailsElement>(null);
  const shut = (): void => list.current?.removeAttribute('open');
  return (
    <details
      class="take-away"
      ref={list}
      onKeyDown={event => {
        if (event.key === 'Escape') shut();
      }}
    >
      <summary title={say.csvHint}>CSV</summary>
      <div>
        <button
          type="button"
          onClick={() => {
            shut();
            onCsv();
          }}
        >
          {say.csvDrawn}
        </button>
        <span>{say.csvAll}</span>
        {devices.map(device => (
          <a
            key={device}
            href={`api/readings.csv?${new URLSearchParams({ device, from_s: String(from_s), to_s: String(to_s) })}`}
            download
            onClick={shut}
          >
            {device}
          </a>
        ))}
      </div>
    </details>
  );
}
