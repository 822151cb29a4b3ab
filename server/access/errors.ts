/** A name that must be unique is taken, or the change would lock everybody out. */
export class AccessConflict extends Error {
  readonly pointer: string;
  constructor(pointer: string, message: string) {
    super(message);
    this.name = 'AccessConflict';
    this.pointer = pointer;
  }
}
