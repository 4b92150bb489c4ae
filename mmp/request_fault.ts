/**
 * What is wrong with a request, as it may be told to whoever made it. Any other error is our own, and
 * nothing of it is told.
 *
 * @module
 */

/** A request that cannot be answered as it is. */
export class RequestFault extends Error {
  override readonly name = "RequestFault";
  /** HTTP status. */
  readonly status: number;
  /** A word for programs. */
  readonly code: string;

  /**
   * @param status HTTP status
   * @param code A word for programs
   * @param message What was found
   */
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /**
   * Something is of another type, or of another form, than it must be.
   *
   * @param message What was found
   * @returns The fault, with status 400
   */
  static invalid(message: string): RequestFault {
    return new RequestFault(400, "invalid_request", message);
  }
}
