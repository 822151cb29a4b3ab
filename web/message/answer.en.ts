/** Texts for answering by SMS or WhatsApp. */
export const answerWords = {
  open: { sms: 'Answer by SMS', whatsapp: 'Answer by WhatsApp' } as Record<string, string>,
  label: 'Your answer',
  send: 'Send',
  sendAnother: 'Send as another message',
  sending: 'Sending …',
  sent: 'Sent. It is on the timeline, with how far it got.',
  notSent: 'Not sent.',
  left: 'The page was left before it was known to be sent.',
  once: 'It may have been sent. Send it again as it is: it goes out once.',
  may: (text: string) => `This may have gone out already: “${text}” The timeline shows it if it has.`,
};
