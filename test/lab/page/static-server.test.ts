/** The server of the page: what it serves, with which headers, and what it does not. */
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveFolder } from '../../../src/lab/page/static-server.ts'
import type { StaticServer } from '../../../src/lab/page/static-server.ts'

const SECRET = 'nobody may read this'
const place = mkdtempSync(join(tmpdir(), 'racelab-served-'))
let server: StaticServer

beforeAll(async () => {
  const folder = join(place, 'page')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  // A folder whose name begins with that of the folder that is served.
  mkdirSync(join(place, 'page-not'))
  for (const file of ['secret.txt', 'page-not/secret.txt']) writeFileSync(join(place, file), SECRET)
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  writeFileSync(join(folder, 'a file of 100%.txt'), 'text')
  for (const file of ['code.js', 'style.css', 'data.json', 'picture.svg', 'unknown.xyz'])
    writeFileSync(join(folder, 'assets', file), file)
  symlinkSync(join(place, 'secret.txt'), join(folder, 'link.txt'))
  server = await serveFolder(folder)
})

afterAll(() => {
  server.close()
  rmSync(place, { recursive: true })
})

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** Asks with the path as it is: fetch would take `..` out. */
async function ask(path: string, method = 'GET'): Promise<Answer> {
  const asking = request(server.url, { path, method }).end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

test('a file comes with its kind, and with the headers that let a page share memory', async () => {
  const { status, headers, body } = await ask('/assets/code.js')
  expect([status, body]).toEqual([200, 'code.js'])
  expect(headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'content-length': '7',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
    'content-security-policy': expect.stringMatching(/^default-src 'none'; .*connect-src 'self'/),
    'x-content-type-options': 'nosniff',
  })
})

test.each([
  ['/', 'text/html; charset=utf-8'],
  ['/index.html?state#place', 'text/html; charset=utf-8'],
  ['/assets/style.css', 'text/css; charset=utf-8'],
  ['/assets/data.json', 'application/json; charset=utf-8'],
  ['/assets/picture.svg', 'image/svg+xml'],
  ['/a%20file%20of%20100%25.txt', 'text/plain; charset=utf-8'],
  ['/assets/unknown.xyz', 'application/octet-stream'],
])('%s is served as %s', async (path, kind) => {
  const { status, headers } = await ask(path)
  expect([status, headers['content-type']]).toEqual([200, kind])
})

test('HEAD gets the headers alone, and any other method is refused', async () => {
  expect(await ask('/', 'HEAD')).toMatchObject({ status: 200, headers: { 'content-length': '15' }, body: '' })
  expect(await ask('/', 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
})

describe('nothing outside the folder is served', () => {
  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/%2e%2e%2fpage-not%2fsecret.txt',
    '/..%5csecret.txt',
    '/link.txt',
    '//127.0.0.1/secret.txt',
    '/%00',
    '/%',
    '/assets',
    '/assets/',
    '/absent.js',
    '*',
  ])('%s', async (path) => {
    const { status, body } = await ask(path)
    expect([status, body]).toEqual([404, 'There is no such file.\n'])
  })

  test('whatever the path', async () => {
    const part = fc.constantFrom('/', '..', '.', '%2f', '%2e', '%2E%2e', '%5c', 'secret.txt', 'page-not', 'assets', '%')
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
        expect((await ask(`/${parts.join('')}`)).body).not.toContain(SECRET)
      }),
    )
  })
})

test('a port that is taken is an error, and one that is free again can be had', async () => {
  const first = await serveFolder(place)
  const port = Number(new URL(first.url).port)
  await expect(serveFolder(place, port)).rejects.toMatchObject({ code: 'EADDRINUSE' })
  first.close()
  const second = await serveFolder(place, port)
  expect(second.url).toBe(first.url)
  second.close()
})
