import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const folder = fileURLToPath(new URL('../web', import.meta.url));

/** The page at `/`: a few files, which are read once and need no build. */
export function webPage(): Hono {
  const page = new Hono();
  for (const file of readdirSync(folder).filter((name) => extname(name) in types)) {
    const content = readFileSync(join(folder, file));
    const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
    page.get(file === 'index.html' ? '/' : `/${file}`, (context) => {
      context.header('ETag', etag);
      context.header('Cache-Control', 'no-cache');
      if (context.req.header('If-None-Match') === etag) return context.body(null, 304);
      context.header('Content-Type', types[extname(file)]);
      return context.body(content);
    });
  }
  return page;
}
