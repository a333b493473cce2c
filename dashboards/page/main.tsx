import { render } from 'preact';
import { App } from './app.tsx';
import { startWall } from './wall-form.ts';
import { startLanguage } from './words/language.ts';

startLanguage();
startWall();
const root = document.getElementById('page');
if (root !== null) render(<App />, root);
