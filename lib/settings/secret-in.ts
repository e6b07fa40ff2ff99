/** Names of parameters in a query that carry secrets: `apiKey`, `access_token`, `sig`. */
const SECRET_NAME = /(key|token|secret|password|pwd|auth|sig|signature|code)$/i;

/**
 * The part of an https address that looks like a secret: who may read a template should not read it. A guess, by what webhooks of
 * well-known products look like. `undefined`: no part does, or it is no https address.
 */
export function secretIn(endpoint: string): 'user name' | 'path' | 'query' | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const { protocol, username, password, pathname, searchParams } = new URL(endpoint);
  if (protocol !== 'https:') return undefined;
  if (username !== '' || password !== '') return 'user name';
  if (looksRandom(pathname)) return 'path';
  const secret = [...searchParams].some(
    ([name, value]) => value !== '' && (SECRET_NAME.test(name) || looksRandom(value)),
  );
  return secret ? 'query' : undefined;
}

/** A UUID, or letters and digits mixed over 16 characters or more. */
function looksRandom(text: string): boolean {
  if (/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/i.test(text)) return true;
  return (text.match(/[A-Za-z\d]{16,}/g) ?? []).some((run) => /\d/.test(run) && /[A-Za-z]/.test(run));
}
