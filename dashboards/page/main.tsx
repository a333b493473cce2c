import { render } from 'preact';
import { App } from './app.tsx';
import { pressOnce } from './keys/held.ts';
import { startWall } from './wall-form.ts';
import { startLanguage } from './words/language.ts';

startLanguage();
startWall();
pressOnce();
const root = document.getElementById('page');
if (root !== null) render(<App />, root);
