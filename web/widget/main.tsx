/** @jsxImportSource preact */
import { render } from 'preact';
import { type Identity, makeLine, whoIs } from './line.ts';
import { style } from './style.ts';
import { Widget } from './Widget.tsx';
import { wordsFor } from './words.ts';

/** Settings that the page may give before the script runs: who is signed in there, signed by its server, or a function that fetches it. */
interface PageSettings {
  identity?: Identity | (() => Promise<Identity | null>);
}

const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[data-account][src*="widget.js"]');

const settings = (): PageSettings => (window as { talteen?: PageSettings }).talteen ?? {};

const identity = async (): Promise<Identity | null> => {
  const given = settings().identity;
  if (typeof given === 'function') return given();
  return given ?? (script?.dataset.identity ? (JSON.parse(script.dataset.identity) as Identity) : null);
};

/** Mounts the widget in a shadow tree, with a constructed style sheet: inline styles may be refused by the page's content security policy. */
const mount = (): HTMLElement => {
  const host = document.createElement('talteen-chat');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  const box = document.createElement('div');
  root.append(box);
  document.body.append(host);
  return box;
};

const start = async (): Promise<void> => {
  const account = script?.dataset.account;
  if (!script || !account) return;
  const hub = new URL(script.src).origin;
  const language = script.dataset.lang || document.documentElement.lang || navigator.language;
  const words = wordsFor(language);
  const who = whoIs(await identity().catch(() => null));
  if (document.querySelector('talteen-chat')) return; // the page has the tag twice: only one chat is shown
  const box = mount();
  const draw = (): void => render(<Widget line={{ ...chat.line }} chat={chat} hub={hub} words={words} />, box);
  // deferred, since a change during rendering must not render again inside it
  let due = false;
  const soon = (): void => {
    if (due) return;
    due = true;
    setTimeout(() => {
      due = false;
      draw();
    });
  };
  const chat = makeLine({ hub, account, identity, who }, soon);
  draw();
  if (chat.isKnown()) chat.connect();
};

if (document.body) void start();
else addEventListener('DOMContentLoaded', () => void start());
