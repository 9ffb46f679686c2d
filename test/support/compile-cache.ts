const { NODE_COMPILE_CACHE } = process.env;

/** For the environment of a program: what Node compiled of its sources is there for its next start (test/run.ts says where). */
export const compileCache: Readonly<Record<string, string>> = NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {};
