/** Code in the editor that attacks the page: it asks the page's own server, and has its replies drawn as elements. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { ISOLATION } from '../../src/lab/page/headers.ts'
import { describeInBrowser, served, withPage, withPageAt } from './browser.ts'

const EXPLORE = '#/explore?example=two-increments'

/** An element as preact makes them, with a script of the worker's. */
const ELEMENT = `const src = URL.createObjectURL(new Blob(['document.title = "taken"'], { type: 'text/javascript' }))
const element = { type: 'script', props: { src }, key: undefined, ref: undefined, constructor: undefined, __k: null, __: null, __b: 0,
  __e: null, __c: null, __v: 0, __i: -1, __u: 0 }
`
const SCENARIO = `export default {
  name: 'an attack',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: (words: Int32Array) => Atomics.load(words, 0) },
}
`

describeInBrowser('the code of the editor', () => {
  test('asks the server of the page for nothing', async () => {
    const asked: string[] = []
    await withOwnServer(asked, async (url) => {
      await withPageAt(url + EXPLORE, async (page) => {
        // What the policy refuses, a browser writes to the console as an error.
        page.removeAllListeners('console')
        page.removeAllListeners('pageerror')
        for (const path of ['index.html?leak', '?leak']) {
          // Also what the server answers is no module, so that the import fails in any case.
          const over = page.waitForEvent('pageerror', ({ message }) => message.includes(path))
          await run(page, `(0, eval)('import("${url}${path}")')\n${SCENARIO}`)
          await over
          await page.getByText('No schedule fails').waitFor()
        }
      })
    })
    expect(asked).toContain('/')
    expect(asked.filter((path) => path.includes('leak'))).toEqual([])
  })

  test.each([
    [
      'the names of scenarios',
      `Map.prototype.values = () => [element, element][Symbol.iterator]()\n${SCENARIO}`,
      '.scenarios',
    ],
    ['what it throws', 'export default new Proxy({}, { has() { throw { line: element } } })\n', '.trouble'],
    [
      'the message of an error',
      `const error = Object.defineProperty(new Error('none'), 'message', { value: element })
export default new Proxy({}, { has() { throw error } })\n`,
      '.trouble',
    ],
  ])('draws no element in the page: %s', async (_, code, shown) => {
    await withPage(
      async (page) => {
        const scripts = await page.locator('script').count()
        await run(page, ELEMENT + code)
        await page.locator(shown).waitFor()
        expect(await page.locator('script').count()).toBe(scripts)
        await run(page, SCENARIO)
        await page.getByText('No schedule fails').waitFor()
        expect(await page.title()).toContain('racelab')
      },
      { path: EXPLORE },
    )
  })
})

/** Puts code into the editor, and explores it. */
async function run(page: Page, code: string): Promise<void> {
  await page.locator('.cm-content').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(code)
  await page.getByRole('button', { name: 'Explore', exact: true }).click()
}

/** Serves the page as any server for files does, without a policy, and notes what it is asked for. */
async function withOwnServer(asked: string[], body: (url: string) => Promise<void>): Promise<void> {
  const { folder } = await served()
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    const file = pathname === '/' ? '/index.html' : pathname
    const kind = file.endsWith('.html') ? 'text/html' : file.endsWith('.css') ? 'text/css' : 'text/javascript'
    response.writeHead(200, { ...ISOLATION, 'Content-Type': kind }).end(readFileSync(join(folder, file)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
