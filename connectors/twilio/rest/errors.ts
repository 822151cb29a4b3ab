import { outgoingRefusal } from '../../common/fetch.ts';
import { ConnectorError } from '../../contract.ts';

const causeOf = (error: unknown): string => {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: { code?: unknown } };
  return String(cause?.code ?? code ?? name ?? 'unknown');
};

/** The ConnectorError for an error of a request to Twilio: 'stop' for wrong credentials, 'retry' otherwise. */
export const restError = (error: unknown): ConnectorError => {
  if (error instanceof ConnectorError) return error;
  const refusal = outgoingRefusal(error);
  if (refusal) return refusal;
  const { status } = error as { status?: number };
  if (status === 401)
    return new ConnectorError(
      'stop',
      'Twilio refuses the account SID or the auth token. Enter the ones that its console shows.',
      {
        cause: error,
      },
    );
  if (status !== undefined)
    return new ConnectorError('retry', `Twilio’s API answered with HTTP ${status}; it is tried again.`, {
      cause: error,
    });
  return new ConnectorError('retry', `Twilio’s API could not be reached (${causeOf(error)}); it is tried again.`, {
    cause: error,
  });
};

/** Whether Twilio answered 404. */
export const isMissing = (error: unknown): boolean => (error as { status?: number })?.status === 404;

/** The answer, or undefined when Twilio answered 404. */
export const unlessMissing = <T>(asked: Promise<T>): Promise<T | undefined> =>
  asked.catch(error => {
    if (isMissing(error)) return undefined;
    throw error;
  });
