import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { Hono } from 'hono';
import { withoutUnused } from './without-unused.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

const folder = fileURLToPath(new URL('../web', import.meta.url));
const resolve = (library: string) => createRequire(import.meta.url).resolve(library);

/** The libraries of the page: by the name under which its modules import them, the address and the file. */
const libraries: Readonly<Record<string, { address: string; file: string; used?: readonly string[] }>> = {
  preact: { address: '/lib/preact.js', file: resolve('preact') },
  'preact/hooks': { address: '/lib/preact-hooks.js', file: resolve('preact/hooks') },
  oauth4webapi: { address: '/lib/oauth4webapi.js', file: resolve('oauth4webapi'), used: usedOfOauth() },
  htm: { address: '/lib/htm.js', file: join(dirname(resolve('htm')), 'htm.module.js') },
};

/** It can do much more than the page needs. */
function usedOfOauth(): string[] {
  const user = readFileSync(join(folder, 'data/identity-provider.js'), 'utf8');
  return [...user.matchAll(/\boauth\.(\w+)/g)].map(([, name]) => name!);
}

const serviceWorker = '/service-worker.js';

let made: Hono | undefined;

/** The page at `/`: its files and libraries, which are read and compressed once and need no bundler. */
export function webPage(): Hono {
  made ??= makePage();
  return made;
}

function makePage(): Hono {
  const page = new Hono();
  for (const [address, content] of pageFiles()) {
    const type = types[extname(address) || '.html'];
    const isCompressible = type !== 'image/png';
    const etag = `"${digest(content)}"`;
    const compressed = new Map<Encoding, Promise<Bytes>>();
    page.get(address, async (context) => {
      context.header('ETag', etag);
      context.header('Cache-Control', 'no-cache');
      if (isCompressible) context.header('Vary', 'Accept-Encoding');
      if (context.req.header('If-None-Match') === etag) return context.body(null, 304);
      context.header('Content-Type', type);
      const encoding = isCompressible ? chooseEncoding(context.req.header('Accept-Encoding')) : undefined;
      if (!encoding) return context.body(content);
      if (!compressed.has(encoding)) compressed.set(encoding, compress[encoding](content));
      context.header('Content-Encoding', encoding);
      return context.body(await compressed.get(encoding)!);
    });
  }
  return page;
}

type Bytes = Uint8Array<ArrayBuffer>;
type Encoding = keyof typeof compress;

/** As small as can be: each file is compressed when it is first asked for, and kept. */
const compress = {
  br: async (content: Bytes): Promise<Bytes> => new Uint8Array(await promisify(brotliCompress)(content)),
  gzip: async (content: Bytes): Promise<Bytes> => new Uint8Array(await promisify(gzip)(content, { level: 9 })),
};

function chooseEncoding(accepted = ''): Encoding | undefined {
  if (/\bbr\b/.test(accepted)) return 'br';
  return /\bgzip\b/.test(accepted) ? 'gzip' : undefined;
}

/** By address. The service worker is told of all the others, so that it changes whenever one of them does. */
function pageFiles(): Map<string, Bytes> {
  const files = new Map<string, Bytes>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!(extname(file) in types)) continue;
    files.set(file === 'index.html' ? '/' : `/${file}`, load(join(folder, file)));
  }
  for (const { address, file, used } of Object.values(libraries)) files.set(address, load(file, used));
  files.set('/', withAllModules(files));
  const worker = files.get(serviceWorker)!;
  files.delete(serviceWorker);
  const release = { version: digest(Buffer.concat([...files.values()])), addresses: [...files.keys()] };
  // A page that is open knows by that whether a new service worker belongs to it.
  files.set('/', replaced(files.get('/')!, 'the release', release.version));
  return files.set(serviceWorker, replaced(worker, "'the release'", JSON.stringify(release)));
}

function replaced(content: Bytes, mark: string, text: string): Bytes {
  return new Uint8Array(Buffer.from(Buffer.from(content).toString().replace(mark, text)));
}

/** Each module names the next ones: on a slow connection, to ask for one after another would take long. */
function withAllModules(files: ReadonlyMap<string, Bytes>): Bytes {
  const isLater = (address: string) =>
    ['/data/identity-provider.js', '/lib/oauth4webapi.js', serviceWorker].includes(address);
  const modules = [...files.keys()].filter((address) => address.endsWith('.js') && !isLater(address));
  const links = modules.map((address) => `<link rel="modulepreload" href="${address}" />`).join('\n');
  return replaced(files.get('/')!, '<!-- all modules -->', links);
}

/** What is only for those who read the source, by kind of file: comments, empty lines and indentation. */
const forReaders: Readonly<Record<string, RegExp>> = {
  '.js': /\/\*\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\n?|^[ \t]*\/\/.*\n|[ \t]+\/\/ .*$|^\s+/gm,
  '.css': /\/\*[\s\S]*?\*\/\s*|^\s+/gm,
};

/** Browsers know no package names: without an import map, which would have to be inline, they are replaced here. */
function load(path: string, used?: readonly string[]): Bytes {
  const content = readFileSync(path);
  const unneeded = forReaders[extname(path).replace('.mjs', '.js')];
  if (!unneeded) return new Uint8Array(content);
  const code = (used ? withoutUnused(content.toString(), used) : content.toString())
    .replace(/(\bfrom\s*)(['"])([\w/]+)\2/g, (whole, from: string, _quote, name: string) =>
      libraries[name] ? `${from}'${libraries[name].address}'` : whole,
    )
    .replace(/\n\/\/# sourceMappingURL=.*/, '')
    .replace(unneeded, '');
  return new Uint8Array(Buffer.from(code));
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, 22);
}
