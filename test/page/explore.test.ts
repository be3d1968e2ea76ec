/** The section "explore", used as a person would. */
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { ISOLATION } from '../../src/lab/page/headers.ts'
import { describeInBrowser, served, withPage, withPageAt } from './browser.ts'

const INCREMENTS = '#/explore?example=two-increments'

function explore(page: Page): Promise<void> {
  return page.getByRole('button', { name: 'Explore', exact: true }).click()
}

/** Replaces what is in the editor. */
async function write(page: Page, code: string): Promise<void> {
  await page.locator('.cm-content').focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.insertText(code)
}

/** Presses keys between two frames. */
function pressAtOnce(page: Page, keys: readonly string[]): Promise<void> {
  return page.evaluate((all) => {
    for (const key of all) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
  }, keys)
}

/** Waits until a line with a text is marked in the editor. */
function marked(page: Page, text: string): Promise<void> {
  return page.locator('.cm-step').filter({ hasText: text }).waitFor()
}

describeInBrowser('the section explore', () => {
  test('shows that an example fails, and steps through its schedule with the keyboard', async () => {
    await withPage(
      async (page) => {
        await page.locator('.cm-content').focus()
        await page.keyboard.press('Control+Enter')
        await page.getByText('It fails.').waitFor()
        expect(await page.locator('.outcomes tbody tr').allTextContents()).toEqual([
          expect.stringContaining('forbidden: one increment is lost'),
          expect.stringContaining('acceptable'),
        ])
        expect(await page.locator('.failures button').textContent()).toContain('1 preemption, 4 steps')
        await page.getByText('4 of 4').waitFor()
        // Out of the editor, by keyboard alone.
        await page.keyboard.press('Escape')
        await page.keyboard.press('Tab')
        await page.keyboard.press('Home')
        await page.getByText('0 of 4').waitFor()
        await page.keyboard.press('ArrowRight')
        await page.getByText('1 of 4').waitFor()
        await marked(page, 'Atomics.load')
        await page.keyboard.press('ArrowRight')
        await page.keyboard.press('ArrowRight')
        await marked(page, 'Atomics.store')
        await page.locator('.memory .changed').filter({ hasText: 'count' }).waitFor()
        await page.keyboard.press('End')
        await page.getByText('4 of 4').waitFor()
        await page.keyboard.press('ArrowLeft')
        await page.getByText('3 of 4').waitFor()
      },
      { path: INCREMENTS },
    )
  })

  test('takes keys that come faster than it draws, one after the other', async () => {
    await withPage(
      async (page) => {
        await explore(page)
        await page.getByText('4 of 4').waitFor()
        await pressAtOnce(page, ['Home', 'ArrowRight', 'ArrowRight', 'ArrowRight'])
        await page.getByText('3 of 4').waitFor()
        await pressAtOnce(page, ['ArrowLeft', 'ArrowLeft', 'ArrowLeft', '1', '2', '1'])
        await page.getByText('3 of 3').waitFor()
        expect(await page.locator('.diagram-row').allTextContents()).toEqual([
          expect.stringContaining('alice'),
          expect.stringContaining('bob'),
          expect.stringContaining('alice'),
        ])
      },
      { path: INCREMENTS },
    )
  })

  test('plays a schedule to its end, and opens any step of it', async () => {
    await withPage(
      async (page) => {
        await explore(page)
        await page.getByText('4 of 4').waitFor()
        await page.getByRole('button', { name: 'Play' }).click()
        await page.getByText('1 of 4').waitFor()
        await page.getByText('4 of 4').waitFor()
        await page.getByRole('slider', { name: 'Step' }).fill('2')
        await page.getByText('2 of 4').waitFor()
        await page.locator('.diagram-row button').first().click()
        await page.getByText('1 of 4').waitFor()
      },
      { path: INCREMENTS },
    )
  })

  test('lets another actor go first, to the end of that schedule, and leads back', async () => {
    await withPage(
      async (page) => {
        await explore(page)
        await page.getByText('4 of 4').waitFor()
        await page.getByRole('slider', { name: 'Step' }).fill('1')
        await page.getByRole('button', { name: 'Can it still fail from here?' }).click()
        await page.getByText(/It can still fail: of \d ways/).waitFor()
        // The schedule goes on with bob; alice first is the way that holds.
        await page.getByRole('button', { name: /alice/ }).and(page.locator('.turn')).click()
        await page.getByText('2 of 2').waitFor()
        await page.getByRole('button', { name: 'Can it still fail from here?' }).click()
        await page.getByText('It cannot fail from here').waitFor()
        await page.getByRole('button', { name: 'Run to the end' }).click()
        await page.getByRole('heading', { name: 'Your schedule that holds' }).waitFor()
        await page.getByRole('button', { name: 'Back to where you left the schedule' }).click()
        await page.getByText('1 of 4').waitFor()
        await page.getByRole('heading', { name: 'The smallest schedule that fails' }).waitFor()
      },
      { path: INCREMENTS },
    )
  })

  test('steps by hand where nothing fails', async () => {
    await withPage(
      async (page) => {
        await explore(page)
        await page.getByText('No schedule fails').waitFor()
        await page.keyboard.press('Escape')
        await page.getByRole('heading', { name: 'Step by hand' }).waitFor()
        await page.keyboard.press('2')
        await page.getByText('1 of 1').waitFor()
        expect(await page.locator('.diagram-row').textContent()).toContain('bob')
      },
      { path: '#/explore?example=dekker' },
    )
  })

  test('says at its line what is wrong with the code, and goes on once it is mended', async () => {
    await withPage(
      async (page) => {
        const code = await page.locator('.cm-content').innerText()
        for (const [broken, sentence] of [
          ['const one = 1\nconst = 2\n', /^Line 2: Unexpected token/],
          ['const one = 1\n\nthrow new Error("no luck")\n', /^Line 3: Error: no luck/],
          ['export const one = 1\n', /^The code exports no scenario/],
          ['import "elsewhere"\n', /^Line 1: There is no module "elsewhere" here/],
        ] as const) {
          await write(page, broken)
          await explore(page)
          await page.locator('.trouble').filter({ hasText: sentence }).waitFor()
          const isAtLine = String(sentence).includes('Line')
          await page
            .locator('.cm-lint-marker-error')
            .nth(0)
            .waitFor({ state: isAtLine ? 'attached' : 'detached' })
        }
        await write(page, code)
        await explore(page)
        await page.getByText('It fails.').waitFor()
        expect(await page.locator('.trouble').count()).toBe(0)
      },
      { path: INCREMENTS },
    )
  })

  test('says that a loop does not end, and stops one that is run', async () => {
    await withPage(
      async (page) => {
        await write(page, 'for (;;);\n')
        await explore(page)
        await page.getByText('The code did not end').waitFor()
        await write(page, scenarioWith('for (;;);'))
        await explore(page)
        await page.getByText('Exploring …').waitFor()
        await page.getByRole('button', { name: 'Stop' }).click()
        await page.getByText('It was stopped before it found anything').waitFor()
        await write(page, scenarioWith('Atomics.add(words, 0, 1)'))
        await explore(page)
        await page.getByText('No schedule fails').waitFor()
      },
      { path: INCREMENTS },
    )
  })

  test('keeps what was found when it is stopped', async () => {
    await withPage(
      async (page) => {
        const many = 'for (let i = 0; i < 6; i++) Atomics.add(words, 0, 1)'
        await write(page, scenarioWith(many, ['alice', 'bob', 'carol', 'dave']))
        await explore(page)
        await page.getByText(/Exploring … [\d,]{3,} schedules/).waitFor()
        await page.getByRole('button', { name: 'Stop' }).click()
        await page.getByText('not every schedule was run: it was stopped by hand').waitFor()
        await page.getByRole('heading', { name: 'Step by hand' }).waitFor()
      },
      { path: INCREMENTS },
    )
  })
})

describeInBrowser('an exploration', () => {
  test('follows the options', async () => {
    await withPage(
      async (page) => {
        // Whoever is first fails, so the two schedules fail in two ways.
        const first = scenarioWith('if (Atomics.add(words, 0, 1) === 0) throw new Error("first")')
        const other = scenarioWith('Atomics.load(words, 0)')
          .replace('default', 'const other =')
          .replace('const act', 'const look')
          .replaceAll(': act', ': look')
        await write(page, first + other)
        await page.locator('.options summary').click()
        await page.getByLabel('Go on after the first failure').check()
        await explore(page)
        await page.getByText('It fails in 2 ways.').waitFor()
        const second = page.locator('.failures button').nth(1)
        await second.click()
        await page
          .locator('.failures button[aria-pressed=true]')
          .filter({ hasText: (await second.textContent())! })
          .waitFor()
        await page.locator('.scenarios select').selectOption('other')
        await page.getByText('No schedule fails').waitFor()
        await page.locator('.chooser select').selectOption('two-increments')
        await page.getByLabel('At most … preemptions').fill('0')
        await page.getByLabel('At most … preemptions').press('Tab')
        await explore(page)
        await page.getByText('Nothing has failed, but not every schedule was run').waitFor()
        expect(await page.locator('.options select').inputValue()).toBe('dfs')
      },
      { path: INCREMENTS },
    )
  })

  test('says that a loop that waits is followed for a few rounds only', async () => {
    await withPage(
      async (page) => {
        await write(
          page,
          `export default {
  name: 'a loop that counts its rounds',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: {
    alice: (words: Int32Array) => { let rounds = 0; while (Atomics.load(words, 0) === 0) rounds++; return rounds > 0 },
    bob: (words: Int32Array) => { Atomics.store(words, 0, 1) },
  },
}`,
        )
        await explore(page)
        await page.getByText('not every schedule was run').waitFor()
        await page.getByText('A browser has no inspector').waitFor()
      },
      { path: INCREMENTS },
    )
  })
})

describeInBrowser('the address', () => {
  test('opens with the code and the step, and runs nothing before the click', async () => {
    let shared = ''
    await withPage(
      async (page) => {
        await write(page, scenarioWith('words[0]++'))
        await explore(page)
        await page.getByText('It fails.').waitFor()
        await page.getByRole('slider', { name: 'Step' }).fill('2')
        await page.waitForFunction(() => location.hash.includes('step=2') && location.hash.includes('code='))
        await page.getByRole('button', { name: 'Copy link' }).click()
        await page.getByText('Copied.').waitFor()
        const copied = await page.evaluate(() => navigator.clipboard.readText())
        expect(copied).toBe(page.url())
        shared = new URL(copied).hash
      },
      { path: INCREMENTS, also: { permissions: ['clipboard-read', 'clipboard-write'] } },
    )
    await withPage(
      async (page) => {
        await page.getByText('has not been run. Press Explore to run it').waitFor()
        expect(await page.locator('.cm-content').innerText()).toContain('words[0]++')
        expect(page.workers()).toEqual([])
        expect(await page.locator('.verdict').count()).toBe(0)
        await explore(page)
        await page.getByText('It fails.').waitFor()
        await page.getByText(/^2 of \d+$/).waitFor()
      },
      { path: shared },
    )
  })

  test.each([
    ['#/explore?code=AAAA!', 'The code in this address is damaged'],
    ['#/explore?code=q1bKKM', 'The code in this address is damaged'],
    ['#/explore?example=nothing', 'There is no example "nothing"'],
  ])('%s gets a sentence', async (path, sentence) => {
    await withPage(
      async (page) => {
        await page.getByText(sentence).waitFor()
        await explore(page)
        await page.getByText('It fails.').waitFor()
      },
      { path },
    )
  })

  test('with a damaged schedule gets a sentence once it has run', async () => {
    await withPage(
      async (page) => {
        await explore(page)
        await page.getByText('The token is damaged').waitFor()
        await page.locator('.failures button').click()
        await page.getByText('4 of 4').waitFor()
      },
      { path: `${INCREMENTS}&token=rl1.nonsense&step=1` },
    )
  })
})

describeInBrowser('the code of the editor', () => {
  test('reaches no network, no storage and no other worker', async () => {
    await withCountingServer(async (counted) => {
      await withPage((page) => attack(page, counted.url), { path: INCREMENTS })
      expect(counted.requests()).toBe(0)
      // The counter counts.
      await fetch(counted.url)
      expect(counted.requests()).toBe(1)
    })
  })

  test('reaches none either where the files come without a policy', async () => {
    const { folder } = await served()
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '', 'http://localhost')
      const file = pathname === '/' ? '/index.html' : pathname
      const kind = file.endsWith('.html') ? 'text/html' : file.endsWith('.css') ? 'text/css' : 'text/javascript'
      response.writeHead(200, { ...ISOLATION, 'Content-Type': kind }).end(readFileSync(join(folder, file)))
    })
    await listening(server, async (url) => {
      await withCountingServer(async (counted) => {
        await withPageAt(url + INCREMENTS, (page) => attack(page, counted.url))
        expect(counted.requests()).toBe(0)
      })
    })
  })
})

/** Runs code that tries to get out of its worker. */
async function attack(page: Page, address: string): Promise<void> {
  // What the policy refuses, a browser writes to the console as an error.
  page.removeAllListeners('console')
  page.removeAllListeners('pageerror')
  await write(page, attacking(address))
  await explore(page)
  await page.locator('.outcomes code').waitFor()
  expect(JSON.parse((await page.locator('.outcomes code').textContent()) ?? '')).toEqual([])
  // An import() is refused some time later: after another request has been answered, at the latest.
  await page.getByRole('button', { name: 'Can it still fail from here?' }).click()
  await page.getByText('It cannot fail from here').waitFor()
}

async function withCountingServer(
  body: (counted: { readonly url: string; readonly requests: () => number }) => Promise<void>,
): Promise<void> {
  let requests = 0
  const server = createServer((_, response) => {
    requests++
    const open = { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' }
    response.writeHead(200, { ...open, 'Content-Type': 'text/javascript' }).end()
  })
  await listening(server, (url) => body({ url, requests: () => requests }))
}

async function listening(server: Server, body: (url: string) => Promise<void>): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

describeInBrowser('everybody can use the section', () => {
  test.each([
    { width: 1280, dark: false },
    { width: 1280, dark: true },
    { width: 390, dark: false },
    { width: 390, dark: true },
  ])('axe finds nothing at $width pixels, dark: $dark', async (how) => {
    await withPage(
      async (page) => {
        await explore(page)
        await page.getByText('4 of 4').waitFor()
        await page.getByRole('slider', { name: 'Step' }).fill('2')
        await page.getByRole('button', { name: 'Can it still fail from here?' }).click()
        await page.getByText('It can').or(page.getByText('It is sure')).first().waitFor()
        await page.locator('.options summary').click()
        await page.evaluate(axe)
        const found = await page.evaluate(async () => {
          const { axe } = globalThis as unknown as {
            axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
          }
          const { violations } = await axe.run()
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)
        })
        expect(found).toEqual([])
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
        if (process.env.SHOTS)
          await page.screenshot({ path: `${process.env.SHOTS}/${how.width}-${how.dark}.png`, fullPage: true })
      },
      { ...how, path: INCREMENTS },
    )
  })
})

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** A scenario whose actors all do the same, and of which every outcome but a data race is fine. */
function scenarioWith(work: string, actors = ['alice', 'bob']): string {
  return `const act = (words: Int32Array) => { ${work} }
export default {
  name: 'made by a test',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { ${actors.map((name) => `${name}: act`).join(', ')} },
}
`
}

/** Code that tries every way out, and has as its outcome the names of those that it found. */
function attacking(address: string): string {
  return `const found: string[] = []
const ways = ['fetch', 'XMLHttpRequest', 'WebSocket', 'WebSocketStream', 'EventSource', 'WebTransport', 'importScripts', 'Worker',
  'SharedWorker', 'navigator', 'indexedDB', 'caches', 'BroadcastChannel', 'RTCPeerConnection', 'postMessage', 'close', 'location',
  'Notification', 'fetchLater', 'CacheStorage', 'WorkerNavigator', 'ServiceWorkerRegistration', 'FontFace', 'cookieStore']
for (let owner = globalThis; owner; owner = Object.getPrototypeOf(owner)) {
  for (const way of ways) {
    const { value, get } = Object.getOwnPropertyDescriptor(owner, way) ?? {}
    let got = value
    try { got ??= get?.call(globalThis) } catch {}
    if (got !== undefined && got !== null) found.push(way)
  }
}
const { constructor } = self
for (const way of ways) if (constructor.prototype[way] !== undefined) found.push('constructor ' + way)
try { new Function('url', 'return import(url)')('${address}function').catch(() => {}) } catch {}
try { (0, eval)('import("${address}eval")').catch(() => {}) } catch {}
try { (0, eval)('import("data:text/javascript,fetch(\\'${address}data\\')")').catch(() => {}) } catch {}
try { (0, eval)('import(URL.createObjectURL(new Blob(["import \\'${address}blob\\'"], { type: "text/javascript" })))').catch(() => {}) } catch {}
export default {
  name: 'an attack',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: { alice: (words: Int32Array) => Atomics.load(words, 0) },
  observe: () => found,
}
`
}
