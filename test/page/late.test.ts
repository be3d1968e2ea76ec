/** Late work in the section explore: an async function that goes on after the exploration has its result thrown away. */
import { expect, test } from 'vitest'
import { describeInBrowser, withPage } from './browser.ts'

const CODE = `export default {
  name: 'late',
  memory: () => new Int32Array(new SharedArrayBuffer(4)),
  actors: {
    alice: (words) => {
      const later = async () => {
        await null
        Atomics.store(words, 0, 1)
      }
      later()
    },
    bob: (words) => Atomics.load(words, 0),
  },
}`

describeInBrowser('late work', () => {
  test('is told with its line, and nothing is said to hold', async () => {
    await withPage(
      async (page) => {
        await page.locator('.cm-content').focus()
        await page.keyboard.press('Control+a')
        await page.keyboard.insertText(CODE)
        await page.keyboard.press('Control+Enter')
        await page.getByText('Something went on after the actors had ended').first().waitFor()
        const text = await page.locator('main').textContent()
        expect(text).toContain('Atomics.store(Int32Array, 0, 1)')
        expect(text).not.toMatch(/It holds/)
      },
      { path: '#/explore?example=two-increments' },
    )
  })
})
