export { type ChannelHistory, channelHistory, type SampleFile } from './channels/history.ts';
export { CHAT_AGENTS, DESK_NUMBER } from './channels/person.ts';
export { liveScenes, type Scene } from './channels/scenes.ts';
export { generateContacts, type OrganisationRecord } from './contacts.ts';
export { OWN_DOMAIN, SUPPORT_ADDRESS } from './data/organisations.ts';
export { generateMails, type MailOptions } from './generate.ts';
export { liveMails } from './live.ts';
export { mboxEntry } from './mbox.ts';
export type { SampleMail } from './types.ts';
