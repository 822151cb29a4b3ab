import { setFlagsFromString } from 'node:v8';
import { Command, CommanderError, Option } from 'commander';
import { ConfigError, loadConfig } from '../config/index.ts';
import { everybody } from './access/may.ts';
import { FOR_FILES } from './accounts/for-files.ts';
import { WrongUse } from './cli/context.ts';
import { makeLog } from './logging.ts';

// V8 lets a small heap grow to four times what is alive before it collects: a stream of documents leaves a hundred MB of what is long done with.
setFlagsFromString('--heap-growing-percent=100');

/** What still waits, for a MongoDB that answers nothing, say, keeps no command from ending that is done. */
const LINGER_MS = 1000;

const DONE = 0;
const FAILED = 1;
const WRONG_USE = 2;

const context = () => {
  const config = loadConfig();
  const log = makeLog(config.logLevel);
  const { unknown } = config;
  if (unknown.length > 0) log.warn({ settings: unknown }, 'settings that mean nothing to this program');
  return { config, log, startedByNpx: process.env.npm_command === 'exec' };
};

// Each command loads what it needs when it is called: help and mongod needn't wait for the rest.
const program = new Command('talteen')
  .description('Captures every support interaction, once, and shows one live timeline per contact.')
  .exitOverride()
  .showHelpAfterError();

program
  .command('start', { isDefault: true })
  .description('start the hub')
  .action(async () => (await import('./cli/start.ts')).start(context()));

program
  .command('demo')
  .description('start a hub with a support desk of sample mail in it, in a data folder of its own')
  .action(async () =>
    (await import('./cli/demo.ts')).demo({ ...context(), given: name => !!process.env[name]?.trim() }),
  );

program
  .command('import')
  .description("capture files of the account's kind: mail (.eml, mbox, Maildir), call logs, chat exports")
  .argument('<path...>', 'files or folders')
  .addOption(new Option('--account <name>', 'the account they belong to').default(FOR_FILES))
  .action(async (paths: string[], { account }: { account: string }) =>
    (await import('./cli/import.ts')).importFiles(context(), paths, account),
  );

program
  .command('contacts')
  .description('the register of contacts')
  .command('import')
  .description('create and change contacts from a CSV file')
  .argument('<file>', 'CSV with a header line')
  .action(async (file: string) => (await import('./cli/contacts-import.ts')).contactsImport(context(), file));

program
  .command('token')
  .description('tokens of the API')
  .command('create')
  .description('make a token and print it, once')
  .argument('<name>', 'what it is for')
  .addOption(new Option('--role <role>', 'what it may do').choices(everybody).makeOptionMandatory())
  .option('--account <name>', 'the one account that it sees; a source, which needs it, posts to it')
  .action(async (name: string, options: { role: string; account?: string }) =>
    (await import('./cli/token.ts')).createToken(context(), name, options),
  );

program
  .command('user')
  .description('people who may sign in')
  .command('reset')
  .description('give a user a new password and print it, once; all its sessions end')
  .argument('<email>', "the user's address")
  .action(async (email: string) => (await import('./cli/user.ts')).resetUser(context(), email));

program
  .command('doctor')
  .description('check what the hub needs, and say what is missing')
  .action(async () => (await import('./cli/doctor.ts')).doctor(context()));

/** Without a word the hub is started, so a word that is no command would be taken for one too many for `start`. */
const refuseUnknown = (word: string | undefined): void => {
  const isOption = word === undefined || word.startsWith('-');
  if (isOption || word === 'help' || program.commands.some(command => command.name() === word)) return;
  program.error(`error: unknown command '${word}'`, { exitCode: WRONG_USE });
};

/** Help that was asked for is no wrong use. */
const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USE;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof ConfigError || error instanceof WrongUse ? WRONG_USE : FAILED;
};

try {
  refuseUnknown(process.argv[2]);
  await program.parseAsync(process.argv);
  process.exitCode ??= DONE;
  setTimeout(() => process.exit(), LINGER_MS).unref();
} catch (error) {
  // whatever was open when it failed is of no use to anybody
  process.exit(exitCodeOf(error));
}
