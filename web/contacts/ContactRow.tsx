import { memo } from 'react';
import { Link } from 'wouter';
import type { Contact } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { channelIcon, channelTone, channelWord } from '../ui/channel.ts';
import { Icon } from '../ui/Icon.tsx';
import { initialsOf, nameOf } from '../ui/names.ts';
import { Avatar, When } from '../ui/parts.tsx';
import { useReadUntil } from './read.ts';

/** One contact of the list: who, when something last happened, and what it was. */
export const ContactRow = memo(({ contact, chosen }: { contact: Contact; chosen: boolean }) => {
  const last = contact.lastEntry;
  const read = useReadUntil(contact.id);
  const isNew = Boolean(last && last.direction !== 'outbound' && last.at > read);
  return (
    <Link
      href={`/contacts/${encodeURIComponent(contact.id)}`}
      className="contact-row"
      aria-current={chosen ? 'true' : undefined}
    >
      <Avatar initials={initialsOf(contact)} unsure={contact.provisional ? t.contact.provisional : undefined} />
      <span className={isNew ? 'contact-name ellipsis new' : 'contact-name ellipsis'}>
        {nameOf(contact)}
        {contact.provisional && <span className="sr-only"> ({t.contact.provisional})</span>}
      </span>
      <span className="contact-when">
        {last && <When at={last.at} className="k" />}
        {isNew && (
          <span className="new-dot">
            <span className="sr-only">{t.contacts.isNew}</span>
          </span>
        )}
      </span>
      <span className="contact-last">
        {last ? (
          <>
            <span className="tone" data-tone={channelTone(last.channel)}>
              <Icon name={channelIcon(last.channel)} size={14} />
            </span>
            <span className="sr-only">{channelWord(last.channel)}: </span>
            <span className="ellipsis">{last.text || t.timeline.noText}</span>
          </>
        ) : (
          <span className="k">{t.contacts.nothing}</span>
        )}
      </span>
    </Link>
  );
});
ContactRow.displayName = 'ContactRow';
