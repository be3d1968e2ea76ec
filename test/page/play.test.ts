/** The section "play", as a player uses it. */
import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { describeInBrowser, withPage } from './browser.ts'

/** Opens a level, and waits until it can be played. */
async function play(level: string, body: (page: Page) => Promise<void>, steps = ''): Promise<void> {
  const opened = async (page: Page): Promise<void> => {
    await page.locator('.turn').first().waitFor()
    await body(page)
  }
  await withPage(opened, { path: `#/play?level=${level}${steps === '' ? '' : `&steps=${steps}`}` })
}

async function press(page: Page, keys: string): Promise<void> {
  for (const key of keys) await page.keyboard.press(key)
}

const sees = (page: Page, text: string | RegExp): Promise<void> =>
  page.locator('main').getByText(text).first().waitFor()
const hears = (page: Page, text: RegExp): Promise<void> =>
  page.getByRole('status').filter({ hasText: text }).waitFor({ state: 'attached' })
const stepsIn = (page: Page): string | null => new URLSearchParams(page.url().split('?')[1]).get('steps')

describeInBrowser('play', () => {
  test('a level is won by keyboard alone, from the list to the fix', () =>
    withPage(
      async (page) => {
        await page.getByRole('link', { name: 'Start with “Lost update”' }).focus()
        await page.keyboard.press('Enter')
        await page.getByRole('heading', { level: 1, name: 'Lost update' }).waitFor()
        await page.locator('.turn').first().waitFor()
        expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1')
        await press(page, '1')
        await hears(page, /^alice: count = 0\.$/)
        await press(page, '22')
        await hears(page, /^bob: count 0 → 1\.$/)
        await press(page, '1')
        await hears(page, /alice: count 1 → 1\. It failed: two increments were made, and the count is 1\./)
        await page.getByRole('heading', { name: 'It failed: two increments were made, and the count is 1.' }).waitFor()
        await sees(page, '1 preemption: fewer are not possible. Since step 2 it could not hold any more.')
        await page.locator('.diagram-row.no-return').waitFor()
        expect(await page.locator('.diagram-row').count()).toBe(4)
        expect(await page.locator('.stars').textContent()).toBe('★★★')
        expect(stepsIn(page)).toBe('1221')
        await press(page, 'n')
        await page.getByRole('heading', { level: 1, name: 'Lost update: the fix' }).waitFor()
      },
      { path: '#/play' },
    ))

  test('keys that come faster than the engine answers are taken in turn', () =>
    play('six-times', async (page) => {
      await press(page, '111111222222')
      await page.getByRole('heading', { name: 'It held this time.' }).waitFor()
      expect(stepsIn(page)).toBe('111111222222')
    }))

  test('more preemptions than needed give fewer stars', () =>
    play('lost-update', async (page) => {
      await press(page, '1212')
      await sees(page, '2 preemptions; the best is 1.')
      expect(await page.locator('.stars').textContent()).toBe('★★☆')
    }))

  test('a level is lost: it held this time; undo goes back, and restart to the start', () =>
    play('lost-update', async (page) => {
      await press(page, '1122')
      await page.getByRole('heading', { name: 'It held this time.' }).waitFor()
      await press(page, '3')
      await page.keyboard.press('Backspace')
      await hears(page, /^Undone\. bob: count = 1\.$/)
      await page.locator('.lane').first().waitFor()
      expect(stepsIn(page)).toBe('112')
      await press(page, 'r')
      await hears(page, /^Restarted\. No step is taken yet\.$/)
      expect(stepsIn(page)).toBe(null)
    }))

  test('the lanes and the memory show where each actor stands', () =>
    play('lost-update', async (page) => {
      const alice = page.getByRole('region', { name: 'alice' })
      const bob = page.getByRole('region', { name: 'bob' })
      const current = (lane: typeof alice): Promise<string> => lane.locator('[aria-current=step]').innerText()
      expect(await current(alice)).toContain('Atomics.load(words, COUNT)')
      await page.getByRole('button', { name: 'alice' }).click()
      await alice.locator('[aria-current=step]', { hasText: 'Atomics.store' }).waitFor()
      expect(await current(bob)).toContain('Atomics.load(words, COUNT)')
      expect(await page.locator('.words').innerText()).toMatch(/^count\s+0$/)
      await page.getByRole('button', { name: 'alice' }).click()
      await page.locator('.words', { hasText: /count\s*1/ }).waitFor()
      expect(await page.getByRole('button', { name: 'alice' }).getAttribute('aria-disabled')).toBe('true')
    }))

  test('a hint says who keeps a failure within reach, and that it cannot fail any more', () =>
    play('message', async (page) => {
      await press(page, 'h')
      await sees(page, /^It can still fail\./)
      await press(page, 'h')
      await sees(page, 'It can still fail, if sender takes the next step.')
      await press(page, '1')
      await sees(page, /^It can still fail\./)
      await press(page, '1')
      await sees(page, 'From here it cannot fail any more.')
      await hears(page, /text 0 → 42\. From here it cannot fail any more\.$/)
    }))

  test('a fix shows what has changed', () =>
    play('lost-update-fixed', async (page) => {
      const changes = await page.getByRole('region', { name: 'bob' }).locator('ins').allInnerTexts()
      expect(changes).toEqual(['Atomics.add(words, COUNT, 1)'])
    }))

  test('a fix is given up, the explorer shows that it holds, and a reload finds the progress', () =>
    play('lost-update-fixed', async (page) => {
      await press(page, '12')
      await page.getByRole('heading', { name: 'It held this time.' }).waitFor()
      await page.getByRole('button', { name: 'It holds: show why' }).click()
      await page.getByRole('heading', { name: 'It holds: all 2 schedules were explored, and none fails.' }).waitFor()
      await page.getByRole('link', { name: 'All levels' }).click()
      await sees(page, /^1 of \d+ solved\./)
      await page.reload()
      await sees(page, /^1 of \d+ solved\./)
      await page.getByRole('img', { name: 'seen to hold' }).waitFor()
      await page.getByRole('button', { name: 'Forget it' }).click()
      await page.getByRole('button', { name: 'Yes, forget all of it' }).click()
      await sees(page, /^0 of \d+ solved\./)
      await page.reload()
      await sees(page, /^0 of \d+ solved\./)
    }))

  test('the best result is kept, not the last', () =>
    play('lost-update', async (page) => {
      await press(page, '1221')
      await sees(page, '1 preemption: fewer are not possible.')
      await press(page, 'r1212')
      await sees(page, '2 preemptions; the best is 1.')
      await page.getByRole('link', { name: 'All levels' }).click()
      await page.getByRole('img', { name: '1 preemption: fewer are not possible' }).waitFor()
    }))

  test('an actor sleeps until it is woken, and a deadlock is a failure', () =>
    play('lost-wake-up', async (page) => {
      await press(page, '122')
      await page.getByText('has ended').first().waitFor()
      await press(page, '1')
      await page.getByRole('heading', { name: 'It failed: guest sleeps forever.' }).waitFor()
    }))

  test('an address opens a level after its steps', () =>
    play('last-seat', async (page) => await sees(page, '1 preemption; the best is 1'), '12'))

  test('steps that cannot be taken are left out, and an unknown level is said to be none', async () => {
    await play('last-seat', async (page) => await hears(page, /only 1 can be taken/), '1x92')
    await withPage(
      async (page) => {
        await page.getByRole('alert').getByText('There is no level “nothing”.').waitFor()
        await page.getByRole('link', { name: 'Lost update', exact: true }).waitFor()
      },
      { path: '#/play?level=nothing' },
    )
  })

  test.each([
    ['forbidden', "Object.defineProperty(window, 'localStorage', { get() { throw new Error('forbidden') } })"],
    ['of something else', "localStorage.setItem('racelab.play', '[{]')"],
    ['of other kinds', `localStorage.setItem('racelab.play', '{"lost-update":"much","last-seat":-1}')`],
  ])('storage that is %s is no error', (_, script) =>
    withPage(async (page, url) => {
      await page.addInitScript(script)
      await page.goto(`${url}?again#/play`)
      await sees(page, /^0 of \d+ solved\./)
      await page.getByRole('link', { name: 'Start with “Lost update”' }).click()
      await page.locator('.turn').first().waitFor()
      await press(page, '1221')
      await sees(page, 'fewer are not possible.')
    }),
  )
})
