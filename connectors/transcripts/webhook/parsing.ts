import type { Captured, Raw } from '../../contract.ts';
import type { Recognise } from '../people.ts';

/** What a parser is given beside the event. */
export interface Parsing {
  recognise: Recognise;
  /** the whole request: the original of each item in it */
  raw: Raw;
}

/** Parses the events of one provider. Pure; throws ZodError when an event that it knows has the wrong shape. */
export type ParseEvent = (event: unknown, parsing: Parsing) => Captured[];
