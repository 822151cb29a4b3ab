/** Where in Twilio's console each address belongs; all are called by HTTP POST. */
export const webhookHelp = {
  messages: 'Phone Numbers → your number → Messaging → “A message comes in”; for WhatsApp: Senders → Webhook URL.',
  'message-status': 'Messaging → Services → your service → Integration → “Delivery status callback URL”.',
  calls: 'Phone Numbers → your number → Voice → “A call comes in”.',
  'call-status': 'Phone Numbers → your number → Voice → “Call status changes”.',
  recordings: 'In your TwiML: recordingStatusCallback of Record, Dial or Conference.',
  transcriptions: 'In your TwiML: transcribeCallback of Record.',
} as const;
