import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, say } from './tools.mjs';

/** What the tests drive besides mongod. */
const parts = [
  { names: ['dovecot'], apt: 'dovecot-imapd', words: 'Dovecot 2.3' },
  { names: ['chromium', 'chromium-browser', 'google-chrome'], apt: 'chromium', words: 'Chromium' },
  { names: ['openssl'], apt: 'openssl', words: 'OpenSSL' },
];

const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/sbin'];
const isThere = ({ names }) => folders.some(folder => names.some(name => existsSync(join(folder, name))));

/** Whether this command can't be run. */
export const lacks = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status !== 0;

/** Installs packages when we are root on Debian or Ubuntu; false when we can't, or it failed. */
export const aptInstall = async packages => {
  if (process.getuid?.() !== 0 || lacks('apt-get', '--version')) return false;
  say(`installing ${packages.join(', ')} (apt-get)`);
  // single-user mode, for the packages' scripts: no mail server is to be started on this machine
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  try {
    await run('apt-get', ['update', '-qq'], env).catch(error => say(error.message));
    await run('apt-get', install, env);
    return true;
  } catch (error) {
    say(error.message);
    return false;
  }
};

/** Installs what tests need, or says what to install: tests that need it are skipped by name. */
export const installParts = async () => {
  const missing = parts.filter(part => !isThere(part));
  if (!missing.length || (await aptInstall(missing.map(({ apt }) => apt)))) return;
  say(`tests that need ${missing.map(({ words }) => words).join(', ')} will be skipped. On Debian or Ubuntu:`);
  say(`  sudo apt-get install ${missing.map(({ apt }) => apt).join(' ')}`);
};
