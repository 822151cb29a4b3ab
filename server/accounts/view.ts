import type { Connector } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { CheckpointDoc } from '../../models/checkpoints.ts';
import type { Account, FolderHealth } from '../http/dto/accounts.ts';

/** Streams of the core itself: a file that was imported, and what was pushed. They count, but are no folder of the source. */
const isOurStream = (stream: string): boolean => /^import\/[0-9a-f]{24}\/\d+$/.test(stream) || stream === 'inbox';

const folderOf = ({ stream, held, missing, comparedAt, counts }: CheckpointDoc): FolderHealth => ({
  name: stream,
  held,
  stored: counts.stored,
  duplicate: counts.duplicate,
  quarantined: counts.quarantined,
  missing,
  comparedAt: comparedAt?.toISOString() ?? null,
});

/** An account as the API shows it: no secret, its counts summed over all that it captured. */
export const accountView = (
  doc: AccountDoc,
  {
    secrets,
    checkpoints,
    connector,
    publicUrl,
  }: {
    secrets: readonly string[];
    checkpoints: readonly CheckpointDoc[];
    connector: Connector | undefined;
    publicUrl: string;
  },
): Account => {
  const counts = { stored: 0, duplicate: 0, quarantined: 0 };
  for (const checkpoint of checkpoints) {
    counts.stored += checkpoint.counts.stored;
    counts.duplicate += checkpoint.counts.duplicate;
    counts.quarantined += checkpoint.counts.quarantined;
  }
  const folders = checkpoints.filter(({ stream }) => !isOurStream(stream));
  return {
    id: doc._id,
    connector: doc.connector,
    name: doc.name,
    config: doc.config,
    secrets: [...secrets],
    addresses: doc.addresses,
    state: doc.state,
    lastError: doc.lastError,
    lagSeconds: doc.lagSeconds,
    counts,
    folders: folders.map(folderOf).sort((a, b) => a.name.localeCompare(b.name)),
    webhooks: (connector?.webhooks ?? []).map(name => ({ name, url: `${publicUrl}/webhooks/${doc._id}/${name}` })),
    createdAt: doc.createdAt.toISOString(),
  };
};
