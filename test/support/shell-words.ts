/**
 * Takes a line of shell apart into its simple commands, those within $(...) included, each as its words. Quotes are
 * removed; variables stay as they are written. It knows what documents use: quotes, |, &&, ;, &, redirections, comments.
 */
export function simpleCommands(line: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at]!;
    if (sign === "'" || sign === '"') {
      const end = closingQuote(line, at);
      const quoted = line.slice(at + 1, end);
      if (sign === '"') commands.push(...substitutions(quoted));
      word = (word ?? '') + (sign === '"' ? quoted.replace(/\\(["$`\\])/g, '$1') : quoted);
      at = end;
    } else if (sign === '$' && line[at + 1] === '(') {
      const end = closingParenthesis(line, at + 1);
      commands.push(...simpleCommands(line.slice(at + 2, end)));
      word = (word ?? '') + line.slice(at, end + 1);
      at = end;
    } else if (/\s/.test(sign)) endWord();
    else if (sign === '#' && word === undefined) break;
    else if (/[|;&]/.test(sign)) endCommand();
    else if (/[<>]/.test(sign)) {
      // Of a redirection, neither the number before it nor the file behind it is an argument.
      if (word !== undefined && /^\d$/.test(word)) word = undefined;
      endWord();
      const target = /^[<>&]*\s*[^\s|;&]+/.exec(line.slice(at));
      at += (target?.[0].length ?? 1) - 1;
    } else {
      word = (word ?? '') + (sign === '\\' ? (line[(at += 1)] ?? '') : sign);
    }
  }
  endCommand();
  // Assignments before a command, or alone, are no command.
  return commands.map((list) => list.slice(list.findIndex((each) => !/^\w+=/.test(each)))).filter(hasProgram);
}

const hasProgram = ([first]: readonly string[]) => first !== undefined && !/^\w+=/.test(first);

const substitutions = (text: string): string[][] =>
  [...text.matchAll(/\$\(([^()]*)\)/g)].flatMap(([, inner = '']) => simpleCommands(inner));

function closingQuote(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at += 1) {
    if (line[at] === '\\' && line[start] === '"') at += 1;
    else if (line[at] === line[start]) return at;
  }
  throw new Error(`a quote is not closed: ${line}`);
}

function closingParenthesis(line: string, start: number): number {
  let depth = 0;
  for (let at = start; at < line.length; at += 1) {
    if (line[at] === "'" || line[at] === '"') at = closingQuote(line, at);
    else if (line[at] === '(') depth += 1;
    else if (line[at] === ')' && (depth -= 1) === 0) return at;
  }
  throw new Error(`a parenthesis is not closed: ${line}`);
}
