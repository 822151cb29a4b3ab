import { readdir, readFile } from 'node:fs/promises';
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

const load = async (path: string): Promise<Module> => {
  const text = await readFile(join(root, path), 'utf8');
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const ours = importedFiles.map(({ fileName }) => fileName).filter(name => name.startsWith('.'));
  const full = ours.map(name =>
    relative(root, resolve(root, dirname(path), name))
      .split(sep)
      .join('/'),
  );
  return { path, text, imports: full };
};

interface Rule {
  from: RegExp;
  /** what of ours it may import; the first group of `from` is {1} */
  may: string;
  words: string;
}

const rules: Rule[] = [
  {
    from: /^(models|config|server\/rules)\//,
    may: '^{1}/',
    words: 'models/, config/ and server/rules/ import nothing of ours',
  },
  {
    from: /^(connectors\/[^/]+)\//,
    may: '^(connectors/contract\\.ts$|connectors/common/|{1}/)',
    words: 'a connector imports the contract, and what all share, only',
  },
  {
    from: /^(connectors)\/contract(-live)?\.ts$/,
    may: '^connectors/contract',
    words: 'the contract imports nothing of ours',
  },
  {
    from: /^(server)\//,
    may: '^(server|config|models)/|^connectors/(contract|index)\\.ts$|^samples/',
    words: 'server imports config, connectors, models',
  },
  { from: /^(web)\//, may: '^web/|^server/http/dto(/|\\.ts$)', words: 'web imports from server/http/dto only' },
  { from: /^(scripts|bin|samples)\//, may: '^{1}/', words: 'scripts/, bin/ and samples/ stand alone' },
];

const strangers = (modules: Module[], { from, may, words }: Rule): string[] =>
  modules.flatMap(({ path, imports }) => {
    const group = from.exec(path)?.[1];
    if (!group) return [];
    const allowed = new RegExp(may.replaceAll('{1}', group));
    return imports.filter(each => !allowed.test(each)).map(each => `${path} imports ${each}: ${words}`);
  });

const importsCode = (text: string): string[] => {
  const file = ts.createSourceFile('x.tsx', text, ts.ScriptTarget.Latest);
  return file.statements
    .filter(ts.isImportDeclaration)
    .filter(({ importClause }) => importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
    .map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text);
};

describe('boundaries', () => {
  let modules: Module[];
  before(async () => {
    const paths = (await Promise.all(FOLDERS.map(sources))).flat();
    modules = await Promise.all(paths.map(load));
  });

  const code = () => modules.filter(({ path }) => !path.startsWith('test/'));

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

  it('notices a wrong import', () => {
    const wrong: Module[] = [
      { path: 'models/a.ts', text: '', imports: ['config/index.ts'] },
      {
        path: 'connectors/email/a.ts',
        text: '',
        imports: ['connectors/twilio/b.ts', 'connectors/contract.ts', 'connectors/email/c.ts'],
      },
      { path: 'server/a.ts', text: '', imports: ['connectors/email/a.ts'] },
      { path: 'web/a.tsx', text: '', imports: ['server/capture/a.ts', 'server/http/dto/index.ts'] },
    ];
    expect(rules.flatMap(rule => strangers(wrong, rule))).to.have.lengthOf(4);
    expect(importsCode("import type { A } from './a.ts'; import { b } from './b.ts';")).to.deep.equal(['./b.ts']);
  });

  for (const rule of rules) it(rule.words, () => expect(strangers(modules, rule)).to.deep.equal([]));

  it('web imports types from the server, no code', () => {
    const web = modules.filter(({ path }) => path.startsWith('web/'));
    const code = web.flatMap(({ path, text }) =>
      importsCode(text)
        .filter(name => /\/server\//.test(name))
        .map(name => `${path} imports ${name}`),
    );
    expect(code).to.deep.equal([]);
  });

  it('no code imports tests', () => {
    const wrong = code().filter(
      ({ path, imports }) => !path.startsWith('bench/') && imports.some(each => each.startsWith('test/')),
    );
    expect(wrong.map(({ path }) => path)).to.deep.equal([]);
  });

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
