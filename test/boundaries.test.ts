import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import ts from 'typescript';

const root = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['bench', 'bin', 'config', 'connectors', 'models', 'samples', 'scripts', 'server', 'test', 'web'];
const LONGEST = 300;

interface Module {
  /** path from the project's folder, with slashes */
  path: string;
  text: string;
  /** what of ours it imports, likewise */
  imports: string[];
}

const sources = async (folder: string): Promise<string[]> => {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true }).catch(() => []);
  const files = entries.filter(each => each.isFile() && /\.(ts|tsx|mjs|cjs)$/.test(each.name));
  const paths = files.map(each => relative(root, join(each.parentPath, each.name)).split(sep).join('/'));
  return paths.filter(path => !/(^|\/)(node_modules|fixtures|dist)\//.test(path));
};

/** Of the names that the module at `path` imports those of ours, from the project's folder. */
const ours = (path: string, names: string[]): string[] =>
  names
    .filter(name => name.startsWith('.'))
    .map(name => relative(root, resolve(root, dirname(path), name)))
    .map(name => name.split(sep).join('/'));

const load = async (path: string): Promise<Module> => {
  const text = await readFile(join(root, path), 'utf8');
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return {
    path,
    text,
    imports: ours(
      path,
      importedFiles.map(({ fileName }) => fileName),
    ),
  };
};

interface Side {
  path?: string;
  pathNot?: string;
}

interface Rule {
  name: string;
  comment: string;
  from: Side;
  to: Side & { dependencyTypesNot?: string[]; dynamic?: boolean };
}

const { forbidden } = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as { forbidden: Rule[] };
/** The rules that say by their paths who may import what; the others (circles, packages, what is loaded later) are the cruiser's. */
const rules = forbidden.filter(({ from, to }) => from.path && to.path && to.dynamic === undefined);

const importsCode = (text: string): string[] => {
  const file = ts.createSourceFile('x.tsx', text, ts.ScriptTarget.Latest);
  return file.statements
    .filter(ts.isImportDeclaration)
    .filter(({ importClause }) => importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
    .map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text);
};

/** `$1` in a rule's paths is the first group of `from.path`. */
const strangers = (modules: Module[], { name, comment, from, to }: Rule): string[] =>
  modules.flatMap(({ path, text, imports }) => {
    const match = new RegExp(from.path ?? '').exec(path);
    if (!match || (from.pathNot && new RegExp(from.pathNot).test(path))) return [];
    const pattern = (source: string) => new RegExp(source.replaceAll('$1', match[1] ?? ''));
    const found = imports.filter(
      each => pattern(to.path ?? '').test(each) && !(to.pathNot && pattern(to.pathNot).test(each)),
    );
    const code = to.dependencyTypesNot && found.length > 0 ? ours(path, importsCode(text)) : found;
    return found.filter(each => code.includes(each)).map(each => `${path} imports ${each}: ${comment} (${name})`);
  });

describe('boundaries', () => {
  let modules: Module[];
  before(async () => {
    const paths = (await Promise.all(FOLDERS.map(sources))).flat();
    modules = await Promise.all(paths.map(load));
  });

  it('sees the modules and what they import', () => {
    expect(modules.length).to.be.above(100);
    expect(modules.find(({ path }) => path === 'test/support/mongod.ts')?.imports).to.include(
      'server/mongo/embedded.ts',
    );
    for (const folder of ['config', 'connectors', 'models', 'server'])
      expect(
        modules.filter(({ path }) => path.startsWith(`${folder}/`)),
        folder,
      ).to.not.have.lengthOf(0);
  });

  const importing = (path: string, imported: string, types = false): Module => {
    const name = `${relative(dirname(path), '.') || '.'}/${imported}`;
    return { path, text: `import ${types ? 'type ' : ''}{ a } from '${name}';`, imports: [imported] };
  };

  const wrong: [path: string, imported: string, types?: boolean][] = [
    ['models/a.ts', 'config/index.ts'],
    ['server/rules/a.ts', 'server/store/b.ts'],
    ['connectors/email/a.ts', 'connectors/twilio/b.ts'],
    ['connectors/email/a.ts', 'server/store/b.ts'],
    ['connectors/common/a.ts', 'connectors/email/b.ts'],
    ['connectors/index.ts', 'server/core.ts'],
    ['connectors/contract.ts', 'server/core.ts'],
    ['connectors/contract-answers.ts', 'server/core.ts'],
    ['connectors/contract-live.ts', 'connectors/chat/a.ts'],
    ['server/a.ts', 'connectors/email/a.ts'],
    ['server/a.ts', 'connectors/contract-live.ts'],
    ['server/a.ts', 'samples/index.ts'],
    ['server/a.ts', 'test/support/mongod.ts'],
    ['server/a.ts', 'bench/run.ts'],
    ['samples/a.ts', 'models/index.ts'],
    ['web/a.tsx', 'server/capture/a.ts', true],
    ['web/a.tsx', 'server/http/dto/index.ts'],
  ];
  for (const [path, imported, types = path !== 'web/a.tsx'] of wrong)
    it(`notices that ${path} imports ${types ? 'types' : 'code'} of ${imported}`, () => {
      expect(rules.flatMap(rule => strangers([importing(path, imported, types)], rule))).to.not.be.empty;
    });

  it('takes what is allowed', () => {
    const right = [
      importing('connectors/email/a.ts', 'connectors/contract.ts'),
      importing('connectors/email/imap/a.ts', 'connectors/email/c.ts'),
      importing('connectors/index.ts', 'connectors/email/index.ts'),
      importing('server/demo/a.ts', 'samples/index.ts'),
      importing('server/a.ts', 'connectors/index.ts'),
      importing('web/a.tsx', 'server/http/dto/index.ts', true),
      importing('bench/a.ts', 'test/support/mongod.ts'),
    ];
    expect(rules.flatMap(rule => strangers(right, rule))).to.deep.equal([]);
  });

  for (const rule of rules) it(`${rule.name}: ${rule.comment}`, () => expect(strangers(modules, rule)).to.be.empty);

  it('only main.ts, config/, scripts/, test/ and bench/ read the environment', () => {
    const allowed = /^(server\/main\.ts$|config\/|scripts\/|test\/|bench\/)/;
    const readers = modules.filter(
      ({ path, text }) => !allowed.test(path) && /process\.env\b|\bprocess\['env'\]/.test(text),
    );
    expect(readers.map(({ path }) => path)).to.deep.equal([]);
  });

  it(`no file is longer than ${LONGEST} lines`, () => {
    const long = modules.map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
    expect(long.filter(({ lines }) => lines > LONGEST)).to.deep.equal([]);
  });
});
