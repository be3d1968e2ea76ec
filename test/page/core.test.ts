/** The core's own tests, in Chromium: they run while this file is collected, and are told here one by one. */
import { describe, expect, test } from 'vitest'
import { describeInBrowser, hasChromium } from './browser.ts'
import { ranInBrowser } from './core/in-browser.ts'

const all = hasChromium() ? await ranInBrowser() : new Map()

describeInBrowser('in Chromium', () => {
  describe.each([...all])('%s', (_, ran) => {
    for (const { name, state, why } of ran) {
      if (state === 'skip') test.skip(`${name} (${why})`)
      else test(name, () => expect(why).toBe(''))
    }
  })

  test('nearly all of them run', () => {
    const states = [...all.values()].flat().map(({ state }) => state)
    expect(states.filter((state) => state === 'pass').length).toBeGreaterThan(2000)
    expect(states.filter((state) => state === 'skip').length).toBeLessThan(120)
  })
})
