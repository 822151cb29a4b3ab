import { z } from 'zod';

/** What a chat has beside its messages, where its provider tells it: the pages that the visitor was at, and what they thought of it. */
export const detailsSchema = z.looseObject({
  chat: z
    .looseObject({
      pages: z.array(z.object({ at: z.string().nullable(), title: z.string().nullable(), url: z.string().nullable() })),
      rating: z.string().nullable(),
      comment: z.string().nullable(),
      tags: z.array(z.string()),
      department: z.string().nullable(),
    })
    .optional(),
});
