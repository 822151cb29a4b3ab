export type * from './access.ts';
export type * from './accounts.ts';
export type * from './common.ts';
export type * from './contacts.ts';
export type * from './interactions.ts';
export type * from './operations.ts';
export type * from './register.ts';
export type * from './timeline.ts';
