import type { TokenRole } from '../api/types.ts';

/** The pages of the workspace, and which roles see them. What may be done is decided by the server. */
export interface Destination {
  id: 'contacts' | 'unlinked' | 'connections' | 'quarantine' | 'imports' | 'users' | 'accessLog';
  path: string;
  icon: string;
  roles?: TokenRole[];
  low?: boolean;
}

const destinations: Destination[] = [
  { id: 'contacts', path: '/contacts', icon: 'people' },
  { id: 'unlinked', path: '/unlinked', icon: 'sort' },
  { id: 'connections', path: '/connections', icon: 'plug', roles: ['administrator'], low: true },
  { id: 'quarantine', path: '/quarantine', icon: 'box', roles: ['administrator'], low: true },
  { id: 'imports', path: '/imports', icon: 'upload', roles: ['administrator'], low: true },
  { id: 'users', path: '/users', icon: 'key', roles: ['administrator'], low: true },
  { id: 'accessLog', path: '/access-log', icon: 'eye', roles: ['privacy-officer', 'administrator'], low: true },
];

export const destinationsOf = (role: TokenRole): Destination[] =>
  destinations.filter(({ roles }) => !roles || roles.includes(role));

export const sees = (role: TokenRole, id: Destination['id']): boolean =>
  destinationsOf(role).some(destination => destination.id === id);
