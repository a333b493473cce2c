import { useEffect, useRef, useState } from 'preact/hooks';
import type { PastAlarm } from '../../../control/view.ts';
import { getJson } from '../trends.ts';
import { between, type ShownWindow } from '../window/shown-window.ts';
import { words } from '../words/language.ts';
import { localDigits } from '../words/number.ts';
import { AlarmHistory, type HistoryPage } from './alarm-history.tsx';

/** Shown to either side of an alarm: this part of how long it stood, s at the least. */
const BESIDE_PART = 0.25;
const BESIDE_LEAST_S = 60;

interface HistoryDialogProps {
  /** Name of the run at hand. */
  readonly run: string;
  readonly now_s: number;
  /** Shows a stretch of the run in the charts. */
  readonly onShow: (shown: ShownWindow) => void;
}

/** The button that opens the history of the alarms, and the history. */
export function HistoryDialog({ run, now_s, onShow }: HistoryDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
  }, [isOpen]);
  const say = words().history;
  const close = (): void => dialog.current?.close();
  return (
    <>
      <button type="button" class="to-history" onClick={() => setOpen(true)}>
        {say.open}
      </button>
      <dialog
        ref={dialog}
        class="history-dialog"
        aria-labelledby="history-title"
        onClose={() => setOpen(false)}
      >
        <div class="history-head">
          <h2 id="history-title">{say.title}</h2>
          <button type="button" onClick={close}>
            {say.close}
          </button>
        </div>
        {isOpen && (
          <AlarmHistory
            key={run}
            fetched={query => getJson<HistoryPage>(`api/alarms?${query}`)}
            name={run}
            isLive
            say={say}
            digits={localDigits}
            onShow={alarm => {
              close();
              onShow(stretchOfAlarm(alarm, now_s));
              goToCharts();
            }}
          />
        )}
      </dialog>
    </>
  );
}

/** The time for which an alarm stood, with some to either side; of one that stands up to now. */
export function stretchOfAlarm({ raised_s, cleared_s }: PastAlarm, now_s: number): ShownWindow {
  const to_s = cleared_s ?? Math.max(now_s, raised_s);
  const beside_s = Math.max(BESIDE_LEAST_S, BESIDE_PART * (to_s - raised_s));
  return between(raised_s - beside_s, to_s + beside_s, now_s);
}

function goToCharts(): void {
  const charts = document.querySelector<HTMLElement>('.window-bar');
  if (charts === null) return;
  charts.tabIndex = -1;
  charts.scrollIntoView({ block: 'start' });
  charts.focus({ preventScroll: true });
}
