import { may } from '../../access/may.ts';
import { contactOfEvent, eventView, findEvent } from '../../read/events.ts';
import { always, ifMissing, json } from '../answers.ts';
import { type Call, call, ok } from '../call.ts';
import type { HttpDeps } from '../deps.ts';
import { disclose } from '../disclose.ts';
import { registerEvent } from '../dto/register.ts';
import { notFound } from '../problem.ts';

/** Calls for register events. */
export const eventCalls = (deps: HttpDeps): Call[] => [
  call({
    method: 'get',
    path: '/register-events/{id}',
    tag: 'Register events',
    summary: 'One register event with all its data',
    action: 'interactions:read',
    answers: { 200: json('The event', registerEvent), ...always, ...ifMissing },
    handle: async ({ who, params: { id = '' } }) => {
      const event = await findEvent(deps.models, id);
      if (!event || !may(who, 'interactions:read', { accounts: [event.account] })) throw notFound();
      const contact = await contactOfEvent(deps.models, id);
      const read = { action: 'register-events:read', contact, interaction: id };
      return ok(await disclose(deps.access.log, who, read, async () => eventView(event, contact)));
    },
  }),
];
