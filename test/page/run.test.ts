/** The section "run", as a reader uses it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { threadLessons } from '../../src/lab/lessons/index.ts'
import { describeInBrowser, served, withPage, withPageAt } from './browser.ts'
import { objections } from './run-accessible.ts'

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true })
const status = (page: Page): Locator => page.getByRole('status')

/** Runs what is chosen, until there are results. */
async function run(page: Page): Promise<void> {
  await button(page, 'Run').click()
  await page.getByRole('heading', { name: 'Results' }).waitFor()
}

/** Returns the cells of a variant's row in the table of results, by the heads of their columns. */
async function resultsOf(page: Page, variant: string): Promise<Record<string, string>> {
  const table = page.getByRole('region', { name: /^Results of/ }).getByRole('table')
  const heads = await table.getByRole('columnheader').allInnerTexts()
  const row = table.getByRole('row').filter({ has: page.getByRole('rowheader', { name: variant, exact: true }) })
  const cells = await row.getByRole('cell').allInnerTexts()
  return Object.fromEntries(cells.map((cell, index) => [heads[index + 1], cell]))
}

describeInBrowser('the section run', () => {
  test('with four workers the broken lost update loses, and compare-and-swap holds', async () => {
    await withPage(async (page) => {
      for (const name of ['write-lock', 'mutex', 'atomic-add']) await page.getByRole('checkbox', { name }).uncheck()
      await run(page)
      const [buggy, cas] = [await resultsOf(page, 'buggy'), await resultsOf(page, 'cas')]
      expect(buggy).toMatchObject({ increments: '4,000', verdict: 'fails' })
      expect(Number(buggy['lost']?.replace(',', ''))).toBeGreaterThan(0)
      expect(cas).toMatchObject({ increments: '4,000', arrived: '4,000', lost: '0', verdict: 'holds' })
      // The plot ends where the table does.
      await page.getByRole('img', { name: `buggy: ${buggy['lost']} lost increments after 4,000 operations` }).waitFor()
      await page.getByRole('img', { name: 'cas: 0 lost increments after 4,000 operations' }).waitFor()
      expect(await page.getByRole('img').count()).toBe(2)
      const witness = page.getByRole('region', { name: 'The steps of one failure' })
      expect(await witness.getByRole('columnheader').allInnerTexts()).toEqual(['Time', 'Thread 1', 'Thread 2', 'Store'])
      expect(await page.getByText('One update is lost.').count()).toBe(1)
    })
  })

  test('a long run is stopped with Escape, its threads end, and another one runs', async () => {
    await withPage(
      async (page) => {
        await button(page, 'Run').press('Enter')
        // It loses while it runs.
        await page.getByRole('img', { name: /^buggy: [1-9][\d,]* lost increments/ }).waitFor()
        expect(page.workers().length).toBeGreaterThan(0)
        await page.keyboard.press('Escape')
        await status(page).getByText('Stopped.').waitFor()
        await expect.poll(() => page.workers().length, { timeout: 20_000 }).toBe(0)
        // What was seen of it stays until another run begins.
        expect(await page.getByRole('img', { name: /^buggy: [1-9]/ }).count()).toBe(1)
        await page.getByLabel('Iterations').press('Home')
        await run(page)
        expect(await resultsOf(page, 'cas')).toMatchObject({ increments: '8', lost: '0', verdict: 'holds' })
      },
      { path: '#/run?workers=8&iterations=100000&gap=sleep:1' },
    )
  })

  test('a bug with a database runs over the one in shared memory, and the page says where SQLite is', async () => {
    await withPage(
      async (page) => {
        await page.getByText('npx racelab --bug stale-overwrite --database sqlite').waitFor()
        await run(page)
        expect(await resultsOf(page, 'buggy')).toMatchObject({ verdict: 'fails' })
        expect(await resultsOf(page, 'newer-only')).toMatchObject({ lost: '0', stale: '0', verdict: 'holds' })
      },
      { path: '#/run?bug=stale-overwrite' },
    )
  })

  // The last worker of phantom-session dies in the middle of a delete.
  test.each(threadLessons.map((lesson) => [lesson.name, lesson.variants] as const))(
    'each variant of %s is as it is declared',
    async (bug, variants) => {
      await withPage(
        async (page) => {
          await run(page)
          for (const { name, sound } of variants)
            expect(await resultsOf(page, name), name).toMatchObject({ verdict: sound ? 'holds' : 'fails' })
        },
        { path: `#/run?bug=${bug}` },
      )
    },
  )

  test('the address keeps what is chosen', async () => {
    await withPage(
      async (page) => {
        await page.getByRole('heading', { level: 1, name: 'Rate-limit bypass' }).waitFor()
        expect(await page.getByRole('checkbox', { name: 'buggy' }).isChecked()).toBe(false)
        expect(await page.getByRole('checkbox', { name: 'sound' }).isChecked()).toBe(true)
        const shown = (name: string) => page.getByRole('slider', { name, exact: true }).getAttribute('aria-valuetext')
        expect(await shown('Workers')).toBe('2 threads')
        expect(await shown('Iterations')).toBe('70 each')
        expect(await shown('Gap')).toBe('computes for 10 µs')
        expect(await shown('Gap in')).toBe('one operation in 5')
        await page.getByRole('slider', { name: 'Workers' }).press('ArrowRight')
        await page.getByRole('slider', { name: 'Gap', exact: true }).press('Home')
        expect(new URL(page.url()).hash).toBe(
          '#/run?bug=rate-limit-bypass&variants=sound&workers=3&iterations=70&gap=none',
        )
        await page.reload()
        await page.getByRole('heading', { level: 1, name: 'Rate-limit bypass' }).waitFor()
        expect(await shown('Workers')).toBe('3 threads')
        await page.getByLabel('Bug', { exact: true }).selectOption('Session fixation')
        expect(new URL(page.url()).hash).toBe('#/run?bug=session-fixation')
      },
      { path: '#/run?bug=rate-limit-bypass&variants=sound&workers=2&iterations=70&gap=spin:10/5' },
    )
  })

  test('what cannot be used of an address gets a sentence, and the rest is used', async () => {
    await withPage(
      async (page) => {
        await page.getByText('There is no bug "lost-updat": did you mean "lost-update"?').waitFor()
        await page.getByText('"soon" is not a gap.').waitFor()
        await page.getByText('The number of workers is "99"; it must be a whole number from 1 to 16.').waitFor()
        expect(await page.getByRole('slider', { name: 'Iterations' }).getAttribute('aria-valuetext')).toBe('20 each')
        await run(page)
      },
      { path: '#/run?bug=lost-updat&gap=soon&workers=99&iterations=20' },
    )
  })

  test('it passes axe, before and after a run, wide and narrow, light and dark', async () => {
    for (const width of [1280, 390]) {
      for (const dark of [false, true]) {
        await withPage(
          async (page) => {
            await button(page, 'Run').waitFor()
            expect(await objections(page)).toEqual([])
            await run(page)
            expect(await objections(page)).toEqual([])
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
          },
          { path: '#/run', width, dark },
        )
      }
    }
  })

  test('without shared memory it says what is missing, and what there is instead', async () => {
    await withoutIsolation(async (url) => {
      await withPageAt(`${url}#/run?bug=auth-bypass`, async (page) => {
        await page.getByRole('alert').waitFor()
        await page.getByText('npx racelab --bug auth-bypass --workers 4').waitFor()
        expect(await button(page, 'Run').count()).toBe(0)
        await page.getByRole('link', { name: 'lesson', exact: true }).click()
        await page.getByRole('heading', { level: 1, name: 'Authentication bypass' }).waitFor()
        await page.getByText('npx racelab explore auth-bypass').waitFor()
      })
    })
  })
})

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' }

/** Serves the page as a server does that knows nothing of isolation. */
async function withoutIsolation(body: (url: string) => Promise<void>): Promise<void> {
  const { folder } = await served()
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : request.url!
    void readFile(join(folder, path)).then((content) =>
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? '' }).end(content),
    )
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  try {
    await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
