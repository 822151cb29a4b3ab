import { type Contacts, makeContacts } from './contacts.ts';
import type { RegisterContext, RegisterDeps } from './context.ts';
import { type ContactImports, makeContactImports } from './csv-import.ts';
import { type Jobs, makeJobs } from './jobs.ts';
import { makeJoinsJob } from './joins-job.ts';
import { makeOrganisations, type Organisations } from './organisations.ts';
import { makeSuggestions, type Suggestions } from './suggestions.ts';
import { makeTurns } from './turns.ts';

/** The register of contacts and organisations. */
export interface Register {
  contacts: Contacts;
  organisations: Organisations;
  /** identifiers that may be one person's */
  suggestions: Suggestions;
  /** CSV files; nothing runs until one is accepted or `start` is called */
  imports: ContactImports;
  jobs: Pick<Jobs, 'drain' | 'start' | 'stop'>;
}

/** The register of contacts and organisations. Nothing runs in the background until `jobs.start()`. */
export const makeRegister = (deps: RegisterDeps): Register => {
  const context: RegisterContext = { ...deps, kick: () => jobs.kick(), inTurn: makeTurns() };
  const jobs = makeJobs(context);
  const joins = makeJoinsJob(context);
  return {
    contacts: makeContacts(context),
    organisations: makeOrganisations(context),
    suggestions: makeSuggestions(context),
    imports: makeContactImports(context),
    jobs: {
      drain: async () => {
        await joins.drain(); // it may queue work for the other jobs
        await jobs.drain();
      },
      start: () => {
        jobs.start();
        joins.start();
      },
      stop: async () => {
        await Promise.all([jobs.stop(), joins.stop()]);
      },
    },
  };
};
