/** Words of answering by SMS or WhatsApp. */
export const answerWords = {
  open: { sms: 'Answer by SMS', whatsapp: 'Answer by WhatsApp' } as Record<string, string>,
  label: 'Your answer',
  send: 'Send',
  sending: 'Sending …',
  sent: 'Sent. It is on the timeline, with how far it got.',
  notSent: 'Not sent.',
  unknown: 'The page was left before it was known to be sent. Send it again: it goes out once.',
};
