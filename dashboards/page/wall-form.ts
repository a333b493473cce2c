/** For people who stand three metres away, by `?screen=wall`: a wall shows what is, and has nothing to press. */
export function startWall(): void {
  if (isWall()) document.documentElement.classList.add('wall');
}

/** The page is shown on a wall. */
export function isWall(): boolean {
  return new URLSearchParams(location.search).get('screen') === 'wall';
}
