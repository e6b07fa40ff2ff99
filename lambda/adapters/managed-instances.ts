import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { type Scope, scopeKey } from '../core/known/scope.ts';

/**
 * Asks for instances including those that an AWS service manages. An account may hide these from whoever does not ask for
 * them, and may change that at any time. "Amazon EC2 managed instances", EC2 User Guide.
 *
 * A region whose EC2 does not know the parameter is asked without it. Where EC2 has known it before, a rejection is an error:
 * an answer without the hidden instances would look as if they were gone.
 *
 * @param onRejected called when a region is first found not to know the parameter
 * @returns calls `request` with what to add to its input; `insist` tries the parameter where it was rejected before
 */
export function managedInstances(onRejected: (scope: Scope) => void) {
  const isKnown = new Map<string, boolean>();
  return async <T>(
    scope: Scope,
    insist: boolean,
    request: (extra: { readonly IncludeManagedResources?: true }) => Promise<T>,
  ): Promise<T> => {
    const key = scopeKey(scope);
    if (isKnown.get(key) === false && !insist) return request({});
    try {
      const answer = await request({ IncludeManagedResources: true });
      isKnown.set(key, true);
      return answer;
    } catch (error) {
      if (!isUnknownParameter(error) || isKnown.get(key) === true) throw error;
      if (!isKnown.has(key)) onRejected(scope);
      isKnown.set(key, false);
      return request({});
    }
  };
}

/** "An unknown or unrecognized parameter was supplied": "Error codes for the Amazon EC2 API", EC2 API Reference. */
function isUnknownParameter(error: unknown): boolean {
  return error instanceof EC2ServiceException && error.name === 'UnknownParameter';
}
