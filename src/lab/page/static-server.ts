/** Serves the files of one folder on loopback, with the headers that the page needs. */
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ISOLATION, POLICY } from './headers.ts'

/** The kinds of files that a build of the page has. A browser runs no module of an unknown kind. */
const KINDS: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

export interface StaticServer {
  /** The address of the folder, with a slash at its end. */
  readonly url: string
  /** Ends the server and all its connections. */
  close(): void
}

/** Serves `folder` until closed. `port` 0 takes a free one. Rejects with the system's error if the port cannot be had. */
export async function serveFolder(folder: string, port = 0): Promise<StaticServer> {
  const root = await realpath(folder)
  const server = createServer((request, response) => void answer(root, request, response))
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET and HEAD.')
  const file = await fileAt(root, request.url ?? '/')
  if (file === undefined) return refuse(response, 404, 'There is no such file.')
  response.writeHead(200, {
    ...ISOLATION,
    ...POLICY,
    'Content-Type': KINDS[extname(file.path)] ?? 'application/octet-stream',
    'Content-Length': file.size,
    // The files of a new version have the same address.
    'Cache-Control': 'no-cache',
    'X-Content-Type-Options': 'nosniff',
  })
  if (request.method === 'HEAD') return void response.end()
  // It fails when the browser goes away before the end: there is nobody to tell.
  await pipeline(createReadStream(file.path), response).catch(() => {})
}

function refuse(response: ServerResponse, status: number, why: string): void {
  const allow = status === 405 ? { Allow: 'GET, HEAD' } : {}
  response.writeHead(status, { ...ISOLATION, ...POLICY, ...allow, 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${why}\n`)
}

/** Returns the file that an address names, if it lies in the folder, links followed. A folder stands for its index.html. */
async function fileAt(
  root: string,
  url: string,
): Promise<{ readonly path: string; readonly size: number } | undefined> {
  try {
    // The parser takes `..` out; what is encoded comes back only here.
    const named = decodeURIComponent(new URL(url, 'http://localhost').pathname)
    const path = await realpath(join(root, named.endsWith('/') ? `${named}index.html` : named))
    const found = await stat(path)
    return path.startsWith(root + sep) && found.isFile() ? { path, size: found.size } : undefined
  } catch {
    return undefined
  }
}
