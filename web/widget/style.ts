/**
 * The widget's styles, in its shadow tree: the page around it neither sees nor changes them. Styles that a page sets on the tree's host take precedence over
 * those here and are inherited by the tree, except those that are !important here (CSS Scoping 1, 3.3). All texts are written from left to right.
 */
export const style = `
:host { all: initial !important; direction: ltr !important; color-scheme: light dark !important; }
* { box-sizing: border-box; margin: 0; }
.root { --page: light-dark(#fff, #1b1b1a); --raised: light-dark(#f4f4f2, #2a2a28); --text: light-dark(#1d1d1b, #ecebe6);
  --dim: light-dark(#5a5954, #b1afa7); --line: light-dark(#e3e2de, #3a3a37); --control: light-dark(#86857e, #7d7b74);
  --fill: light-dark(#2a54c6, #8aa9ff); --on-fill: light-dark(#fff, #101522); --bad: light-dark(#a8231c, #ff8a80);
  position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; font: 400 15px/22px system-ui, sans-serif; color: var(--text); }
button, textarea, input { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--fill); outline-offset: 2px; }
.open { min-height: 48px; padding: 0 20px; border: 0; border-radius: 24px; background: var(--fill); color: var(--on-fill); font-weight: 600;
  box-shadow: 0 2px 12px #0003; }
.badge { margin-left: 8px; padding: 0 7px; border-radius: 10px; background: var(--on-fill); color: var(--fill); }
.panel { display: flex; flex-direction: column; width: min(380px, calc(100vw - 32px)); height: min(560px, calc(100dvh - 32px)); overflow: hidden;
  border: 1px solid var(--line); border-radius: 12px; background: var(--page); box-shadow: 0 4px 24px #0004; }
header { display: flex; align-items: center; gap: 8px; padding: 10px 8px 10px 16px; border-bottom: 1px solid var(--line); }
header div { flex: 1; min-width: 0; }
h2 { font-size: 16px; line-height: 22px; overflow-wrap: anywhere; }
.dim { font-size: 13px; line-height: 18px; color: var(--dim); }
.x { width: 32px; height: 32px; border: 0; border-radius: 6px; background: none; font-size: 20px; line-height: 1; }
.x:hover, .clip:hover { background: var(--raised); }
.log { flex: 1; overflow-y: auto; padding: 12px 16px; display: flex; flex-direction: column; gap: 8px; }
.log > :first-child { margin-top: auto; }
.said { max-width: 85%; align-self: flex-start; }
.said.mine { align-self: flex-end; }
.bubble { padding: 8px 12px; border-radius: 12px; background: var(--raised); white-space: pre-wrap; overflow-wrap: anywhere; }
.mine .bubble { background: var(--fill); color: var(--on-fill); }
.mine .dim { text-align: right; }
.bubble a { color: inherit; }
.bad { color: var(--bad); }
.note { padding: 8px 16px; background: var(--raised); }
@media (max-height: 420px) { .panel > .kept { flex: none; max-height: 44px; overflow-y: auto; } }
form { display: flex; gap: 8px; align-items: flex-end; padding: 8px; border-top: 1px solid var(--line); }
.before { flex: 1; min-height: 0; overflow-y: auto; }
form.ask { display: grid; gap: 12px; align-items: stretch; padding: 16px; border: 0; }
label { display: grid; gap: 4px; font-size: 13px; font-weight: 600; }
textarea, input { width: 100%; padding: 8px; border: 1px solid var(--control); border-radius: 8px; background: var(--page); font-weight: 400; font-size: 15px; }
textarea { flex: 1; min-height: 40px; max-height: 140px; resize: none; field-sizing: content; }
.send { min-height: 40px; padding: 0 14px; border: 0; border-radius: 8px; background: var(--fill); color: var(--on-fill); font-weight: 600; }
.send:disabled { background: var(--raised); color: var(--dim); cursor: default; }
.clip { display: grid; place-items: center; width: 40px; height: 40px; border-radius: 8px; cursor: pointer; font-size: 18px; font-weight: 400; }
.clip:focus-within { outline: 2px solid var(--fill); }
.clip input { position: absolute; width: 1px; height: 1px; opacity: 0; }
.link { border: 0; background: none; padding: 0; text-decoration: underline; }
`;
