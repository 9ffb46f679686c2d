const declaration = /^(?:export )?(?:async )?(?:function|class|const|let|var)\*? (\w+)/;
/** What names no declaration: what is within quotation marks, and properties. */
const nameless = /'[^'\n]*'|"[^"\n]*"|(?<!\.)\.\w+/g;
const beforeDeclaration = /^(?=(?:export )?(?:async )?(?:function|class|const|let|var)\b)/m;

/**
 * A module without the declarations that are not reached from the names that are used of it, as a bundler leaves them out.
 *
 * It reads no JavaScript: a declaration goes from its first line to the next one that begins a line, and reaches whatever
 * it has the name of outside quotation marks. So it leaves out rather too little.
 *
 * @param code declares one name at a time, each at the start of a line
 */
export function withoutUnused(code: string, used: readonly string[]): string {
  const parts = code.split(beforeDeclaration);
  const named = new Map(parts.map((part) => [declaration.exec(part)?.[1] ?? '', part]));
  const reached = new Set(['']);
  const left = [...used];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    const part = named.get(name);
    if (part === undefined || reached.has(name)) continue;
    reached.add(name);
    left.push(...(part.replace(nameless, '').match(/\w+/g) ?? []));
  }
  return [...named].map(([name, part]) => (reached.has(name) ? part : '')).join('');
}
