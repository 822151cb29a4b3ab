import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Builds the chat widget: a single script, dist/web/widget.js, which other sites include. */
export default defineConfig({
  root: file('.'),
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // else some tools choose socket.io's client for Node; this one is for browsers
  resolve: { conditions: ['browser', 'import', 'module', 'default'] },
  build: {
    outDir: '../../dist/web',
    emptyOutDir: false,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    lib: { entry: file('main.tsx'), formats: ['iife'], name: 'talteenWidget', fileName: () => 'widget.js' },
  },
});
