import { type Contacts, makeContacts } from './contacts.ts';
import type { RegisterContext, RegisterDeps } from './context.ts';
import { type ContactImports, makeContactImports } from './csv-import.ts';
import { type Jobs, makeJobs } from './jobs.ts';
import { makeOrganisations, type Organisations } from './organisations.ts';

export interface Register {
  contacts: Contacts;
  organisations: Organisations;
  /** CSV files; nothing goes on until it is accepted or `resume` is called */
  imports: ContactImports;
  jobs: Pick<Jobs, 'drain' | 'start' | 'stop'>;
}

/** The register of contacts and organisations. Nothing runs in the background until `jobs.start()`. */
export const makeRegister = (deps: RegisterDeps): Register => {
  const context: RegisterContext = { ...deps, kick: () => jobs.kick() };
  const jobs = makeJobs(context);
  return {
    contacts: makeContacts(context),
    organisations: makeOrganisations(context),
    imports: makeContactImports(context),
    jobs,
  };
};
