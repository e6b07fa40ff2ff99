import { matchesWildcards } from './wildcards.ts';

/** The services that are simulated, by the prefix of their IAM actions. */
export type Service = 'ec2' | 's3' | 'sns' | 'cloudwatch' | 'cloudformation' | 'sts' | 'organizations';

/** One request to AWS. */
export interface Call {
  readonly service: Service;
  /** As the service's API Reference calls it, such as `DescribeInstances` or `PutObject`. */
  readonly operation: string;
  readonly region: string;
  /** `bucket/key`, the ARN of a topic or of a role, a metric namespace, the name of a stack; absent if the call names none. */
  readonly resource?: string;
}

/** What goes wrong with a call. */
export type FaultEffect =
  /** AWS refuses, and nothing happens. */
  | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message: string }
  /** The connection breaks before AWS got the request: nothing happens. */
  | { readonly kind: 'drop-before' }
  /** It happens, and the answer is lost. */
  | { readonly kind: 'drop-after' }
  /** It happens, and the connection breaks in the middle of the answer. */
  | { readonly kind: 'cut' }
  /** It happens. The answer is complete for HTTP, but is only half of what it should be. */
  | { readonly kind: 'half' }
  /**
   * A proxy answers 200 with its own page. By default that page is well-formed XML, so a client may take it for an empty
   * answer. `page: ''` is an empty page. Nothing happens.
   */
  | { readonly kind: 'html'; readonly page?: string }
  /** Nothing happens, and no answer ever comes. */
  | { readonly kind: 'hang' }
  /** It happens later: by real milliseconds over HTTP, by no time in the model. */
  | { readonly kind: 'delay'; readonly ms: number };

/** Which calls go wrong, and how. What is left out matches everything. */
export interface FaultRule {
  /** The name under which {@link Faults.taken} counts it. It does not affect what matches. */
  readonly name?: string;
  readonly service?: Service;
  readonly operation?: string;
  readonly region?: string;
  /** May hold the wildcards `*` and `?`. */
  readonly resource?: string;
  /** How many matching calls succeed first: for a second page, a third attempt. Default 0. */
  readonly after?: number;
  /** How many calls go wrong before the rule ends. Default: all. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

/** Errors as AWS gives them, to be used as effects. */
export const REFUSALS = {
  throttled: {
    kind: 'error',
    code: 'RequestLimitExceeded',
    status: 503,
    message: 'Request limit exceeded.',
  },
  unauthorized: {
    kind: 'error',
    code: 'UnauthorizedOperation',
    status: 403,
    message:
      'You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/monitor/monitor ' +
      'is not authorized to perform: ec2:DescribeInstances because no identity-based policy allows the ' +
      'ec2:DescribeInstances action',
  },
  deniedByOrganization: {
    kind: 'error',
    code: 'UnauthorizedOperation',
    status: 403,
    message:
      'You are not authorized to perform this operation. User: arn:aws:sts::123456789012:assumed-role/monitor/monitor ' +
      'is not authorized to perform: ec2:DescribeInstances with an explicit deny in a service control policy',
  },
  accessDenied: { kind: 'error', code: 'AccessDenied', status: 403, message: 'Access Denied' },
  internalError: { kind: 'error', code: 'InternalError', status: 500, message: 'An internal error has occurred' },
  unavailable: { kind: 'error', code: 'Unavailable', status: 503, message: 'The service is unavailable.' },
  slowDown: { kind: 'error', code: 'SlowDown', status: 503, message: 'Please reduce your request rate.' },
  conflict: {
    kind: 'error',
    code: 'ConditionalRequestConflict',
    status: 409,
    message: 'A conflicting operation occurred during the processing of your conditional request.',
  },
  kmsDenied: {
    kind: 'error',
    code: 'KMSAccessDenied',
    status: 400,
    message: 'The ciphertext refers to a customer master key that you do not have access to.',
  },
} as const satisfies Record<string, FaultEffect>;

interface ActiveRule {
  readonly rule: FaultRule;
  seen: number;
}

/** Faults on request. Of the rules that match a call, the one injected first decides. */
export class Faults {
  /** How many calls went wrong by rules that have a name. */
  readonly taken = new Map<string, number>();
  #rules: ActiveRule[] = [];

  /** Makes calls go wrong from now on. @returns a function that removes the rule */
  inject(rule: FaultRule): () => void {
    const active = { rule, seen: 0 };
    this.#rules.push(active);
    return () => {
      this.#rules = this.#rules.filter((each) => each !== active);
    };
  }

  /** Removes all rules. */
  clear(): void {
    this.#rules = [];
  }

  /** What goes wrong with this call, if anything. Ask once for each call, because rules count calls. */
  take(call: Call): FaultEffect | undefined {
    for (const active of this.#rules) {
      const { after = 0, times = Number.POSITIVE_INFINITY, effect, name } = active.rule;
      if (matches(active.rule, call) && active.seen < after + times) {
        active.seen += 1;
        if (active.seen > after) {
          if (name !== undefined) this.taken.set(name, (this.taken.get(name) ?? 0) + 1);
          return effect;
        }
      }
    }
    return undefined;
  }
}

function matches({ service, operation, region, resource }: FaultRule, call: Call): boolean {
  return (
    (service === undefined || service === call.service) &&
    (operation === undefined || operation === call.operation) &&
    (region === undefined || region === call.region) &&
    (resource === undefined || matchesWildcards(resource, call.resource ?? ''))
  );
}
