import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the agent workspace to dist/web; the hub serves it, so there is no development server to configure. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // data: URLs of small files would need an exception in the page's content security policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
