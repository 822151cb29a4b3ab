import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { at, digest, filesIn, read, root, run, say } from './tools.mjs';

const SOURCES = ['config', 'connectors', 'models', 'server', 'samples'];
const TOOLCHAIN = ['package-lock.json', 'tsconfig.json', 'tsconfig.build.json'].map(name => at(name));
const notBuilt = name => name === 'fixtures' || name === 'node_modules' || name.endsWith('.test.ts');

const tool = (name, ...path) => ({ name, path: at('node_modules', name, ...path) });
const tsc = tool('typescript', 'bin', 'tsc');
const vite = tool('vite', 'bin', 'vite.js');

/** Puts what was built in `from` into dist/ in place of what was there. A build that fails or is killed changes nothing there. */
const replace = async (from, names) => {
  const old = at('.cache', 'build-old');
  await rm(old, { recursive: true, force: true });
  await mkdir(old, { recursive: true });
  await mkdir(at('dist'), { recursive: true });
  for (const name of names) {
    if (existsSync(at('dist', name))) await rename(at('dist', name), join(old, name));
    await rename(join(from, name), at('dist', name));
  }
  await rm(old, { recursive: true, force: true });
};

/** Builds `what` unless its stamp says that these very inputs were built. */
const unlessBuilt = async (what, inputs, work) => {
  const stamp = at('dist', `.${what}-inputs`);
  const wanted = await digest(inputs);
  if ((await read(stamp)) === wanted) return;
  say(`building the ${what}`);
  const out = at('.cache', `build-${what}`);
  await rm(out, { recursive: true, force: true });
  await work(out, async names => {
    await rm(stamp, { force: true });
    await replace(out, names);
  });
  await rm(out, { recursive: true, force: true });
  await writeFile(stamp, wanted);
};

const copyAssets = async (sources, out) => {
  for (const path of sources.filter(each => !/\.tsx?$/.test(each))) {
    const to = join(out, relative(root, path));
    await mkdir(dirname(to), { recursive: true });
    await copyFile(path, to);
  }
};

const buildServer = async () => {
  const sources = (await Promise.all(SOURCES.map(name => filesIn(at(name), notBuilt)))).flat();
  await unlessBuilt('server', [...TOOLCHAIN, ...sources], async (out, publish) => {
    await run(process.execPath, [tsc.path, '-p', at('tsconfig.build.json'), '--outDir', out]);
    await copyAssets(sources, out);
    await publish(await readdir(out));
  });
};

const buildWeb = async () => {
  if (!existsSync(at('web', 'vite.config.ts'))) return;
  const inputs = [...TOOLCHAIN, ...(await filesIn(at('web'), name => name === 'node_modules'))];
  await unlessBuilt('web', inputs, async (out, publish) => {
    const args = ['build', at('web'), '--outDir', join(out, 'web'), '--emptyOutDir', '--logLevel', 'warn'];
    await run(process.execPath, [vite.path, ...args]);
    await publish(['web']);
  });
};

/** Compiles the server to dist/ and the pages to dist/web, when their sources changed. */
export const build = async () => {
  await buildServer();
  await buildWeb();
};
