import type { IncomingHttpHeaders } from 'node:http';
import type { AwsError } from '../model/aws-error.ts';
import type { Cloud } from '../model/cloud.ts';

/** A request with what every service needs to know of it. */
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

/** What goes back. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** A request understood: what it asks for, and how to do it. */
export interface Asked {
  readonly operation: string;
  /** See {@link Call}. */
  readonly resource?: string;
  /** Does it. @throws AwsError */
  readonly act: () => Answer;
}

/** How one service is spoken to. */
export interface WireProtocol {
  /** Understands a request without doing it. @throws AwsError for what is not simulated */
  readonly read: (cloud: Cloud, request: AwsRequest, requestId: string) => Asked;
  /** Puts a refusal into the service's own form. */
  readonly refuse: (error: AwsError, requestId: string, request: AwsRequest) => Answer;
}
