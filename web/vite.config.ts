import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin } from 'vite';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The chat widget that other sites include: one script beside the page, a build of its own (widget/vite.config.ts). */
const widget = (): Plugin => {
  let outDir = '';
  return {
    name: 'talteen-widget',
    apply: 'build',
    configResolved: config => {
      outDir = resolve(config.root, config.build.outDir);
    },
    closeBundle: async () => {
      await build({ configFile: file('widget/vite.config.ts'), logLevel: 'warn', build: { outDir } });
    },
  };
};

/** Builds the agent workspace to dist/web; the hub serves it, so there is no development server to configure. */
export default defineConfig({
  root: file('.'),
  plugins: [react(), widget()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    // data: URLs of small files would need an exception in the page's content security policy
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // the page, and the two documents that a mail is shown in (message/MailFrame.tsx)
      input: ['index.html', 'mail-frame.html', 'mail-frame-images.html'].map(file),
    },
  },
});
