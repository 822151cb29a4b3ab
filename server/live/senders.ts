/** How long the change stream may take to bring a message back to its hub. */
const KEEP_MS = 60_000;

/** Remembers which socket sent a message: it gets the acknowledgement, and isn't sent the message. */
export const makeSenders = () => {
  const sent = new Map<string, { socket: string; until: number }>();

  const prune = (now: number): void => {
    for (const [id, { until }] of sent) {
      if (until > now) return; // they are in the order of insertion
      sent.delete(id);
    }
  };

  return {
    note: (message: string, socket: string): void => {
      const now = Date.now();
      prune(now);
      sent.delete(message);
      sent.set(message, { socket, until: now + KEEP_MS });
    },
    is: (message: string, socket: string): boolean => sent.get(message)?.socket === socket,
  };
};

export type Senders = ReturnType<typeof makeSenders>;
