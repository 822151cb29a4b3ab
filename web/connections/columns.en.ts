/** What a call log's columns may be. */
export const columnWords = {
  title: 'Columns of the file',
  help: 'Choose a file of the kind that will come, and say what each of its columns is. It is read here only, nothing is uploaded.',
  choose: 'Choose a sample file',
  unused: 'not used',
  means: (header: string) => `What “${header}” is`,
  noRows: 'There is no line below the header in this file.',
  unreadable: 'This file can’t be read as CSV.',
  missing: 'Say at least which column has the start, and which the numbers.',
  names: {
    id: 'Id of the call',
    leg: 'Leg of the call',
    startedAt: 'Start',
    startedTime: 'Time of day, beside a date',
    from: 'From',
    to: 'To',
    direction: 'Direction',
    durationSeconds: 'Duration',
    talkSeconds: 'Talk time',
    answered: 'Answered',
    recording: 'Recording',
  } as Record<string, string>,
};
