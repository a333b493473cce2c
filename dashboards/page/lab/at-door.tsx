import { words } from '../words/language.ts';
import { labOf, useDoor } from './behind-door.ts';

/** The way back to the laboratory, and who is in control of it; nothing where the page is seen through no door. */
export function LabAndControl() {
  const at = useDoor();
  const lab = labOf(location.pathname);
  if (lab === undefined) return null;
  const say = words().lab;
  const who = at === undefined ? '' : at.by === null ? say.nobody : at.by === at.name ? say.you : at.by;
  return (
    <span class="lab">
      <a href={lab}>{say.back}</a>
      {who !== '' && <span class="in-control">{say.control(who)}</span>}
    </span>
  );
}
