/** The section "play" for all readers: labels and contrast, light and dark, wide and narrow. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { describeInBrowser, withPage } from './browser.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Found {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[]
}

/** Returns what axe finds wrong, a line each. */
async function violationsOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const { violations } = (await page.evaluate('axe.run()')) as Found
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

const VIEWS = [1280, 390].flatMap((width) => [false, true].map((dark) => ({ width, dark })))

describeInBrowser('play', () => {
  test.each(VIEWS)('is free of faults that axe finds, $width px wide, dark: $dark', ({ width, dark }) => {
    const checked = async (page: Page): Promise<void> => {
      expect(await violationsOf(page)).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(overflow).toBeLessThanOrEqual(0)
    }
    return withPage(
      async (page, url) => {
        await page.locator('.chapters').waitFor()
        await checked(page)
        await page.goto(`${url}#/play?level=semaphore&steps=1222`)
        await page.locator('.turn').first().waitFor()
        await page.keyboard.press('h')
        await page.locator('.hint').waitFor()
        await checked(page)
        await page.goto(`${url}#/play?level=lost-wake-up&steps=1221`)
        await page.locator('.came.failed').waitFor()
        await checked(page)
        await page.goto(`${url}#/play?level=high-score-fixed`)
        await page.getByRole('button', { name: 'It holds: show why' }).click()
        await page.locator('section.proof').waitFor()
        await checked(page)
        await page.goto(`${url}#/play`)
        await page.locator('.chapters .stars').first().waitFor()
        await checked(page)
      },
      { path: '#/play', width, dark },
    )
  })
})
