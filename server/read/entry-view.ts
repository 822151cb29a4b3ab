import type { TimelineDoc } from '../../models/timeline.ts';
import type { TimelineEntry } from '../http/dto/timeline.ts';

/** An entry as the API and the live page show it. `contact`: the one to show it under, when the entry's own was merged into another. */
export const entryView = (entry: TimelineDoc, contact: string | null = entry.contact): TimelineEntry => ({
  id: entry._id,
  contact,
  interaction: entry.interaction,
  event: entry.event,
  channel: entry.channel,
  direction: entry.direction,
  occurredAt: entry.occurredAt.toISOString(),
  capturedAt: entry.capturedAt.toISOString(),
  subject: entry.subject ?? null,
  preview: entry.preview,
  files: entry.files,
  status: entry.status ? { ...entry.status, at: entry.status.at.toISOString() } : null,
  messages: entry.messages ?? null,
  said: entry.said ? { at: entry.said.at.toISOString(), direction: entry.said.direction } : null,
  from: entry.from ?? null,
  reason: (entry.contact === null && entry.reason) || null,
  retention: entry.retention,
});
