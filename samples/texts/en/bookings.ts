import type { Topic } from '../../types.ts';

/** Bookings, doors, calendars, access, in English. {slots} are filled from the matter's facts. */
export const bookings: readonly Topic[] = [
  {
    id: 'move',
    by: 'contact',
    subjects: ['Moving booking {booking}', 'Change of time on {date}, {room}', 'Can we shift the {time} session?'],
    ask: [
      [
        'We have booking {booking} in {room} {onDay} {date}, {time}–{time2}. It needs to start at {time3} instead.',
        '{group} have asked to move their session on {date} to {time3}–{time4} the same day. The room should stay {room}.',
        'When I try to drag booking {booking} to {date2} I get "This slot is locked" and nothing is saved.',
      ],
      [
        'The calendar shows the slot as free, yet the Save button stays grey. Am I missing a permission?',
        'It is only for this one date; the rest of the series should be left alone.',
        'There will be {n} people, so a smaller room is not an option, I am afraid.',
      ],
    ],
    answer: [
      [
        "I've moved booking {booking} to start at {time3}. The confirmation has gone to the person who booked.",
        'The slot was locked because it belongs to a termly series. I have detached this one date and moved it.',
      ],
      [
        'Next time you can do it yourself: open the booking, choose "Detach from series" and drag it to the new time.',
        'The other dates are untouched and the price stays the same.',
      ],
    ],
    more: [
      'The booking looks right now, but the door display still says {time}. Does it refresh on its own?',
      'They tell me no confirmation has arrived. Could you send it again?',
    ],
    done: [
      'The display fetches its data every five minutes and now shows {time3}.',
      'There was a typo in their address. I have corrected it and sent the confirmation again.',
    ],
    askFile: 'png',
  },
  {
    id: 'door',
    by: 'contact',
    subjects: ['Door code not working: {room}', 'Locked out of {room}', 'URGENT: group waiting outside'],
    ask: [
      [
        'Code {code}, sent for booking {booking}, does not open the door to {room}. The session began at {time}.',
        '{group} are standing outside right now. The reader flashes red three times when they enter {code}.',
        'Yesterday at {time} nobody could get into {room}, although every booking was in order. Security let them in.',
      ],
      [
        "The same thing happened {onDay} last week, so I doubt it's a mistyped code.",
        'Can you see whether the code ever reached the lock? All I can see in the log is "queued".',
        'The batteries in the lock are new.',
      ],
    ],
    answer: [
      [
        'The lock has been offline since {time}, so new codes were left in the queue. It is back now and {code} works.',
        'The code was valid only from ten minutes before the session. I have changed that to 30 minutes for {room}.',
      ],
      [
        'The cause was the network on site: device {site} changed its address overnight. We recommend a fixed one.',
        "I've added an alert: you get a text message when the lock is away for more than five minutes.",
      ],
    ],
    more: [
      'Thanks for the quick help! The door opens, but the back door stays unlocked afterwards. Should it not lock itself?',
      'That works, but another group was given the same code. Are codes not unique to a booking?',
    ],
    done: [
      'The back door was set to stay open until 22:00. It now locks five minutes after the session ends.',
      'When bookings touch each other they share a code. I have turned on unique codes for the whole site.',
    ],
  },
  {
    id: 'calendar',
    by: 'contact',
    subjects: ['Calendar export not updating', 'iCal link for {room}', 'Bookings missing in Outlook'],
    ask: [
      [
        'We subscribe to the calendar of {room} in Outlook, but booking {booking} ({date}, {time}) is not there.',
        'The export leaves out every booking that runs past midnight.',
        'Since the clocks changed the times are an hour out: {time} shows as {time3}.',
      ],
      [
        'In the browser the link opens and the file holds {n} events.',
        'The same link works for a colleague, so it may be my own settings.',
        'I attach the file that the link returns.',
      ],
    ],
    answer: [
      [
        'Outlook fetches subscribed calendars about every three hours. Booking {booking} is in the export.',
        'The export had the wrong time zone; that is fixed in version {version}. Remove the calendar and subscribe again with the same link.',
      ],
      [
        'If you need it at once, use two-way sync: Settings > Calendars > Connect.',
        'There is a guide at {url}, under "Subscribing to a calendar".',
      ],
    ],
    more: [
      'The times are right now. Can the name of the booker be left out of the title?',
      'Good, but cancelled sessions remain, struck through.',
    ],
    done: [
      'Yes: I have switched the link to "busy only", which shows no names.',
      'They are gone now. The setting "Export cancelled too" was on.',
    ],
    askFile: 'ics',
  },
  {
    id: 'api',
    by: 'contact',
    subjects: ['API returns {error}', '{error} since version {version}', 'Creating bookings through the API fails'],
    ask: [
      [
        'Creating a booking through the API returns {error}, although the same request worked on {date}.',
        'When we fetch the bookings of {room} for more than {n} days, the response is cut off.',
        'Since release {version} timestamps without a time zone are refused.',
      ],
      [
        'The body is { "room": "{room}", "start": "{iso}", "reference": "{booking}" } and the key is valid until the end of the year.',
        'It works in the test environment but not in production. Are they on different versions?',
        'We send about {n} requests a minute, so we should be well below the limit.',
      ],
    ],
    answer: [
      [
        'The cause is the field "start": version {version} requires a time zone, such as {iso}. It is in the release notes.',
        'Your key had no write access to {room}. I have granted it, and a trial request went through.',
      ],
      [
        'We suggest paging: pass "limit=200" and follow the "next" link.',
        "I'm sorry the error did not say why. The next version will.",
      ],
    ],
    more: [
      'It works now. Is a webhook sent for cancellations as well?',
      'We still see {error} about once an hour. An excerpt of the log is attached.',
    ],
    done: [
      'It is: the event is called "booking.cancelled" and is signed like the others.',
      'They came from one server, which has been replaced. We are watching it for a week.',
    ],
    askFile: 'csv',
  },
  {
    id: 'cancel',
    by: 'contact',
    subjects: ['Cancelling {booking}', 'Cancellation: {room}, {date}', 'Cancellation fee charged in error?'],
    ask: [
      [
        'Please cancel {booking} in {room} on {date}, {time}–{time2}. Too few people signed up.',
        '{group} were charged a fee of €{amount}, although they cancelled {n} days ahead.',
        'The tournament is postponed, so everything on the weekend of {date} has to be cancelled at once.',
      ],
      [
        "We can't find where the cancellation rule of a single room is set.",
        'I take it the money goes back to the card that was used?',
      ],
    ],
    answer: [
      [
        'Booking {booking} is cancelled and the slot is free again. The money is back on the card in 3–5 working days.',
        'The rule was 14 days for the whole site. I have refunded €{amount} and changed it to seven.',
      ],
      [
        'Several bookings can be cancelled from the list: tick the rows and choose "Actions > Cancel".',
        'The rules are under Rooms > {room} > Pricing.',
      ],
    ],
    more: [
      'Thanks! Was anyone on the waiting list for that slot?',
      'The refund has not shown up yet. When was it sent?',
    ],
    done: [
      'Two were, and the first of them has confirmed.',
      'It went out on {date} with reference {invoice}. The bank may take another day or two.',
    ],
  },
  {
    id: 'access',
    by: 'contact',
    subjects: ['New user account', 'Password reset never arrives', 'Permissions: {group}'],
    ask: [
      [
        'We need an account for a colleague who starts on {date}. The same rights as mine, but no billing.',
        'The password reset mail never arrives, though the address is right. It is not in spam either.',
        'The contact person of {group} changes on {date}. The old account should be closed the same day.',
      ],
      ['Can people sign in with our own single sign-on?', 'Two-step verification may be mandatory for everyone.'],
    ],
    answer: [
      [
        'The account is there and the activation link went to the user. It is valid for three days.',
        'The mail was held by your filter. Please add our address to the allowed senders.',
      ],
      [
        'Single sign-on is part of your plan; I will send instructions separately.',
        'The old account closes by itself on {date} at 23:59.',
      ],
    ],
    more: [
      'Activation went fine, but the user cannot see {room}.',
      'IT have added the address. Could you send the mail once more?',
    ],
    done: [
      '{room} belonged to another site group. It is covered now.',
      'Sent again; your server accepted it at {time}.',
    ],
  },
  {
    id: 'season',
    by: 'contact',
    subjects: ['Allocating termly slots', 'Applications: {group}', 'Regular bookings in {room}'],
    ask: [
      [
        'Applications have closed and there are {n}. The draft gives {group} two overlapping slots.',
        'How do I end a regular booking on {date} and leave out bank holidays?',
      ],
      [
        'The allocation should be published by {date}.',
        '{room} is being refurbished in October and should be left out.',
      ],
    ],
    answer: [
      [
        'The application had been submitted twice. I merged the two and ran the allocation again.',
        'Bank holidays go under "Exceptions": choose the calendar of your country.',
      ],
      [
        '{room} is marked as closed {date} to {date2}, so the allocation skips it.',
        'The draft can still be edited by hand before you publish.',
      ],
    ],
    more: [
      'Published. Did all {n} applicants get their decision?',
      'One club was left without, despite having most points.',
    ],
    done: [
      'All but two, whose addresses bounced. They are in the report.',
      'Their application named no room. With {room} as their wish a slot was found.',
    ],
    askFile: 'csv',
  },
];
