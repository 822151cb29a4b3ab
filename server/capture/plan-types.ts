import type { LastEntry } from '../../models/contacts.ts';
import type { ContentDoc } from '../../models/contents.ts';
import type { RegisterEventDoc } from '../../models/events.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import type { MessageDoc } from '../../models/messages.ts';
import type { QuarantineDoc } from '../../models/quarantine.ts';
import type { SightingDoc } from '../../models/sightings.ts';
import type { SuggestionDoc } from '../../models/suggestions.ts';
import type { TimelineDoc } from '../../models/timeline.ts';
import type { Completed } from './complete.ts';
import type { Growth } from './growth.ts';
import type { CompletedMessage } from './known-messages.ts';
import type { People } from './people.ts';
import type { Committed, Outcome, Prepared } from './types.ts';

/** Everything one commit writes, worked out from what it read. */
export interface Plan {
  interactions: InteractionDoc[];
  /** that were there, and had something added */
  grown: Growth[];
  /** of those, and of new ones: whose entries must be rewritten, since their time, direction, author or contacts are others now */
  moved: Growth[];
  messages: MessageDoc[];
  /** messages that were there and came with more */
  completedMessages: CompletedMessage[];
  events: RegisterEventDoc[];
  revisedEvents: { id: string; prepared: Prepared }[];
  /** by revised item: its entries as they are now, and the ids of those it lost */
  told: Map<string, { changed: TimelineDoc[]; gone: string[] }>;
  /** contacts who have or had one of those entries: their last entry is to be refreshed */
  retold: Set<string>;
  /** what they belong to isn't there yet */
  waiting: Prepared[];
  suggestions: SuggestionDoc[];
  contents: ContentDoc[];
  entries: TimelineDoc[];
  /** ids of entries without a contact, of interactions that have one now */
  goneEntries: string[];
  sightings: SightingDoc[];
  /** sightings that are there, but stale or of other bytes */
  renewed: SightingDoc[];
  /** how many of both are of copies that none stood for before */
  appeared: number;
  /** interactions that this account captured too */
  shared: string[];
  revisions: { id: string; prepared: Prepared }[];
  /** mails of which further copies say more, by id: what all of them say */
  completed: Map<string, Completed>;
  /** conversations that turned out to be one: from → into */
  joins: Map<string, string>;
  people: ReturnType<People['changes']>;
  /** contact → its newest entry, where this batch brings it */
  lastEntries: Map<string, LastEntry>;
  quarantine: QuarantineDoc[];
  /** quarantine rows that these items close */
  closed: string[];
  /** those that were replayed and could not be stored, with why */
  failedAgain: Pick<QuarantineDoc, '_id' | 'reason'>[];
  outcomes: { id: string; outcome: Outcome }[];
  counts: Committed['counts'];
}

export const emptyPlan = (): Plan => ({
  interactions: [],
  grown: [],
  moved: [],
  messages: [],
  completedMessages: [],
  events: [],
  revisedEvents: [],
  told: new Map(),
  retold: new Set(),
  waiting: [],
  suggestions: [],
  contents: [],
  entries: [],
  goneEntries: [],
  sightings: [],
  renewed: [],
  appeared: 0,
  shared: [],
  revisions: [],
  completed: new Map(),
  joins: new Map(),
  people: { created: [], identifiers: [], joined: [], touched: [] },
  lastEntries: new Map(),
  quarantine: [],
  closed: [],
  failedAgain: [],
  outcomes: [],
  counts: { stored: 0, duplicate: 0, quarantined: 0 },
});
