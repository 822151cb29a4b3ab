/** Another contact or organisation has this value already (HTTP 409). `owner`: its id; `pointer`: of the value. */
export class RegisterConflict extends Error {
  readonly pointer: string;
  readonly of: 'contact' | 'organisation';
  readonly owner: string;
  constructor(of: 'contact' | 'organisation', owner: string, pointer: string, what: string) {
    super(`${what} belongs to ${of} ${owner} already`);
    this.name = 'RegisterConflict';
    this.of = of;
    this.owner = owner;
    this.pointer = pointer;
  }
}

/** There is no such contact, organisation or import (HTTP 404). */
export class NotInRegister extends Error {
  constructor(what: string, id: string) {
    super(`There is no ${what} ${id}`);
    this.name = 'NotInRegister';
  }
}
