import { render } from 'preact';
import { pressOnce } from '../keys/held.ts';
import { startWall } from '../wall-form.ts';
import { startLanguage } from '../words/language.ts';
import { CampaignPage } from './campaign-page.tsx';

startLanguage();
startWall();
pressOnce();
const root = document.getElementById('page');
if (root !== null) render(<CampaignPage />, root);
