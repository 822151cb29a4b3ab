import type { Topic } from '../../types.ts';

/** Invoices, reports, payments, complaints, what the desk sends out, in English. {slots} are filled from the matter's facts. */
export const service: readonly Topic[] = [
  {
    id: 'invoice',
    by: 'contact',
    subjects: ['Invoice {invoice}', 'Query on invoice {invoice}', "Invoice {invoice}: the total doesn't match"],
    ask: [
      [
        'We have received invoice {invoice} for €{amount}. It includes sessions that were cancelled in good time before {date}.',
        'Invoice {invoice} lacks our purchase order number, and we cannot process it without one.',
        'The total of €{amount} on invoice {invoice} is higher than the monthly fee we agreed. What is the difference?',
      ],
      [
        'Please send a credit note and a corrected invoice.',
        'It is due on {date}, so an answer before then would be appreciated.',
        'Our own calculation is attached; it shows the difference line by line.',
      ],
    ],
    answer: [
      [
        'Thank you for pointing this out. {n} cancelled sessions were included, because they were recorded after the billing run.',
        'The difference comes from users added in mid-month, who are charged by the day.',
      ],
      [
        'The credit note goes out today, and the corrected invoice is attached.',
        'Your order number is in your account now and will be on every invoice.',
      ],
    ],
    more: [
      'Credit note received, thank you. Could we have one invoice per site in future?',
      'Accounts would also like to know the period. The invoice only says the month.',
    ],
    done: [
      'Certainly: from next month each site gets its own invoice.',
      'The period is {date} to {date2}. I have added it to the template, so it will be there from now on.',
    ],
    askFile: 'xlsx',
    answerFile: 'pdf',
  },
  {
    id: 'training',
    by: 'contact',
    subjects: ['Training for new staff', 'Training on {date}?', 'Quotation: training for {n}'],
    ask: [
      [
        'After the summer {n} new colleagues join us, who will need training in handling bookings.',
        'We would like a refresher on reports. Would {date} at {time} in {room} suit you?',
      ],
      [
        'Remote is fine, as long as we may record it for those who are away.',
        'Please tell us the price, and what they should prepare.',
      ],
    ],
    answer: [
      [
        '{date} at {time} suits us well. The session takes two hours and costs €{amount} (excluding VAT).',
        'May I suggest two shorter sessions, {date} and {date2}, each {time}–{time2}? There is room for {n}.',
      ],
      [
        'The invitation is attached. You may show the recording internally for a year.',
        'I will send the material in advance; nothing needs preparing.',
      ],
    ],
    more: [
      'That suits us. A list of participants follows next week.',
      'Could we start half an hour later, at {time3}?',
    ],
    done: [
      '{time3} it is. An updated invitation is on its way.',
      'Thank you; the day before is early enough. See you {onDay}!',
    ],
    answerFile: 'ics',
  },
  {
    id: 'complaint',
    by: 'contact',
    subjects: ['Complaint: double booking of {room}', 'Same room sold twice', 'Complaint about the outage on {date}'],
    ask: [
      [
        'On {date} at {time} two groups turned up in {room}. Both had a confirmation, one of them number {booking}.',
        'The service was down for most of the morning of {date}, and nobody told us anything.',
      ],
      [
        'It was thoroughly embarrassing in front of {n} guests. We expect an explanation and a refund.',
        'This is the second time this year. How will you keep it from happening again?',
      ],
    ],
    answer: [
      [
        'I am very sorry. The double booking came about when a combined room was opened for editing in two views at once.',
        'I apologise for the outage. Database maintenance overran, {time}–{time2}, and the notice was not sent owing to our own mistake.',
      ],
      [
        'The check is fixed in version {version}, and we credit €{amount} on your monthly fee.',
        'A written account is attached. I am happy to ring and go through it with you.',
      ],
    ],
    more: [
      'Thank you for the account. May we share it with {group}?',
      'The credit is fair. I hope we need not come back to this.',
    ],
    done: [
      'You may. It holds nothing about other customers.',
      'Thank you for your patience. We will report back in a month.',
    ],
    answerFile: 'pdf',
  },
  {
    id: 'feedback',
    by: 'contact',
    subjects: ['Feedback on the new view', 'A bouquet and a brickbat', 'Suggestion: {room}'],
    ask: [
      [
        'The new week view is lovely: even those who dislike computers find their slot unaided.',
        'The search in version {version} saves us half an hour a day. Thank you!',
      ],
      [
        'One wish: could the colour show whether a session is paid? At present each has to be opened.',
        'The printed week list is cut off on the right when there are more than {n} rooms.',
        'On a phone the arrow for the next day is hard to hit.',
      ],
    ],
    answer: [
      [
        'Thank you, I have passed this on to the developers, bouquet included.',
        'How good to hear! Notes like yours are read aloud over coffee on Fridays.',
      ],
      [
        'A colour for paid sessions is in the works and comes with version {version}.',
        'I could reproduce the cut-off print. It will be mended in the next update.',
      ],
    ],
    more: ['Splendid. May we try it beforehand?', 'Sounds good, we look forward to it.'],
    done: [
      'Of course. You are in the preview group now and will see it from {date}.',
      'I will write as soon as it is live.',
    ],
  },
  {
    id: 'report',
    by: 'contact',
    subjects: ['Occupancy report, {month}', "Report figures don't add up", 'Statistics for the committee'],
    ask: [
      [
        'The committee meets on {date} and needs occupancy by site. The report says {n} per cent for {room}, which cannot be right.',
        'Could the report have a column for age group? The grants for {month} depend on it.',
      ],
      ['Our own figures for the same period are attached.', 'A plain table will do; we format it ourselves.'],
    ],
    answer: [
      [
        'The report counted closed days. I have corrected the opening hours, and the new figure is in the table.',
        'Age group is among the columns now. It is filled from bookings that name their group.',
      ],
      [
        'The report can be scheduled: it goes out on the first of each month.',
        'To compare years, choose "Reference period".',
      ],
    ],
    more: [
      'Now it adds up! Can the scheduled report go to two people?',
      'The decimal separator is a comma, so our spreadsheet takes the figures for text.',
    ],
    done: [
      'It can: separate the addresses with a comma.',
      'I have changed the locale of your organisation, so it will be a point from now on.',
    ],
    askFile: 'xlsx',
    answerFile: 'xlsx',
  },
  {
    id: 'payment',
    by: 'contact',
    subjects: ['Online payment fails', 'Charged twice for {booking}', 'Card terminal and booking {booking}'],
    ask: [
      [
        'A customer was charged €{amount} twice for booking {booking}, at {time} and at {time2}.',
        'The payment page returns {error} right after choosing the bank. We tried three browsers.',
      ],
      ['The customer expects the refund this week.', 'A screenshot is attached, with the account number covered.'],
    ],
    answer: [
      [
        'The second charge was a reservation, which lapses by itself. The payment provider confirms that only €{amount} was taken.',
        'The payment provider had a fault, {time}–{time2}. Payments work again.',
      ],
      [
        'I have left a note on booking {booking}, so that the desk sees it.',
        'You can subscribe to service notices at {url}.',
      ],
    ],
    more: ['The customer still sees the reservation. How long does it take?', 'The payment went through now, thanks.'],
    done: [
      'Seven days at most, depending on the bank. I can give the customer a certificate.',
      'Good! I will close this, but you can always reply.',
    ],
    askFile: 'png',
  },
  {
    id: 'maintenance',
    by: 'agent',
    subjects: ['Maintenance on {date} at {time}', 'Version {version} goes live on {date}'],
    ask: [
      [
        'We are updating to version {version} {onDay} {date}, {time}–{time2}. No bookings can be made meanwhile; door codes work as usual.',
        'There is maintenance on {date}, {time}–{time2}. Displays may show old data for up to an hour afterwards.',
      ],
      ['The release notes are at {url}.', 'If the time is awkward for you, please reply.'],
    ],
    answer: [['Thank you, I will pass it on.'], ['The time suits us.']],
    more: [
      'We have a tournament in {room} then. Could it wait until the evening?',
      'Thanks! Does it affect the ventilation control?',
    ],
    done: [
      'We now start at 22:00, so that the tournament can finish.',
      'It does not: the control follows the weekly schedule stored in the device.',
    ],
  },
  {
    id: 'contract',
    by: 'agent',
    subjects: ['Renewal of your contract', 'Offer: {site}'],
    ask: [
      [
        'Your current term ends on {date}. A proposal is attached; the price is €{amount} a month.',
        'As agreed on the phone, here is our offer for {site}.',
      ],
      ['The offer is valid until {date2}.', 'If it suits you, a reply to this mail is enough.'],
    ],
    answer: [['Thank you, we will take it to the board.'], ['I will come back to you by {date}.']],
    more: ['We accept. Please add our reference {booking}.', 'The price has gone up since last term. Why?'],
    done: [
      'Added. A version to sign follows separately.',
      'It follows the index, and text messages are now included. The breakdown is at {url}.',
    ],
    askFile: 'pdf',
  },
];
