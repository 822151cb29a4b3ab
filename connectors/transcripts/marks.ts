/** Marks of writing direction: exports put them before brackets, numbers and attachments, address books around what is copied from them. */
export const MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;
