import type { Identifier } from '../../connectors/contract.ts';
import { type Identified, normaliseIdentifier } from '../rules/identity.ts';

/** A participant's identifier as contacts are found by it; null for a bare display name, which recognises nobody. */
export const identify = (identifier: Identifier, country: string): Identified | null =>
  identifier.type === 'name' ? null : normaliseIdentifier(identifier, { country });
