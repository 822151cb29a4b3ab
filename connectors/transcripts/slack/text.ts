import { decodeHTML } from 'entities';

/** Slack's own marks as one reads them: people and channels by name, links by what they say and where they lead. */
export const plainText = (text: string, nameOf: (user: string) => string | undefined): string =>
  decodeHTML(
    text
      .replace(/<@([A-Z0-9]+)(?:\|([^<>]*))?>/g, (_, id: string, said?: string) => `@${nameOf(id) ?? (said || id)}`)
      .replace(/<#([A-Z0-9]+)(?:\|([^<>]*))?>/g, (_, id: string, name?: string) => `#${name || id}`)
      .replace(/<!subteam\^[A-Z0-9]+(?:\|([^<>]*))?>/g, (_, name?: string) => name || '@group')
      .replace(/<!date\^[^<>|]*\|([^<>]*)>/g, '$1')
      .replace(/<!(\w+)(?:\|[^<>]*)?>/g, '@$1')
      .replace(/<(?:mailto:|tel:)?([^<>|]+)\|([^<>]*)>/g, (_, link: string, said: string) =>
        said === link || link.endsWith(`//${said}`) ? link : `${said} (${link})`,
      )
      .replace(/<([^<>|\s]+)>/g, '$1'),
  );
