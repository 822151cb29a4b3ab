export interface FieldError {
  /** JSON pointer (RFC 6901) into what was handed in */
  pointer: string;
  detail: string;
}

/** What was handed in can't be: each faulty field and why (422). */
export class FieldErrors extends Error {
  readonly errors: readonly FieldError[];
  constructor(errors: readonly FieldError[]) {
    super(errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '));
    this.name = 'FieldErrors';
    this.errors = errors;
  }
}
