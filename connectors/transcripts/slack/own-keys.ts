import { makeRecent } from '../occurrences.ts';

/** The key that something has in a channel. */
export type OwnKey = (key: string, channel: string) => string;

/**
 * Slack's times are unique in a channel only. The first channel of an export has the key as it is, so that a day by itself, of which the
 * channel isn't known, has the same; what another channel has under it gets one of its own.
 */
export const makeOwnKeys = (): OwnKey => {
  const owners = makeRecent<string>();
  return (key, channel) => {
    const owner = owners.get(key) ?? channel;
    owners.set(key, owner);
    return owner === channel ? key : `${key}/${channel}`;
  };
};
