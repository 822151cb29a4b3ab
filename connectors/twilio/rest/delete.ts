import type { Account } from '../../contract.ts';
import type { TwilioConfig } from '../config.ts';
import type { Rest } from './client.ts';
import { unlessMissing } from './errors.ts';
import type { Streams } from './reconcile.ts';

const DAY_MS = 24 * 3600_000;

/**
 * Deletes recordings at Twilio, where the account is set to do so: only those that this account has fetched and stored at least that many days ago. `now`: Unix
 * milliseconds.
 */
export const deleteOld = async (
  {
    account: { config, log },
    rest,
    streams: { recordings },
  }: { account: Pick<Account<TwilioConfig>, 'config' | 'log'>; rest: Rest; streams: Pick<Streams, 'recordings'> },
  now: number,
): Promise<void> => {
  const days = config.deleteRecordingsAfterDays;
  if (!days) return;
  const old = [...recordings.seen].filter(([, at]) => now - Number(at) >= days * DAY_MS);
  const client = await rest.client();
  for (const [sid] of old) {
    await unlessMissing(client.recordings(sid).remove());
    recordings.seen.delete(sid);
  }
  if (old.length > 0) log.info({ deleted: old.length, days }, 'recordings were deleted at Twilio');
};
