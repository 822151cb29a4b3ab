/**
 * The address of the mailbox that a plus-tagged address belongs to ('paivi+hallit@x.example' → 'paivi@x.example'; RFC 5233, subaddress).
 * A local part that begins with '+' has no tag, it is all there is; a quoted one is left as it is.
 */
export const withoutTag = (address: string): string => address.replace(/^([^+"]+)\+[^@]*(?=@[^@]*$)/, '$1');
