import { defineConfig } from 'vite';
import page from '../page/vite.config.ts';

export default defineConfig({ ...page, root: import.meta.dirname });
