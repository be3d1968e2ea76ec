/** Every level in Chromium, which has no inspector to look into loops with: each fails as it does in Node, and each fix is proven. */
import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { moduleOf } from '../../page/engine/user-code.ts'
import { STAGES } from '../../page/play/stages.ts'
import { withGlobalsReplaced } from '../../src/explore/globals/install.ts'
import { explore } from '../../src/explore/index.ts'
import { decodeToken } from '../../src/explore/replay/token.ts'
import { exportedScenario } from '../../src/explore/scenario-export.ts'
import { describeInBrowser, withPage } from './browser.ts'

/** Returns the steps of the smallest failing schedule, as an address has them. */
function stepsThatFail(code: string): string {
  const scenario = exportedScenario(
    withGlobalsReplaced(() => moduleOf(code)),
    'default',
  )
  const [failure] = scenario === undefined ? [] : explore(scenario).failures
  return decodeToken(failure?.token ?? '')
    .schedule.map((actor) => actor + 1)
    .join('')
}

/** Opens the list of levels. */
async function listed(body: (page: Page, url: string) => Promise<void>): Promise<void> {
  const opened = async (page: Page, url: string): Promise<void> => {
    await page.locator('.chapters').waitFor()
    await body(page, url)
  }
  await withPage(opened, { path: '#/play' })
}

describeInBrowser('in Chromium', () => {
  test('each level fails with the steps that the explorer has found, for all its stars', () =>
    listed(async (page, url) => {
      for (const { id, code, best } of STAGES.filter((stage) => stage.best !== undefined)) {
        await page.goto(`${url}#/play?level=${id}&steps=${stepsThatFail(code)}`)
        await page.locator('.came.failed').waitFor()
        expect([id, await page.locator('.stars').textContent()]).toEqual([id, '★★★'])
        await page.getByText(`${best} preemption`).waitFor()
        await page.getByRole('link', { name: 'Next: the fix' }).click()
        await page.getByRole('heading', { level: 1, name: 'the fix' }).waitFor()
      }
    }))

  test('each fix is explored completely', () =>
    listed(async (page, url) => {
      for (const { id } of STAGES.filter(({ best }) => best === undefined)) {
        await page.goto(`${url}#/play?level=${id}`)
        await page.getByRole('button', { name: 'It holds: show why' }).click()
        await page.locator('section.proof h2').waitFor()
        const shown = await page.locator('section.proof h2').textContent()
        expect(`${id}: ${shown}`).toMatch(
          new RegExp(`^${id}: It holds: all \\d+ schedules were explored, and none fails\\.$`),
        )
        await page.locator('.play .where a').click()
        await page.locator('.chapters').waitFor()
      }
    }))
})
