import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Builds the agent workspace to dist/web; the hub serves it, so there is no development server to configure. */
export default defineConfig({
  root: file('.'),
  plugins: [react()],
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
