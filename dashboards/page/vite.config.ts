import { join } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the page also works behind a proxy that puts it under a path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    // The live page of a run, and the page of a campaign.
    rolldownOptions: {
      input: ['index.html', 'campaign.html'].map(name => join(import.meta.dirname, name)),
    },
    emptyOutDir: true,
    target: 'es2022',
    // No data: URLs and no inline scripts: the server's content security policy allows neither.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
