import { render } from 'preact';
import { App } from './app.tsx';

// For people who stand three metres away: a wall shows what is, and has nothing to press.
if (new URLSearchParams(location.search).get('screen') === 'wall')
  document.documentElement.classList.add('wall');
const root = document.getElementById('page');
if (root !== null) render(<App />, root);
