import type { Connector } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { CheckpointDoc } from '../../models/checkpoints.ts';
import { sumOf } from '../../models/types.ts';
import type { Account, FolderHealth } from '../http/dto/accounts.ts';
import { isOurStream } from '../rules/streams.ts';
import { type HeldUp, heldUpInWords, lagOf } from './held-up.ts';

/** Of a mailbox's folder, what is held of it, also when it was known from elsewhere: an administrator sees that all of it is here. */
const storedOf = ({ uidValidity, present, counts }: CheckpointDoc): number =>
  uidValidity === null ? counts.stored : (present ?? counts.stored + counts.duplicate);

const folderOf = (checkpoint: CheckpointDoc): FolderHealth => ({
  name: checkpoint.stream,
  held: checkpoint.held,
  stored: storedOf(checkpoint),
  duplicate: checkpoint.counts.duplicate,
  quarantined: checkpoint.counts.quarantined,
  missing: checkpoint.missing,
  comparedAt: checkpoint.comparedAt?.toISOString() ?? null,
});

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const warningsOf = ({ config }: AccountDoc, connector: Connector | undefined, publicUrl: string): string[] => {
  const reached = Boolean(connector?.webhooks?.length || connector?.live);
  const local = reached && URL.canParse(publicUrl) && LOCAL.test(new URL(publicUrl).hostname);
  return [
    ...(local
      ? [
          'Only this machine can reach its addresses. Set TALTEEN_PUBLIC_URL to the address that others reach this hub by.',
        ]
      : []),
    ...(connector?.warnings?.(config) ?? []),
  ];
};

/** An account as the API shows it: no secret, its counts summed over all that it captured. */
export const accountView = (
  doc: AccountDoc,
  {
    secrets,
    checkpoints,
    connector,
    publicUrl,
    heldUp,
  }: {
    secrets: readonly string[];
    checkpoints: readonly CheckpointDoc[];
    connector: Connector | undefined;
    publicUrl: string;
    heldUp: HeldUp | undefined;
  },
): Account => {
  const folders = checkpoints.filter(({ stream }) => !isOurStream(stream));
  return {
    id: doc._id,
    connector: doc.connector,
    name: doc.name,
    config: doc.config,
    secrets: [...secrets],
    addresses: doc.addresses,
    state: doc.state,
    lastError: [...(heldUp ? [heldUpInWords(heldUp)] : []), doc.lastError ?? ''].join(' ').trim() || null,
    lagSeconds: heldUp ? Math.max(doc.lagSeconds ?? 0, lagOf(heldUp)) : doc.lagSeconds,
    counts: sumOf(checkpoints.map(({ counts }) => counts)),
    folders: folders.map(folderOf).sort((a, b) => a.name.localeCompare(b.name)),
    warnings: warningsOf(doc, connector, publicUrl),
    webhooks: (connector?.webhooks ?? []).map(name => ({
      name,
      url: `${publicUrl}/webhooks/${doc._id}/${name}`,
      help: connector?.webhookHelp?.[name] ?? null,
    })),
    embed: connector?.live ? `<script src="${publicUrl}/widget.js" data-account="${doc._id}" async></script>` : null,
    createdAt: doc.createdAt.toISOString(),
  };
};
