import { type ComponentType, createElement, type LazyExoticComponent, lazy } from 'react';

type Loaded<P> = { default: ComponentType<P> };

const PAUSES_MS = [300, 1000, 2500];
const AGAIN_MS = 1000;

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

const online = (): Promise<unknown> =>
  navigator.onLine ? Promise.resolve() : new Promise(resolve => addEventListener('online', resolve, { once: true }));

/** A style sheet that didn't come is not asked for again by the bundler's loader. */
const loadStylesAgain = (): void => {
  for (const link of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]'))
    if (!link.sheet) link.replaceWith(link.cloneNode());
};

/** Waits out an absent network; what fails with one is tried a few times. */
const load = async <P>(part: () => Promise<Loaded<P>>): Promise<Loaded<P>> => {
  for (const ms of PAUSES_MS) {
    await online();
    try {
      return await part();
    } catch {
      await pause(ms);
      loadStylesAgain();
    }
  }
  return part();
};

let round = 0;

/** Whatever failed until now is loaded anew when it is shown again. */
export const loadAnew = (): void => {
  round += 1;
};

/** As React's `lazy`, which keeps a failure for ever; here whoever shows the part later has it loaded anew. */
export const lazily = <P extends object>(part: () => Promise<Loaded<P>>): ComponentType<P> => {
  let failed: { at: number; round: number } | null = null;
  const fresh = (): LazyExoticComponent<ComponentType<P>> =>
    lazy(() =>
      load(part).catch(error => {
        failed = { at: Date.now(), round };
        throw error;
      }),
    );
  let Part = fresh();
  return props => {
    // not at once unless it is asked for: React draws what failed a second time before it gives up
    if (failed && (failed.round !== round || Date.now() - failed.at > AGAIN_MS)) {
      failed = null;
      Part = fresh();
    }
    return createElement(Part as ComponentType<P>, props);
  };
};
