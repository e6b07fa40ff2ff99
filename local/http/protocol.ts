import type { IncomingHttpHeaders } from 'node:http';
import type { Accounts, Caller } from '../model/accounts.ts';
import type { AwsError } from '../model/aws-error.ts';
import type { Cloud } from '../model/cloud.ts';

/** A request, with everything that services need of it. */
export interface AwsRequest {
  readonly method: string;
  /** As sent, with its percent signs. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** From the credential scope of the signature. */
  readonly region: string;
}

/** Who asks, and which accounts there are. */
export interface Asker {
  readonly caller: Caller;
  readonly accounts: Accounts;
}

/** The answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A parsed request: what it asks for, and how to do it. */
export interface Asked {
  readonly operation: string;
  /** See {@link Call}. */
  readonly resource?: string;
  /** Does it. @throws AwsError */
  readonly act: () => Answer;
}

/** The protocol of one service. */
export interface WireProtocol {
  /**
   * Parses a request without executing it.
   *
   * @param cloud the account of the caller
   * @throws AwsError for what is not simulated
   */
  readonly read: (cloud: Cloud, request: AwsRequest, requestId: string, asker: Asker) => Asked;
  /** Writes an error in the form of this service. */
  readonly refuse: (error: AwsError, requestId: string, request: AwsRequest) => Answer;
}
