// Runs in the page of bench/live.ts: notes when each entry that comes into the timeline is on the screen, which is once
// the frame after the one that got its row has been drawn. `shownAt`: entry → Unix time in ms.
(() => {
  const shownAt = new Map();
  globalThis.shownAt = shownAt;
  const seen = new Set();
  const note = () => {
    const fresh = [...document.querySelectorAll('article.entry')]
      .map(row => row.dataset.id)
      .filter(id => !seen.has(id));
    if (fresh.length === 0) return;
    for (const id of fresh) seen.add(id);
    requestAnimationFrame(() =>
      setTimeout(() => {
        const now = performance.timeOrigin + performance.now();
        for (const id of fresh) shownAt.set(id, now);
      }),
    );
  };
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true });
  note();
})();
