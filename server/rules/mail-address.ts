/**
 * An address without its plus tag ('paivi+hallit@x.example' → 'paivi@x.example'; subaddress, RFC 5233). A local part that begins with '+' has no tag; a quoted
 * one stays as it is.
 */
export const withoutTag = (address: string): string => address.replace(/^([^+"]+)\+[^@]*(?=@[^@]*$)/, '$1');
