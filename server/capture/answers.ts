import { type Account, type Answer, type Captured, type Connector, ConnectorError } from '../../connectors/contract.ts';
import type { AccountDoc } from '../../models/accounts.ts';
import type { KeyDoc } from '../../models/identifiers.ts';
import type { Models } from '../../models/index.ts';
import type { InteractionDoc } from '../../models/interactions.ts';
import { durable } from '../../models/schema.ts';
import { hashKey, itemId } from '../rules/keys.ts';
import { native } from '../store/native.ts';
import { isDuplicateKey } from '../store/transaction.ts';

const SENDING = 'sending';

export interface AnswersDeps {
  models: Models;
  connectors: ReadonlyMap<string, Connector>;
  open(account: AccountDoc): Promise<Account>;
  /** resolves once the items are committed */
  accept(account: Account, items: Captured[]): Promise<unknown>;
}

/** Whether it can be answered over the connector that it came by. */
export const canAnswer = (
  connectors: ReadonlyMap<string, Connector>,
  { connector, channel, direction, participants }: InteractionDoc,
): boolean => connectors.get(connector)?.answering?.possible({ channel, direction, participants }) ?? false;

/** The same answer (by its sender's id) is being sent already, or it isn't known whether it was. */
export class AnswerUnderWay extends Error {
  constructor() {
    super(
      'This answer was sent before, and what became of it is not known yet. Look at the timeline before sending it anew.',
    );
    this.name = 'AnswerUnderWay';
  }
}

/** Another text, or one to somebody else, was given under this id before: what is said now isn't sent. */
export class AnotherAnswer extends Error {
  constructor() {
    super(
      'Another text was sent under this id, or may have been. This one was not: look at the timeline, and send it under an id of its own.',
    );
    this.name = 'AnotherAnswer';
  }
}

/**
 * Sends answers, each once by its sender's id: the id is claimed durably before anything is sent, and given back only when nothing was. Resolves with the
 * id of the interaction that the answer becomes. Throws ConnectorError when it wasn't sent, or it isn't known whether it was ('retry'); AnswerUnderWay; AnotherAnswer.
 */
export const makeAnswers = ({ models: { keys }, connectors, open, accept }: AnswersDeps) => {
  /** Claims the answer's id durably. Null: it is claimed for this call; else the claim that an earlier call with the same id made. */
  const claim = async (key: string, said: string): Promise<KeyDoc | null> => {
    const ours = { _id: key, owner: SENDING, said };
    try {
      await native(keys).insertOne(ours, { writeConcern: durable });
      return null;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return (await keys.findById(key).lean<KeyDoc>()) ?? ours;
    }
  };

  return async (
    { _id, channel, direction, participants }: InteractionDoc,
    account: AccountDoc,
    { id, ...answer }: Answer & { id: string },
  ): Promise<{ interaction: string }> => {
    const answering = connectors.get(account.connector)?.answering;
    const to = { channel, direction, participants };
    if (!answering?.possible(to)) throw new ConnectorError('reject', 'This can not be answered here.');
    const opened = await open(account);
    const key = `answer:${hashKey(account._id, answer.agent.id, id)}`;
    const said = hashKey(key, id, _id, answer.text);
    const before = await claim(key, said);
    if (before?.said && before.said !== said) throw new AnotherAnswer();
    if (before?.owner === SENDING) throw new AnswerUnderWay();
    if (before) return { interaction: before.owner };
    const items = await answering.send(opened, to, answer).catch(async error => {
      if (error instanceof ConnectorError && error.remedy !== 'retry') await keys.deleteOne({ _id: key });
      throw error;
    });
    await accept(opened, items);
    const interaction = items[0] ? itemId(account._id, items[0]) : key;
    await keys.updateOne({ _id: key }, { $set: { owner: interaction } });
    return { interaction };
  };
};
