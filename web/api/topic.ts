/** Those who listen to one thing. `on` returns the way off; `tell` calls each with what happened. */
export const topic = <E = void>() => {
  const listeners = new Set<(event: E) => void>();
  return {
    on: (listener: (event: E) => void): (() => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell: (event: E): void => {
      for (const listener of listeners) listener(event);
    },
  };
};
