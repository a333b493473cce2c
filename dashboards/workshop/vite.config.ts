import { join } from 'node:path';
import { defineConfig } from 'vite';
import page from '../page/vite.config.ts';

export default defineConfig({
  ...page,
  root: import.meta.dirname,
  build: { ...page.build, rolldownOptions: { input: join(import.meta.dirname, 'index.html') } },
});
