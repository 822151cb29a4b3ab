import { z } from 'zod';
import { ConnectorError } from '../../../connectors/contract.ts';
import { AnotherAnswer, AnswerUnderWay, canAnswer, makeAnswers } from '../../capture/answers.ts';
import { always, ifBody, ifMissing, ifTaken, json } from '../answers.ts';
import { accepted, type Call, call } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { presentInteraction } from '../present.ts';
import { HttpProblem, unavailable } from '../problem.ts';
import { publicUrlOf } from '../public-url.ts';

const answerInput = z
  .strictObject({
    id: z.string().min(1).max(100).meta({
      description: "The sender's own: the same one again sends nothing more, and with another text it is refused (409)",
    }),
    text: z.string().trim().min(1).max(10_000),
  })
  .meta({ id: 'AnswerInput' });
const answered = z
  .object({ interaction: z.string().meta({ description: 'What the answer is on the timeline' }) })
  .meta({ id: 'Answered' });

const refused = (detail: string): HttpProblem => new HttpProblem(422, { detail, errors: [{ pointer: '', detail }] });

const problemOf = (error: unknown): unknown => {
  if (error instanceof AnswerUnderWay) return new HttpProblem(409, { detail: error.message });
  if (error instanceof AnotherAnswer)
    return new HttpProblem(409, { detail: error.message, errors: [{ pointer: '/text', detail: error.message }] });
  if (!(error instanceof ConnectorError)) return error;
  if (error.remedy === 'retry')
    return unavailable('It is not known whether it was sent. If it was, the timeline will show it.');
  return refused(error.message);
};

/** Calls to answer interactions of channels that allow it: SMS, WhatsApp. */
export const answerCalls = (deps: HttpDeps): Call[] => {
  const send = makeAnswers({
    ...deps,
    open: account => deps.open(account, { use: 'pull' }),
    accept: (account, items) => deps.intake.accept(account, { items, failed: [], reply: { status: 202 } }),
  });
  return [
    call({
      method: 'post',
      path: '/interactions/{id}/answers',
      tag: 'Interactions',
      summary: 'Sends an answer over the channel that the interaction came by',
      action: 'conversations:answer',
      body: answerInput,
      answers: { 202: json('It was sent, and is kept', answered), ...always, ...ifMissing, ...ifBody, ...ifTaken },
      handle: async ({ who, params: { id = '' }, body, req }) => {
        const doc = await presentInteraction(deps, who, 'conversations:answer', id);
        const account = await deps.accounts.find(doc.account);
        if (!account) throw refused('The account that it came by is no longer there.');
        if (!canAnswer(deps.connectors, doc)) throw refused('This can not be answered here.');
        if (account.state === 'paused') throw refused('The account that it came by is paused. It was not sent.');
        const webhookUrl = (name: string) => `${publicUrlOf(deps, req)}/webhooks/${account._id}/${name}`;
        const agent = { id: who.id, name: who.name };
        return send(doc, account, { ...body, agent, webhookUrl }).then(accepted, error => {
          throw problemOf(error);
        });
      },
    }),
  ];
};
