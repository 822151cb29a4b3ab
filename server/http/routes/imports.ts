import type { AccountDoc } from '../../../models/accounts.ts';
import { may } from '../../access/may.ts';
import type { Principal } from '../../access/principal.ts';
import { accountForFiles } from '../../accounts/for-files.ts';
import { importsPage } from '../../read/imports.ts';
import { always, ifMissing, ifQuery, ifUpload, json } from '../answers.ts';
import { accepted, type Call, call, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { pageQuery } from '../dto/common.ts';
import { type ContactsImport, contactsImport } from '../dto/contacts.ts';
import { type InteractionsImport, importPage, interactionsImport } from '../dto/operations.ts';
import { badField, notFound } from '../problem.ts';
import { receiveUpload, type Upload } from '../upload.ts';

const tag = 'Imports';
const FILE = { type: 'string', format: 'binary' };

type Counted = NonNullable<Awaited<ReturnType<HttpDeps['imports']['get']>>>;

const view = ({ _id, state, counts, error, account, files, createdAt, endedAt }: Counted): InteractionsImport => ({
  id: _id,
  state,
  counts,
  error,
  account,
  files: files.map(({ name, size }) => ({ name, size })),
  createdAt: createdAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});

const contactsView = ({
  _id,
  state,
  counts,
  errors,
  error,
}: NonNullable<Awaited<ReturnType<HttpDeps['contactImports']['get']>>>): ContactsImport => ({
  id: _id,
  state,
  counts,
  errors,
  error,
});

/** The account for an import: the named one, else the default one for files. Throws 422, which doesn't say what other accounts exist. */
const accountOf = async ({ accounts }: HttpDeps, who: Principal, named: unknown): Promise<AccountDoc> => {
  const found = await accountForFiles(accounts, named ? String(named) : undefined);
  if (!found || !may(who, 'imports:write', { accounts: [found._id] }))
    throw badField('/account', 'there is no such account');
  return found;
};

const importable = (deps: HttpDeps, { connector }: AccountDoc): void => {
  if (!deps.connectors.get(connector)?.importFile) throw badField('/account', 'this account imports no files');
};

/** Runs `work` on an upload; when it fails, the upload is deleted. */
const keepOrDiscard = async <T>(upload: Upload, work: () => Promise<T>): Promise<T> => {
  try {
    if (upload.files.length === 0) throw badField('/file', 'expected at least one file');
    return await work();
  } catch (error) {
    await upload.discard();
    throw error;
  }
};

const startImport = async (deps: HttpDeps, who: Principal, upload: Upload): Promise<string> => {
  const account = await accountOf(deps, who, upload.fields.account);
  importable(deps, account);
  const { id } = await deps.imports.accept({ account: account._id, who: who.id, files: upload.files, uploaded: true });
  return id;
};

const visibleImport = async ({ imports }: HttpDeps, who: Principal, id: string): Promise<Counted> => {
  const found = await imports.get(id);
  if (!found || !may(who, 'imports:read', { accounts: [found.account ?? ''] })) throw notFound();
  return found;
};

const listImports = async (
  { models, imports }: HttpDeps,
  who: Principal,
  at: { limit: number; before?: string | undefined },
) => {
  const { ids, next } = await importsPage(models, who.accounts, at);
  const found = await Promise.all(ids.map(imports.get));
  return { items: found.filter(one => one !== null).map(view), next };
};

const interactionImports = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/imports',
    tag,
    summary: 'Imports of files, newest first',
    action: 'imports:read',
    query: pageQuery,
    answers: { 200: json('A page of imports', importPage), ...always, ...ifQuery },
    handle: async ({ who, query }) => ok(await listImports(deps, who, query)),
  }),
  call({
    method: 'post',
    path: '/imports',
    tag,
    summary: 'Captures files (.eml, mbox, a Maildir in files); durable when answered, and goes on by itself',
    action: 'imports:write',
    multipart: { account: { type: 'string', description: 'Id or name' }, file: { type: 'array', items: FILE } },
    answers: {
      202: json('The import', interactionsImport),
      ...always,
      ...ifUpload,
    },
    handle: async ({ who, req, res }) => {
      const upload = await receiveUpload(req, res, deps);
      const id = await keepOrDiscard(upload, () => startImport(deps, who, upload));
      return accepted(view(await visibleImport(deps, who, id)));
    },
  }),
  call({
    method: 'get',
    path: '/imports/{id}',
    tag,
    summary: 'How far an import is',
    action: 'imports:read',
    answers: { 200: json('The import', interactionsImport), ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' } }) => ok(view(await visibleImport(deps, who, id))),
  }),
];

const contactImportCalls = (deps: HttpDeps): Call[] => {
  const find = async (id: string): Promise<ContactsImport> => {
    const found = await deps.contactImports.get(id);
    if (!found) throw notFound();
    return contactsView(found);
  };
  return [
    call({
      method: 'post',
      path: '/contacts/imports',
      tag,
      summary: 'Creates and changes contacts from a CSV file; durable when answered, and goes on by itself',
      action: 'contacts:import',
      multipart: { file: FILE },
      answers: { 202: json('The import', contactsImport), ...always, ...ifUpload },
      handle: async ({ who, req, res }) => {
        const upload = await receiveUpload(req, res, deps);
        const { id } = await keepOrDiscard(upload, async () => {
          const [file, second] = upload.files;
          if (!file || second) throw badField('/file', 'expected one file');
          return deps.contactImports.accept({ who: who.id, file });
        });
        return accepted(await find(id));
      },
    }),
    call({
      method: 'get',
      path: '/contacts/imports/{id}',
      tag,
      summary: 'How far an import of contacts is, and which lines were refused',
      action: 'contacts:import',
      answers: { 200: json('The import', contactsImport), ...always, ...ifMissing },
      handle: async ({ params: { id = '' } }) => ok(await find(id)),
    }),
  ];
};

/** Calls for imports of interactions and of contacts. */
export const importCalls = (deps: HttpDeps): Call[] => [...interactionImports(deps), ...contactImportCalls(deps)];
