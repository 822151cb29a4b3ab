import { writeFile } from 'node:fs/promises';
import { at, digest, read, run, say } from './tools.mjs';

const stamp = at('node_modules', '.talteen-lock');

const packagesOf = text => Object.entries(JSON.parse(text ?? '{}').packages ?? {}).filter(([path]) => path !== '');

/** Whether npm's own record of what it installed is what the lock asks for; packages for other platforms are left out there. */
const isInstalled = async () => {
  const hidden = new Map(packagesOf(await read(at('node_modules', '.package-lock.json'))));
  const wanted = packagesOf(await read(at('package-lock.json')));
  const missing = wanted.filter(([path, { version, optional, devOptional, peer }]) => {
    const there = hidden.get(path);
    return there ? there.version !== version : !(optional || devOptional || peer);
  });
  const paths = new Set(wanted.map(([path]) => path));
  return hidden.size > 0 && missing.length === 0 && [...hidden.keys()].every(path => paths.has(path));
};

/** Runs `npm ci` when node_modules is missing or is not what package-lock.json asks for. */
export const installPackages = async () => {
  const wanted = await digest([at('package-lock.json')]);
  if ((await read(stamp)) === wanted) return;
  if (!(await isInstalled())) {
    say('installing packages (npm ci), about half a minute');
    const args = ['ci', '--include=dev', '--no-progress', '--loglevel=error'];
    const npm = process.env.npm_execpath;
    await (npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args));
  }
  await writeFile(stamp, wanted);
};
