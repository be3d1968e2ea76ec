/** The built page as static files: on another server, from a folder of it, and how much of it is loaded at first. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { once } from 'node:events'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { ISOLATION } from '../../src/lab/page/headers.ts'
import { describeInBrowser, served, withPage, withPageAt } from './browser.ts'

const FOLDER = '/some/folder/'
const KINDS: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

/** Serves the page from a folder with these headers alone, and the kinds of its files, until `body` ends. */
async function onAnotherServer(headers: object, body: (address: string) => Promise<void>): Promise<void> {
  const { folder } = await served()
  const server = createServer(({ url = '' }, response) => {
    const name = url === FOLDER ? 'index.html' : url.slice(FOLDER.length)
    response.writeHead(200, { ...headers, 'Content-Type': KINDS[extname(name)] ?? '' })
    response.end(readFileSync(join(folder, name)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}${FOLDER}`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

describeInBrowser('the built page', () => {
  test('works from a folder of any server that sends the two headers', async () => {
    await onAnotherServer(ISOLATION, async (address) => {
      await withPageAt(`${address}#/explore?example=two-increments`, async (page) => {
        await page.locator('.cm-content').focus()
        await page.keyboard.press('Control+Enter')
        await page.getByText('It fails.').waitFor()
      })
    })
  })

  test('says what to do where a server does not send them', async () => {
    await onAnotherServer({}, async (address) => {
      await withPageAt(address, async (page) => {
        expect(await page.getByRole('alert').textContent()).toContain('npx racelab page')
      })
    })
  })

  test('loads at most 600 KB at first, compressed', async () => {
    const { url, folder } = await served()
    const files = new Set<string>()
    const load = async (page: Page): Promise<void> => {
      page.on('response', (response) => files.add(response.url().slice(url.length)))
      await page.reload()
      await page.locator('main h1').waitFor()
    }
    await withPage(load)
    const sizes = [...files].map((file) => gzipSync(readFileSync(join(folder, file || 'index.html'))).length)
    expect(sizes.length).toBeGreaterThan(2)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(600 * 1024)
  })
})
