import type { AlarmView, DeviceView, LiveSnapshot, RoleValue } from '../../control/view.ts';
import { roleText, timeText } from '../format.ts';
import { LiveValue } from './chart.tsx';

interface AlarmsProps {
  readonly alarms: readonly AlarmView[];
  readonly mayAcknowledge: boolean;
  readonly onAcknowledge: (alarm?: string) => void;
}

/** Every alarm that is present or waits for a person. */
export function Alarms({ alarms, mayAcknowledge, onAcknowledge }: AlarmsProps) {
  const open = alarms.filter(alarm => !alarm.acknowledged);
  return (
    <section class="panel alarms" id="alarms" aria-label="Alarms">
      <h2>
        Alarms <span class="count">{alarms.length === 0 ? 'none' : alarms.length}</span>
        {open.length > 1 && (
          <button type="button" disabled={!mayAcknowledge} onClick={() => onAcknowledge()}>
            Acknowledge all
          </button>
        )}
      </h2>
      <div class="spoken" aria-live="assertive">
        {open.map(alarm => `${alarm.reaction}: ${alarm.text}`).join('. ')}
      </div>
      <ul>
        {alarms.map(alarm => (
          <li key={alarm.id} class={`alarm ${alarm.reaction}`}>
            <div>
              <strong class="reaction">{alarm.reaction}</strong> <b>{alarm.id}</b>
            </div>
            <div>{alarm.text}</div>
            <div class="foot">
              <span class="since">
                since {timeText(alarm.since_s)}, {alarm.state === 'active' ? 'still present' : 'cause gone'}
              </span>
              {alarm.acknowledged ? (
                <small>acknowledged</small>
              ) : (
                <button
                  type="button"
                  disabled={!mayAcknowledge}
                  aria-label={`Acknowledge ${alarm.id}`}
                  onClick={() => onAcknowledge(alarm.id)}
                >
                  Acknowledge
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Closed is not an alarm: before and after a run every line is closed on purpose. */
const DEVICE_TONE = { ready: 'is-good', connecting: 'is-warn', lost: 'is-bad', closed: 'is-quiet' } as const;

/** The instruments: are they there, and how well do they answer. */
export function Devices({ devices }: { readonly devices: readonly DeviceView[] }) {
  return (
    <section class="panel" aria-label="Devices">
      <h2>Devices</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">device</th>
            <th scope="col">state</th>
            <th scope="col">frames</th>
            <th scope="col">bad</th>
            <th scope="col">missed</th>
          </tr>
        </thead>
        <tbody>
          {devices.map(device => (
            <tr key={device.id} title={device.driver}>
              <th scope="row">{device.id}</th>
              <td class={DEVICE_TONE[device.state]} title={device.reason}>
                {device.state}
              </td>
              <td>{device.frames}</td>
              <td class={device.badFrames > 0 ? 'is-warn' : ''}>{device.badFrames}</td>
              <td class={device.missedTicks > 0 ? 'is-warn' : ''}>{device.missedTicks}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {devices
        .filter(device => DEVICE_TONE[device.state] === 'is-bad' && device.reason !== '')
        .map(device => (
          <p class="is-bad" key={device.id}>
            {device.id}: {device.reason}
          </p>
        ))}
    </section>
  );
}

/** What happened, newest first. */
export function Events({ events }: { readonly events: LiveSnapshot['events'] }) {
  return (
    <section class="panel events" aria-label="Events">
      <h2>Events</h2>
      <ol>
        {events.map((event, i) => (
          <li key={`${event.t_s}-${events.length - i}`}>
            <time>
              {event.t_s < 0 ? '−' : ''}
              {timeText(Math.abs(event.t_s))}
            </time>{' '}
            <b>{event.kind}</b> {event.text}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Every role with its channel and quality, for looking things up. */
export function Values({ roles }: { readonly roles: readonly RoleValue[] }) {
  return (
    <details class="panel values">
      <summary>All values ({roles.length})</summary>
      <div class="grid">
        {roles.map(value => (
          <div key={value.role} class="cell" title={`${value.role} from ${value.channel}, ${value.quality}`}>
            <span class="name">{roleText(value.role, value.unit)}</span>
            <span>
              <LiveValue value={value} />
            </span>
          </div>
        ))}
      </div>
    </details>
  );
}
