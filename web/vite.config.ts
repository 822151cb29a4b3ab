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

/** The documents of a mail carry their style sheet in themselves: their policy lets no sheet in from anywhere, ours neither. */
const frameStyle = (): Plugin => ({
  name: 'talteen-frame-style',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { filename, bundle }) =>
      /mail-frame(-images)?\.html$/.test(filename)
        ? html.replace(/<link rel="stylesheet"[^>]*href="\/([^"]+)"[^>]*>/g, (link, name: string) => {
            const sheet = bundle?.[name];
            return sheet?.type === 'asset' ? `<style>${sheet.source}</style>` : link;
          })
        : html,
  },
});

/** Builds the agent workspace to dist/web; the hub serves it, so there is no development server to configure. */
export default defineConfig({
  root: file('.'),
  plugins: [react(), frameStyle(), widget()],
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
