/** Each section of the page opens, without an error, and with shared memory. */
import { expect, test } from 'vitest'
import { SECTIONS } from '../../page/route.ts'
import { describeInBrowser, withPage } from './browser.ts'

describeInBrowser('the page', () => {
  test.each(SECTIONS)('opens at the section %s', async (section) => {
    await withPage(
      async (page) => {
        await page.locator(`nav a[aria-current=page][href="#/${section}"]`).waitFor()
        await page.locator('main h1').waitFor()
        expect(await page.locator('[role=alert]').count()).toBe(0)
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
      },
      { path: `#/${section}` },
    )
  })
})
