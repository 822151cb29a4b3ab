import { z } from 'zod';
import { blobBytes } from '../../read/bytes.ts';
import { sentPart } from '../../read/messages.ts';
import { always, bytes, ifMissing, ifUpload, json } from '../answers.ts';
import { sendBytes } from '../bytes.ts';
import { type Call, call, created } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { disclose } from '../disclose.ts';
import { readLiveUpload, storeLiveFile } from '../live-upload.ts';
import { presentInteraction } from '../present.ts';
import { notFound, whenThereIsRoom } from '../problem.ts';

const tag = 'Interactions';

const uploaded = z
  .object({ part: z.string().meta({ description: "What a message's `parts` names it by" }) })
  .meta({ id: 'SentPart' });

/** Calls for files of chats: an agent uploads one to be sent, or reads those that were sent. */
export const conversationCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'post',
    path: '/interactions/{id}/files',
    tag,
    summary: 'Uploads a file to be sent in a chat: 10 MB at most',
    action: 'conversations:answer',
    multipart: { file: { type: 'string', format: 'binary' } },
    answers: { 201: json('The file, to be named in a message', uploaded), ...always, ...ifMissing, ...ifUpload },
    handle: async ({ who, params: { id = '' }, req, res }) => {
      const { _id, account } = await presentInteraction(deps, who, 'conversations:answer', id);
      if (!deps.live || !(await deps.live.accounts.find(account))) throw notFound('Nobody can be answered here.');
      whenThereIsRoom(deps);
      const { blobs, live } = deps;
      const upload = await readLiveUpload(req, res, 'agent');
      return created({ part: await storeLiveFile({ blobs, files: live.files }, _id, upload) });
    },
  }),
  call({
    method: 'get',
    path: '/interactions/{id}/messages/{seq}/parts/{n}',
    tag,
    summary: "A file of a chat's message; Range is honoured",
    action: 'interactions:read',
    answers: { ...bytes, ...always, ...ifMissing },
    handle: async ({ who, params: { id = '', seq = '', n = '' }, req, res }) => {
      await presentInteraction(deps, who, 'interactions:read', id);
      const part = await disclose(deps.access.log, who, { action: 'interactions:part', interaction: id }, () =>
        sentPart(deps.models, id, { seq, n }),
      );
      const found = part?.blob && (await blobBytes(deps, { blob: part.blob, type: part.type }, part.name ?? null));
      if (!found) throw notFound();
      return sendBytes(req, res, found);
    },
  }),
];
