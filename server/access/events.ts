import { EventEmitter } from 'node:events';

/**
 * `changed`: what this user (or token) may do is less than it was, or all its sessions are gone. `ended`: this one session is.
 * Sockets that hang on it must be cut.
 */
export type AccessEvents = EventEmitter<{ changed: [principalId: string]; ended: [sessionId: string] }>;

export const makeAccessEvents = (): AccessEvents => new EventEmitter();
