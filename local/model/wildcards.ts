const compiled = new Map<string, RegExp>();

/**
 * Whether `text` matches `pattern`, where `*` stands for any characters and `?` for one. A backslash makes either
 * literal. Case matters. "Filtering using the API", Amazon EC2 User Guide.
 */
export function matchesWildcards(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    const source = pattern.replace(/\\[*?\\]|[\s\S]/g, (token) => {
      if (token === '*') return '[\\s\\S]*';
      if (token === '?') return '[\\s\\S]';
      return (token.length === 2 ? token.slice(1) : token).replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    });
    expression = new RegExp(`^${source}$`);
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
