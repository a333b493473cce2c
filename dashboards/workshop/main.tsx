import { render } from 'preact';
import { pressOnce } from '../page/keys/held.ts';
import { App } from './app.tsx';

pressOnce();
const root = document.getElementById('lab');
if (root !== null) render(<App />, root);
