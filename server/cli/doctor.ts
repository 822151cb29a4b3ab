import { access, constants, statfs } from 'node:fs/promises';
import { CommandFailed, type Context, say, withCore } from './context.ts';

interface Check {
  name: string;
  /** what was found; throws with what is wrong and what to do */
  run(): Promise<string>;
}

const MB = 1024 * 1024;

const hubChecks = (context: Context): Check[] => [
  { name: 'Node', run: async () => process.versions.node },
  {
    name: 'database',
    run: () =>
      withCore(context, async ({ models }) => {
        const { version } = await models.connection.getClient().db('admin').command({ buildInfo: 1 });
        return `MongoDB ${version}, ${await models.interactions.estimatedDocumentCount()} interactions`;
      }),
  },
];

const diskChecks = ({ config }: Context): Check[] => [
  {
    name: 'data folder',
    run: async () => {
      await access(config.dataDir, constants.R_OK | constants.W_OK);
      return config.dataDir;
    },
  },
  {
    name: 'free disk',
    run: async () => {
      const { bavail, bsize } = await statfs(config.dataDir);
      const free = Math.floor((bavail * bsize) / MB);
      if (free < config.minFreeMb) throw new Error(`${free} MB; below ${config.minFreeMb} MB nothing is taken in`);
      return `${free} MB`;
    },
  },
];

/** Says of each thing that the hub needs whether it is there. Fails when one is not. */
export const doctor = async (context: Context): Promise<void> => {
  let failed = 0;
  // the database first: it makes the data folder
  for (const { name, run } of [...hubChecks(context), ...diskChecks(context)]) {
    try {
      say(`ok    ${name}: ${await run()}`);
    } catch (error) {
      failed += 1;
      say(`FAIL  ${name}: ${(error as Error).message}`);
    }
  }
  if (failed > 0) throw new CommandFailed(`${failed} of the things that the hub needs failed.`);
};
