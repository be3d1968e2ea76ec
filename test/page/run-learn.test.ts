/** The section "learn", as a reader uses it. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { lessons } from '../../src/lab/lessons/index.ts'
import { describeInBrowser, withPage } from './browser.ts'
import { objections } from './run-accessible.ts'

const first = lessons.at(0)!

/** Presses a key until an element with this text has the focus. */
async function until(page: Page, key: string, text: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press(key)
    if ((await page.evaluate(() => document.activeElement?.textContent)) === text) return
  }
  throw new Error(`${key} does not lead to "${text}"`)
}

describeInBrowser('the section learn', () => {
  test('shows each lesson by keyboard, as the command explains it', async () => {
    await withPage(
      async (page) => {
        await page.getByRole('heading', { level: 1, name: first.title }).waitFor()
        await until(page, 'Tab', first.title)
        for (const [index, { title, lesson, variants }] of lessons.entries()) {
          // From one lesson to the next with the link at the end, for which the focus begins at the title.
          if (index > 0) {
            await until(page, 'Tab', title)
            await page.keyboard.press('Enter')
            await page.locator('h1:focus').filter({ hasText: title }).waitFor()
          }
          const article = await page.getByRole('article').innerText()
          for (const text of [lesson.story, lesson.outcome, lesson.why, lesson.fixes, lesson.trap])
            expect(article).toContain(text)
          for (const { summary } of variants) expect(article).toContain(summary)
          const timeline = page.getByRole('region', { name: `The schedule that fails: ${title}` })
          const rows = timeline.getByRole('row').filter({ has: page.getByRole('rowheader') })
          expect(await rows.count()).toBe(lesson.timeline.length)
          // The step of no return is marked behind its row.
          expect(await timeline.getByText('No return').allInnerTexts()).toEqual(
            lesson.noReturn === undefined ? [] : [`No return: from t${lesson.noReturn} on, every continuation fails.`],
          )
        }
      },
      { path: '#/learn' },
    )
  })

  test('explores a variant when it is asked to, and shows the schedule that fails', async () => {
    await withPage(
      async (page) => {
        await page.getByRole('button', { name: 'Explore here' }).press('Enter')
        await page
          .getByText('It fails, after 4 schedules: one increment is lost. The schedule has 1 preemption.')
          .waitFor()
        const schedule = page.getByRole('region', { name: 'The schedule that fails, as it was explored' })
        expect(await schedule.getByRole('columnheader').allInnerTexts()).toEqual(['Step', 'alice', 'bob'])
        // The second actor's write, over a value that the first has read.
        await schedule.getByRole('cell', { name: 'session[0].accessCount 0 → 1' }).waitFor()
        await schedule.getByRole('cell', { name: 'session[0].accessCount 1 → 1' }).waitFor()
        await schedule.getByText('No return: from step 53 on').waitFor()
        await page.getByRole('combobox', { name: 'Variant' }).selectOption('cas')
        expect(await schedule.count()).toBe(0)
        await page.getByRole('button', { name: 'Explore here' }).click()
        await page.getByText(/^It holds: \d+ schedules, one of each kind, and none fails\.$/).waitFor()
      },
      { path: '#/learn?bug=lost-update' },
    )
  })

  test('leads to the run of its bug', async () => {
    await withPage(
      async (page) => {
        const explore = page.getByRole('link', { name: 'Explore it' })
        expect(await explore.getAttribute('href')).toBe('#/explore?example=phantom-session/buggy')
        expect(await page.getByRole('link', { name: 'Play it' }).getAttribute('href')).toBe(
          '#/play?level=phantom-session',
        )
        await page.getByRole('link', { name: 'Run it' }).click()
        await page.getByRole('heading', { level: 1, name: 'Phantom session' }).waitFor()
        await page.getByRole('button', { name: 'Run', exact: true }).waitFor()
      },
      { path: '#/learn?bug=phantom-session' },
    )
  })

  test('says that a lesson is unknown, and shows the first', async () => {
    await withPage(
      async (page) => {
        await page.getByText('There is no bug "fantom-session": did you mean "phantom-session"?').waitFor()
        await page.getByRole('heading', { level: 1, name: first.title }).waitFor()
      },
      { path: '#/learn?bug=fantom-session' },
    )
  })

  test('passes axe, wide and narrow, light and dark', async () => {
    for (const width of [1280, 390]) {
      for (const dark of [false, true]) {
        await withPage(
          async (page) => {
            await page.getByRole('button', { name: 'Explore here' }).click()
            await page.getByText('It fails').waitFor()
            expect(await objections(page)).toEqual([])
            expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
          },
          { path: '#/learn?bug=session-fixation', width, dark },
        )
      }
    }
  })
})
