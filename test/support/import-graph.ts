import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, posix, relative } from 'node:path';
import ts from 'typescript';

/** A TypeScript file of the project and what it imports. Paths are relative to the project's folder. */
export interface Module {
  readonly path: string;
  /** The project's files as paths, packages by their specifier: `src/lib/clock.ts`, `kafkajs`, `node:fs`. */
  readonly imports: readonly string[];
  /** Those of them that are there when the program runs: no types. */
  readonly runtimeImports: readonly string[];
  /** Names that are called as functions, such as fetch. */
  readonly calls: readonly string[];
}

/** Every TypeScript file below the folders, those that do not exist left out. */
export async function readModules(projectFolder: string, folders: readonly string[]): Promise<Module[]> {
  const modules = await Promise.all(folders.map((folder) => readFolder(projectFolder, folder)));
  return modules.flat();
}

async function readFolder(projectFolder: string, folder: string): Promise<Module[]> {
  const entries = await readdir(join(projectFolder, folder), { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const files = entries.filter((entry) => entry.isFile() && /\.[cm]?tsx?$/.test(entry.name));
  return Promise.all(
    files.map(async (entry) => {
      const file = join(entry.parentPath, entry.name);
      return parseModule(relative(projectFolder, file), await readFile(file, 'utf8'));
    }),
  );
}

/** Reads the imports from the syntax tree: static, type-only, re-exported, dynamic and required ones alike. */
export function parseModule(path: string, text: string): Module {
  const imports: string[] = [];
  const runtimeImports: string[] = [];
  const calls: string[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) {
      imports.push(resolveSpecifier(path, specifier));
      if (!isTypeOnly(node)) runtimeImports.push(resolveSpecifier(path, specifier));
    }
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) calls.push(node.expression.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return { path, imports, runtimeImports, calls };
}

/** Whether nothing is left of an import or export once the types are stripped. */
function isTypeOnly(node: ts.Node): boolean {
  if (ts.isImportTypeNode(node)) return true;
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  if (!ts.isImportDeclaration(node)) return false;
  const { importClause } = node;
  const named = importClause?.namedBindings;
  const onlyTypes =
    named !== undefined && ts.isNamedImports(named) && named.elements.length > 0
      ? named.elements.every(({ isTypeOnly: type }) => type)
      : false;
  return importClause !== undefined && (importClause.isTypeOnly || (onlyTypes && importClause.name === undefined));
}

/** What the node imports, if it is an import. What is computed at run time cannot be told and counts as `(computed)`. */
function specifierOf(node: ts.Node): string | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isExternalModuleReference(node)) return textOf(node.expression);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return textOf(node.argument.literal);
  if (!ts.isCallExpression(node)) return undefined;
  const loads =
    node.expression.kind === ts.SyntaxKind.ImportKeyword ||
    (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  return loads ? (textOf(node.arguments[0]) ?? '(computed)') : undefined;
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}

function resolveSpecifier(importer: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(dirname(importer), specifier) : specifier;
}

/**
 * Modules that import one another in a circle, as `['a.ts', 'b.ts', 'a.ts']`: for each module that is on a circle a
 * shortest one, unless a circle reported before goes through it. Imports of types count, because a reader has to follow
 * them as well; imports of modules that were not given do not.
 */
export function importCycles(modules: readonly Pick<Module, 'path' | 'imports'>[]): string[][] {
  const given = new Set(modules.map(({ path }) => path));
  const imports = new Map(modules.map((module) => [module.path, module.imports.filter((path) => given.has(path))]));
  const cycles: string[][] = [];
  const reported = new Set<string>();
  for (const path of [...given].toSorted()) {
    const cycle = reported.has(path) ? undefined : shortestCycle(path, imports);
    if (!cycle) continue;
    cycles.push(cycle);
    for (const member of cycle) reported.add(member);
  }
  return cycles;
}

/** Breadth first, so that the first way back to the start is a shortest one. */
function shortestCycle(start: string, imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const importerOf = new Map<string, string>();
  for (let front = [start]; front.length > 0;) {
    const next: string[] = [];
    for (const importer of front) {
      for (const imported of imports.get(importer) ?? []) {
        if (imported === start) return [...wayTo(importer, start, importerOf), start];
        if (importerOf.has(imported)) continue;
        importerOf.set(imported, importer);
        next.push(imported);
      }
    }
    front = next;
  }
  return undefined;
}

function wayTo(path: string, start: string, importerOf: ReadonlyMap<string, string>): string[] {
  const way = [path];
  while (way[0] !== start) way.unshift(importerOf.get(way[0]!)!);
  return way;
}
