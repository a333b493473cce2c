import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Command, CommandName, LiveSnapshot } from '../../control/view.ts';
import type { DoorWhy } from '../door/answers/why.ts';
import { Alarms, acknowledging } from './alarms.tsx';
import { paceAfter, type SeenPace } from './ask/pace.ts';
import { Questions } from './ask/questions.tsx';
import { useQuestion } from './ask/use-question.ts';
import { CellBars } from './cells/cell-bars.tsx';
import { Chart } from './chart.tsx';
import { chartGroups } from './chart-groups.ts';
import { ask, connect } from './connection.ts';
import { StopDialog, WayOut } from './controls.tsx';
import { HistoryDialog } from './history/history-dialog.tsx';
import { KeyHelp } from './keys/key-help.tsx';
import { DoorNotice, SignInLink, SilentNotice, TakenOver } from './lab/at-door.tsx';
import { lookAtDoor, mayCommand, mayOpenLine, useDoor } from './lab/behind-door.ts';
import { endedAs } from './lab/ended-as.ts';
import { HeadOfListed } from './lab/head-of-listed.tsx';
import { NearestLimits } from './nearest/nearest-limits.tsx';
import { alarmSum, NotLive, Unmet, Unproven, useTitle } from './notices.tsx';
import { ProcessPicture } from './picture/process-picture.tsx';
import { Devices, Events, Values } from './side-panels.tsx';
import { Sinks } from './sinks.tsx';
import { Spectra } from './spectra.tsx';
import { PhaseStrip } from './strip/phase-strip.tsx';
import { tilesOf } from './tiles/tile-facts.ts';
import { Tiles } from './tiles/tiles.tsx';
import { TopBar, toneOf } from './top-bar.tsx';
import type { TrendStore } from './trends.ts';
import { trendStore } from './trends.ts';
import { WallRow } from './wall/wall-row.tsx';
import { isWall } from './wall-form.ts';
import { useColourScheme } from './window/colour-scheme.ts';
import { ALL, between, type ShownWindow, stretchOf } from './window/shown-window.ts';
import { takeCsv } from './window/take-csv.ts';
import { useMarks } from './window/use-marks.ts';
import { WindowBar } from './window/window-bar.tsx';
import { type WindowStore, windowStore } from './window/window-store.ts';
import { refusedIn } from './words/door/refused.ts';
import { language, words } from './words/language.ts';
import { LanguageChoice } from './words/language-choice.tsx';
import { saidText } from './words/said/said.ts';

/** Charts are redrawn this often at most: a run takes hours, and tablets have batteries. */
const REDRAW_MS = 250;
/** What was done is read and goes; a refusal stays until it is dismissed. */
const ANSWER_STAYS_MS = 5000;

/** The whole page: one snapshot in, everything drawn from it. */
export function App() {
  const [snapshot, setSnapshot] = useState<LiveSnapshot>();
  const [connected, setConnected] = useState(false);
  const [revision, setRevision] = useState(0);
  const [name, setName] = useState('');
  const [answer, setAnswer] = useState<{ accepted: boolean; text: string; why?: DoorWhy }>();
  const scheme = useColourScheme();
  const at = useDoor(connected);
  const hasVerdict = useRef(false);
  hasVerdict.current = (at?.verdict ?? null) !== null;
  const store = useRef<TrendStore>(null);
  const windows = useRef<WindowStore>(null);
  const pace = useRef<SeenPace>(undefined);
  const room = useRef<HTMLDivElement>(null);
  const heard = useRef<Date>(undefined);

  useEffect(() => {
    const redraw = (): void => setRevision(n => n + 1);
    const trends = trendStore(redraw);
    store.current = trends;
    const shown = windowStore(redraw, () => new Map(trends.trends().map(({ role, unit }) => [role, unit])));
    windows.current = shown;
    let drawn_ms = Number.NEGATIVE_INFINITY;
    connect({
      isOver: () => hasVerdict.current,
      mayOpen: mayOpenLine,
      onHeard() {
        heard.current = new Date();
      },
      onSnapshot(next, stamp_ms) {
        setSnapshot(next);
        trends.extend(next, stamp_ms);
        shown.extend(next, stamp_ms);
        pace.current = paceAfter(pace.current, next.run.time_s, stamp_ms);
        if (stamp_ms - drawn_ms < REDRAW_MS) return;
        drawn_ms = stamp_ms;
        redraw();
      },
      onConnected(up) {
        setConnected(up);
        if (!up) trends.interrupted();
      },
    });
  }, []);

  const isOver = !connected && at !== undefined && at.verdict !== null;

  const view = windows.current?.view() ?? { shown: ALL, trends: undefined, note: '' };
  const trends = view.trends ?? store.current?.trends() ?? [];
  const limits = store.current?.limits() ?? [];
  const charts = useMemo(
    () =>
      chartGroups(trends).map(group => ({
        title: group.title,
        trends: trends.filter(trend => group.roles.includes(trend.role)),
        limits: limits.filter(limit => group.roles.includes(limit.role)),
      })),
    [trends, limits],
  );
  const live = useMemo(() => new Map(snapshot?.roles.map(value => [value.role, value])), [snapshot]);

  const marks = useMarks(snapshot, view.shown);
  const ended = isOver ? endedAs(at.cutOff, snapshot?.run.state) : undefined;
  useTitle(snapshot, connected, ended?.word);
  useEffect(() => {
    if (answer?.accepted !== true) return;
    const timer = setTimeout(() => setAnswer(undefined), ANSWER_STAYS_MS);
    return () => clearTimeout(timer);
  }, [answer]);

  const account = at?.account ?? '';
  const who = account === '' ? name.trim() : account;
  const send = async (command: Command): Promise<void> => {
    const reply = await ask(command);
    // The door has said no by what it knows of who is in control: the page is to show the same.
    if (reply.why !== undefined) lookAtDoor();
    const word = words().controls.commands[command.command];
    const text = refusedIn(language(), saidText(reply.text, reply.said), reply.why);
    setAnswer({ ...reply, text: `${word}: ${reply.isRefused ? `${words().run.refused}. ` : ''}${text}` });
  };
  const isSilent = at !== undefined && at.silent !== null;
  const { question, pose, close } = useQuestion(snapshot, connected && !isSilent, ({ what, step }, gone) => {
    const { commands, closed } = words().controls;
    setAnswer({ accepted: false, text: `${commands[what]}: ${closed[gone](step)}` });
  });
  const mode = snapshot?.run.mode ?? at?.listed?.mode;
  const silentNotice = <SilentNotice at={at} mode={mode} onStop={() => pose('stop')} />;
  const answered = answer !== undefined && (
    <div class={answer.accepted ? 'banner answer' : 'banner answer is-warn'} role="status">
      {answer.text}
      {answer.why?.code === 'nobody' && <SignInLink />}
      <button type="button" onClick={() => setAnswer(undefined)}>
        {words().run.dismiss}
      </button>
    </div>
  );
  const stopDialog = (mayStop: boolean) => (
    <StopDialog
      open={question?.what === 'stop' && mayStop}
      onAnswer={stop => {
        close();
        if (stop) void send({ command: 'stop' });
      }}
    />
  );
  if (snapshot === undefined) {
    return (
      <div class="page lost">
        <HeadOfListed at={at} />
        <DoorNotice at={at} />
        {silentNotice}
        {answered}
        <main class="alone">
          <p class="waiting">{isSilent ? '' : connected ? words().run.waits : words().run.connecting}</p>
        </main>
        {stopDialog(isSilent)}
        <footer>
          <LanguageChoice />
        </footer>
      </div>
    );
  }
  const { run, alarms, allowed, next } = snapshot;
  // Of one that does not answer the safe state may be asked for all the same.
  const may = (command: CommandName): boolean =>
    mayCommand(at, command) &&
    (isSilent ? command === 'stop' || command === 'abort' : connected && allowed.includes(command));
  const isToldByDoor = isSilent || isOver;
  const tripped = toneOf(run.state) === 'bad' || alarms.some(alarm => alarm.reaction === 'trip');
  const onCommand = (command: CommandName): void => {
    if (command === 'stop' || command === 'skip' || command === 'limit') pose(command);
    else if (command === 'acknowledge') void send(acknowledging(who));
    else void send({ command });
  };
  const stretch = stretchOf(view.shown, run.time_s);
  const onShow = (next: ShownWindow): void =>
    windows.current?.show(next, (room.current?.clientWidth ?? 0) * devicePixelRatio);
  const onCsv = async (): Promise<void> => {
    const said = await takeCsv(run, trends, stretch);
    if (said !== '') setAnswer({ accepted: false, text: `CSV: ${said}` });
  };
  const age = connected && !isSilent ? (snapshot.isLive ? '' : ' still') : ' lost';
  return (
    <div class={`page${age}`}>
      <TopBar
        snapshot={snapshot}
        alarms={alarmSum(alarms)}
        may={may}
        onCommand={onCommand}
        at={at}
        ended={ended}
      />
      {isWall() && (
        <WallRow snapshot={snapshot} isUnknown={ended?.tone === 'bad'} heard={() => heard.current} />
      )}
      <TakenOver at={at} />
      {silentNotice}
      {connected && at?.name !== null ? undefined : <DoorNotice at={at} />}
      {isToldByDoor ? undefined : <NotLive snapshot={snapshot} connected={connected} />}
      <Unproven items={run.unproven} />
      <Unmet items={run.unmet} />
      {run.finishedBy !== '' && (
        <div class="banner" role="status">
          {words().run.early(run.finishedBy)}
        </div>
      )}
      {run.reason !== '' && (
        <div class={tripped ? 'banner bad' : 'banner'} role={tripped ? 'alert' : 'status'}>
          {saidText(run.reason, run.why)}
        </div>
      )}
      {next.text !== '' && !isToldByDoor && <WayOut next={next} may={may} onCommand={onCommand} />}
      {answered}
      <main>
        <div>
          <Tiles
            tiles={tilesOf(
              snapshot.roles,
              trends.map(({ role }) => role),
              limits,
              snapshot.suppressed,
              alarms,
            )}
          />
          <PhaseStrip snapshot={snapshot} />
          <CellBars snapshot={snapshot} limits={limits} />
          <ProcessPicture snapshot={snapshot} />
          <WindowBar
            view={view}
            now_s={run.time_s}
            isLive={snapshot.isLive}
            devices={snapshot.devices.map(({ id }) => id)}
            onShow={onShow}
            onCsv={() => void onCsv()}
          />
          <div class="charts" ref={room}>
            {charts.map(chart => (
              <Chart
                key={chart.title}
                {...chart}
                whose={run}
                live={live}
                revision={revision}
                scheme={scheme}
                {...(view.shown.kind === 'all' ? {} : { stretch })}
                marks={marks}
                suppressed={snapshot.suppressed}
                onMark={(from_s, to_s) => onShow(between(from_s, to_s, run.time_s))}
                onAll={() => onShow(ALL)}
              />
            ))}
          </div>
          <Spectra run={run.id} news={snapshot.spectraNews} connected={connected} />
        </div>
        <aside>
          <NearestLimits nearest={snapshot.nearest} roles={snapshot.roles} />
          <Alarms
            snapshot={snapshot}
            may={may}
            name={account === '' ? name : account}
            onName={setName}
            account={account}
            pace={pace.current?.pace}
            onCommand={command => void send(command)}
          >
            <HistoryDialog run={run.id} now_s={run.time_s} onShow={onShow} />
          </Alarms>
          <Devices devices={snapshot.devices} />
          <Sinks sinks={snapshot.sinks} />
          <Events events={snapshot.events} />
        </aside>
        <Values roles={snapshot.roles} />
      </main>
      <footer>
        <LanguageChoice />
        <KeyHelp onStop={() => pose('stop')} />
      </footer>
      <Questions
        question={question}
        may={may}
        who={who}
        account={account}
        onClose={close}
        onCommand={command => void send(command)}
      />
      {stopDialog(may('stop'))}
    </div>
  );
}
