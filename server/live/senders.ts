/** How long a message's own event may take to come back to us. */
const KEEP_MS = 60_000;

/** Which socket sent a message: that one gets its acknowledgement and nothing else. */
export const makeSenders = () => {
  const sent = new Map<string, { socket: string; until: number }>();

  const prune = (now: number): void => {
    for (const [id, { until }] of sent) {
      if (until > now) return; // in the order they were put in
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
