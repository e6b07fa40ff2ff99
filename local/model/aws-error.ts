/** An answer of AWS that refuses: what an SDK shows as an exception. Codes by the service's own "Common errors" page. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  /** The service's error code, such as `RequestLimitExceeded`. */
  readonly code: string;
  /** HTTP status that carries it. */
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** The caller got no usable answer: the connection broke, or what came back was not from AWS. Its effect may have happened. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}
