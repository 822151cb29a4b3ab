import { Link } from 'wouter';
import type { Identifier, Suggestion } from '../api/types.ts';
import { t } from '../i18n/index.ts';
import { countWords } from '../timeline/Filters.tsx';
import { useCounts } from '../timeline/useTimeline.ts';
import { Dialog, DialogRow } from '../ui/Dialog.tsx';
import { identifierWord, isReadable } from '../ui/names.ts';

type Identified = Suggestion['identifiers'][number];
type Owner = NonNullable<Identified['contact']>;

const everything = {};

const ownerWords = ({ name, provisional }: Owner, { type, value }: Identifier): string =>
  [name.first, name.last].filter(Boolean).join(' ') ||
  (provisional ? t.contact.provisional : isReadable(type) ? value : t.contacts.unknown);

/** One of the two: the identifier, and whose it is now. */
export const Side = ({ type, value, contact }: Identified) => (
  <div className="suggestion-side">
    {isReadable(type) && <strong>{value}</strong>}
    <span className={isReadable(type) ? 'k' : undefined}>
      {identifierWord(type)}
      {' · '}
      {contact ? (
        <Link className="hit" href={`/contacts/${encodeURIComponent(contact.id)}`}>
          {ownerWords(contact, { type, value })}
        </Link>
      ) : (
        t.suggestions.nobody
      )}
    </span>
  </div>
);

const Count = ({ contact }: { contact: string }) => {
  const { data, isError } = useCounts(contact, everything);
  const total = data?.total;
  return <p className="k num">{total ? t.suggestions.entries(countWords(total)) : isError ? '' : t.state.loading}</p>;
};

/** Asks before two are joined, since that can't be taken back: who they are, and how much there is of each. */
export const Join = ({
  identifiers,
  busy,
  join,
  close,
}: Pick<Suggestion, 'identifiers'> & { busy: boolean; join: () => void; close: () => void }) => (
  <Dialog title={t.suggestions.joinTitle} close={close}>
    <div className="stack">
      <div className="suggestion-pair">
        {identifiers.map(one => (
          <div key={`${one.type} ${one.value}`}>
            <Side {...one} />
            {one.contact && <Count contact={one.contact.id} />}
          </div>
        ))}
      </div>
      <p>{t.suggestions.joinHelp}</p>
      <DialogRow close={close}>
        <button type="button" className="btn pri" disabled={busy} onClick={join}>
          {t.suggestions.join}
        </button>
      </DialogRow>
    </div>
  </Dialog>
);
