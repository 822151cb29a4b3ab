import type { Connection } from 'mongoose';
import { accessLogModel, sessionModel, tokenModel, userModel } from './access.ts';
import { accountModel } from './accounts.ts';
import { blobModel } from './blobs.ts';
import { checkpointModel } from './checkpoints.ts';
import { contactModel } from './contacts.ts';
import { contentModel } from './contents.ts';
import { registerEventModel } from './events.ts';
import { historyModel } from './history.ts';
import { identifierModel, keyModel } from './identifiers.ts';
import { importModel } from './imports.ts';
import { inboxModel } from './inbox.ts';
import { interactionModel } from './interactions.ts';
import { jobModel } from './jobs.ts';
import { leaseModel } from './leases.ts';
import { messageModel } from './messages.ts';
import { metaModel } from './meta.ts';
import { organisationModel } from './organisations.ts';
import { policyModel } from './policies.ts';
import { quarantineModel } from './quarantine.ts';
import { sightingModel } from './sightings.ts';
import { signalModel } from './signals.ts';
import { suggestionModel } from './suggestions.ts';
import { timelineModel } from './timeline.ts';

/** All collections, bound to one connection. */
export const makeModels = (connection: Connection) => ({
  connection,
  accessLog: accessLogModel(connection),
  accounts: accountModel(connection),
  blobs: blobModel(connection),
  checkpoints: checkpointModel(connection),
  contacts: contactModel(connection),
  contents: contentModel(connection),
  history: historyModel(connection),
  identifiers: identifierModel(connection),
  imports: importModel(connection),
  inbox: inboxModel(connection),
  interactions: interactionModel(connection),
  jobs: jobModel(connection),
  keys: keyModel(connection),
  leases: leaseModel(connection),
  messages: messageModel(connection),
  meta: metaModel(connection),
  organisations: organisationModel(connection),
  policies: policyModel(connection),
  quarantine: quarantineModel(connection),
  registerEvents: registerEventModel(connection),
  sessions: sessionModel(connection),
  sightings: sightingModel(connection),
  signals: signalModel(connection),
  suggestions: suggestionModel(connection),
  timeline: timelineModel(connection),
  tokens: tokenModel(connection),
  users: userModel(connection),
});

export type Models = ReturnType<typeof makeModels>;
