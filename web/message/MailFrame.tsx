import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { t } from '../i18n/index.ts';
import { isDark, onTheme } from '../shell/theme.ts';
import type { Clean } from './sanitise.ts';
import { settling } from './tame.ts';

/** Padding of the white paper, as frame.css has it. */
const paperPadding = 12;

/** Sets the frame's theme: mail with colours of its own is shown on white paper, other mail in the page's theme. */
const paint = (frame: HTMLIFrameElement, paper: boolean, dark: boolean) => {
  const root = frame.contentDocument?.documentElement;
  if (!root) return;
  root.toggleAttribute('data-paper', paper);
  root.dataset.theme = dark && !paper ? 'dark' : 'light';
};

/** Styles for the frame's root and body: visible, and as high as their content. Not as high as the frame, which gets their height. */
const always = { height: 'auto', 'min-height': 'auto', display: 'block', visibility: 'visible', opacity: '1' };

const fill = (frame: HTMLIFrameElement, clean: Clean, inline: ReadonlyMap<string, string>, remote: boolean) => {
  const page = frame.contentDocument;
  if (!page) return;
  const body = clean.body.cloneNode(true) as HTMLElement;
  for (const image of body.querySelectorAll<HTMLImageElement>('[data-cid]')) {
    const source = inline.get(image.dataset.cid ?? '');
    if (source) image.setAttribute('src', source);
  }
  if (remote)
    for (const image of body.querySelectorAll<HTMLImageElement>('[data-remote]'))
      image.setAttribute('src', image.dataset.remote ?? '');
  for (const { name, value } of body.attributes) page.body.setAttribute(name, value);
  // overrides the mail's style sheets
  for (const { style } of [page.documentElement, page.body])
    for (const [name, value] of Object.entries(always)) style.setProperty(name, value, 'important');
  page.body.replaceChildren(...page.adoptNode(body).childNodes);
};

interface Filling {
  clean: Clean;
  inline: ReadonlyMap<string, string>;
  images: boolean;
  measured: (height: number) => void;
}

/** Fills the frame each time its document is loaded, and reports the height of its content whenever that changes. */
const useFilled = (
  ref: RefObject<HTMLIFrameElement | null>,
  loaded: number,
  { clean, inline, images, measured }: Filling,
) => {
  const report = useRef(measured);
  report.current = measured;
  useEffect(() => {
    const frame = ref.current;
    const body = loaded ? frame?.contentDocument?.body : undefined;
    if (!frame || !body) return;
    fill(frame, clean, inline, images);
    const take = settling();
    const measure = () => {
      const root = body.ownerDocument.documentElement;
      const bar = root.scrollWidth > root.clientWidth ? 16 : 0;
      const padding = clean.coloured ? paperPadding * 2 : 0;
      const height = Math.ceil(body.getBoundingClientRect().height + padding + bar);
      if (take(height)) report.current(height);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(body);
    measure();
    return () => observer.disconnect();
  }, [ref, loaded, clean, inline, images]);
};

/**
 * The only place where a mail's own HTML is shown: sanitised, in a sandboxed frame in which no script can run, whose document has its own content security
 * policy: nothing from the network, or (in the second document, on request) images only. The frame shares our origin so that this page can fill and measure it;
 * scripts are forbidden twice, by the sandbox and by that policy.
 */
export const MailFrame = ({
  clean,
  inline,
  images,
  quotes,
  subject,
  height,
  measured,
}: Filling & { quotes: boolean; subject: string; height: number | undefined }) => {
  const ref = useRef<HTMLIFrameElement>(null);
  const [loaded, setLoaded] = useState(0);
  const dark = useSyncExternalStore(onTheme, isDark);
  useFilled(ref, loaded, { clean, inline, images, measured });
  useEffect(() => {
    if (ref.current && loaded) paint(ref.current, clean.coloured, dark);
  }, [loaded, dark, clean.coloured]);
  useEffect(() => {
    if (loaded) ref.current?.contentDocument?.body.classList.toggle('quotes', quotes);
  }, [loaded, quotes]);

  return (
    <iframe
      ref={ref}
      className="mail-frame"
      data-paper={clean.coloured || undefined}
      title={t.message.frame(subject)}
      sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
      referrerPolicy="no-referrer"
      src={images ? '/mail-frame-images.html' : '/mail-frame.html'}
      onLoad={() => setLoaded(count => count + 1)}
      style={{ height: height ?? 0 }}
    />
  );
};
