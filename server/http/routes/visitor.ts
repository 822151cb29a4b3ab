import { type RequestHandler, Router } from 'express';
import { ConnectorError } from '../../../connectors/contract.ts';
import { conversationOf, type LiveAccount, type LiveAccounts } from '../../live/accounts.ts';
import { NotTaken } from '../../live/commit.ts';
import type { LiveFiles } from '../../live/files.ts';
import { blobBytes } from '../../read/bytes.ts';
import { sendBytes } from '../bytes.ts';
import type { HttpDeps } from '../deps.ts';
import { readLiveUpload, storeLiveFile } from '../live-upload.ts';
import { badField, HttpProblem, notFound, unavailable, whenThereIsRoom } from '../problem.ts';

const foreign = () => new HttpProblem(403, { detail: 'This origin may not send files here.' });

const tooMany = (error: unknown): never => {
  throw error instanceof NotTaken ? new HttpProblem(429, { detail: error.message }) : error;
};

/** CORS for pages of listed origins. Which account lists the origin is checked once the form is read. */
const crossOrigin =
  ({ isOwn, isListed }: LiveAccounts): RequestHandler =>
  async (req, res, next) => {
    const { origin, host } = req.headers;
    if (!isOwn(origin, host)) {
      if (!(await isListed(origin))) throw foreign();
      res.set({ 'Access-Control-Allow-Origin': origin ?? '', Vary: 'Origin' });
    }
    next();
  };

/** Id of the conversation of a session. Throws 422 when it isn't one. */
const conversationFor = (
  { account, connector }: Pick<LiveAccount, 'account' | 'connector'>,
  session: unknown,
): string => {
  try {
    const visitor = connector.live.greet(account, { session }, new Date());
    if (visitor.session === session) return conversationOf({ account }, visitor);
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
  }
  throw badField('/session', 'this is no session');
};

const uploads = (deps: HttpDeps, live: LiveAccounts, files: LiveFiles): RequestHandler => {
  return async (req, res) => {
    whenThereIsRoom(deps);
    const upload = await readLiveUpload(req, res, 'visitor');
    const { account: id, session } = upload.fields;
    const found = typeof id === 'string' ? await live.find(id) : null;
    if (!found) throw badField('/account', 'there is no such chat');
    if (!live.mayOpen(found, req.headers.origin, req.headers.host)) throw foreign();
    if (found.paused) throw unavailable('This chat is closed for now.');
    const conversation = conversationFor(found, session);
    const part = await storeLiveFile({ blobs: deps.blobs, files }, conversation, upload, (file, write) =>
      files.unnamed.hold({ account: found.account.id, conversation, ...file }, write).catch(tooMany),
    );
    res.status(201).json({ part });
  };
};

/** `/visitor`: what visitors of a chat need besides the socket: sending files (DESIGN 10), and fetching files. */
export const visitorRouter = (deps: HttpDeps, { accounts, files }: NonNullable<HttpDeps['live']>): Router => {
  const router = Router();
  router.use((_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store' });
    next();
  });
  router.post('/files', crossOrigin(accounts), uploads(deps, accounts, files));
  router.get('/files/:word', async (req, res) => {
    const link = files.linked(req.params.word);
    const bytes = link && (await blobBytes(deps, link, link.name || null));
    if (!bytes) throw notFound('There is no such file, or its address is too old.');
    await sendBytes(req, res, bytes);
  });
  return router;
};
