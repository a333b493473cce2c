import { useEffect, useState } from 'preact/hooks';
import type { CampaignShown, CarriedCourse } from '../../../control/view.ts';
import { useBeginnings } from '../../page/campaign/beginnings.ts';
import { Matrix } from '../../page/campaign/matrix.tsx';
import { channelsOf } from '../../page/campaign/matrix-facts.ts';
import { Worst } from '../../page/campaign/worst.tsx';
import { ask, pathOf } from '../door/ask.ts';
import { utcText } from '../parts/texts.ts';
import { useWords } from '../words/words.ts';

/** So often it is asked: whoever has an account has some pages open. */
const EACH_MS = 2000;

export type Channels = Omit<CampaignShown, 'course'>;

interface ChannelsProps {
  /** Of the campaign in the laboratory. */
  readonly id: string;
  readonly course: CarriedCourse;
  /** Undefined: not known yet. */
  readonly channels: Channels | undefined;
}

/** All channels of the benches of a campaign, as its own page has them: what each does, the worst alarm, the way to each run. */
export function CampaignChannels({ id, course, channels }: ChannelsProps) {
  const { t } = useWords();
  const shown: CampaignShown | undefined = channels === undefined ? undefined : { course, ...channels };
  const beginning = useBeginnings(shown);
  if (channels === undefined || shown === undefined) return null;
  const benches = channels.benches.map(of => ({ of, all: channelsOf(shown, of, beginning) }));
  const pageAt = (run: string): string => {
    const dir = course.runs.find(one => one.id === run)?.dir ?? run;
    return `run/${encodeURIComponent(`${id}/${dir}`)}/`;
  };
  const ends = lastEnd(course);
  return (
    <section class="panel channels" aria-label={t.channels}>
      <h2>{t.channels}</h2>
      <Worst channels={benches.flatMap(({ all }) => all)} />
      {ends !== undefined && <p role="status">{t.allEndBy(utcText(ends))}</p>}
      {benches.map(({ of, all }) => (
        <Matrix key={of.bench} bench={of.bench} channels={all} pageAt={pageAt} />
      ))}
    </section>
  );
}

/** By when all that is under way has ended; undefined: nothing is, or nobody has rehearsed it. */
function lastEnd({ runs }: CarriedCourse): string | undefined {
  const ends = runs.flatMap(({ state, expectedEndUtc }) => (state === 'running' ? [expectedEndUtc] : []));
  if (ends.includes(null)) return undefined;
  return ends.toSorted((a, b) => (a ?? '').localeCompare(b ?? '')).at(-1) ?? undefined;
}

/** Of a campaign that has begun (`isGoing` undefined: not yet). Asked for again and again, one request at a time; what was shown last stays where nobody answers. */
export function useChannels(id: string, isGoing: boolean | undefined): Channels | undefined {
  const [channels, setChannels] = useState<Channels>();
  useEffect(() => {
    if (isGoing === undefined) return;
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      try {
        setChannels(await ask<Channels>('GET', pathOf('campaigns', id, 'channels')));
      } catch {
        // The page says by itself that the door does not answer; one that is about to begin has none yet.
      }
      if (!isOver && isGoing) timer = setTimeout(() => void look(), EACH_MS);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [id, isGoing]);
  return channels;
}
