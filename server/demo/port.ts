import { once } from 'node:events';
import { createServer } from 'node:net';

/** Whether nobody listens on (host, port) yet. Another fault than "taken" is left to who listens in earnest. */
export const isFree = async (host: string, port: number): Promise<boolean> => {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EADDRINUSE';
  } finally {
    server.close();
  }
};
