/** The section "explore", used as a person would. */
import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { describeInBrowser, withPage } from './browser.ts'

const explore = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Explore' }).click()
}

describeInBrowser('the section explore', () => {
  test('shows that an example fails, and steps through its schedule with the keyboard', async () => {
    await withPage(
      async (page) => {
        await explore(page)
        await page.getByText('It fails.').waitFor()
        await page.screenshot({ path: '/tmp/e1.png', fullPage: true })
        await page.getByText('one increment is lost', { exact: false }).first().waitFor()
        await page.locator('.stepping h2').click()
        await page.keyboard.press('Home')
        expect(await page.locator('.stepping output').textContent()).toBe('0 of 4')
      },
      { path: '#/explore?example=two-increments' },
    )
  })
})
