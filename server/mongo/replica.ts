import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';
import './gone-connections.ts';
import { socketUri } from './socket.ts';
import { series } from './version.ts';

type Admin = mongo.Db;

const SET = 'talteen';

const configure = async (admin: Admin, host: string): Promise<void> => {
  const reply = await admin.command({ replSetGetConfig: 1 }).catch(error => {
    if (error.codeName === 'NotYetInitialized') return null;
    throw error;
  });
  if (!reply) {
    await admin.command({ replSetInitiate: { _id: SET, members: [{ _id: 0, host }] } });
    return;
  }
  const { config } = reply;
  if (config.members.length === 1 && config.members[0].host === host) return;
  // the data directory was moved: the member's host is the socket's path, and under the old one it doesn't know itself
  const members = [{ ...config.members[0], host }];
  await admin.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
};

const untilPrimary = async (admin: Admin, until: number): Promise<void> => {
  while (!(await admin.command({ hello: 1 })).isWritablePrimary) {
    if (Date.now() > until) throw new Error('the embedded mongod does not become primary');
    await sleep(20);
  }
};

/** A member that was moved isn't in its own set at first, and closes its connections as it finds out: what was asked on one is asked again. */
const becomePrimary = async (admin: Admin, host: string, ms: number): Promise<void> => {
  const until = Date.now() + ms;
  for (;;)
    try {
      await configure(admin, host);
      return await untilPrimary(admin, until);
    } catch (error) {
      if (!(error instanceof mongo.MongoNetworkError) || Date.now() > until) throw error;
    }
};

/** Files stay in the old format until told otherwise, and then the release after the next could not open them. */
const raiseFormat = async (admin: Admin, version: string): Promise<void> => {
  const wanted = series(version);
  const reply = await admin.command({ getParameter: 1, featureCompatibilityVersion: 1 });
  if (reply.featureCompatibilityVersion.version === wanted) return;
  const confirm = Number(wanted.split('.')[0]) >= 7 ? { confirm: true } : {};
  await admin.command({ setFeatureCompatibilityVersion: wanted, ...confirm });
};

/**
 * Makes the mongod on this socket the primary of a replica set of one (initiated, or reconfigured when its path changed), with the
 * file format of its own release. Returns when it takes writes.
 */
export const makePrimary = async (socket: string, version: string): Promise<void> => {
  const client = new mongo.MongoClient(socketUri(socket), { serverSelectionTimeoutMS: 5000, maxPoolSize: 1 });
  try {
    const admin = client.db('admin');
    await becomePrimary(admin, socket, 60_000);
    await raiseFormat(admin, version);
  } finally {
    await client.close();
  }
};

/** Whether the mongod on this socket takes writes as the member it should be. */
export const isPrimary = async (socket: string): Promise<boolean> => {
  const client = new mongo.MongoClient(socketUri(socket), { serverSelectionTimeoutMS: 2000, maxPoolSize: 1 });
  try {
    const hello = await client.db('admin').command({ hello: 1 });
    return hello.isWritablePrimary && hello.me === socket;
  } catch {
    return false;
  } finally {
    await client.close();
  }
};
